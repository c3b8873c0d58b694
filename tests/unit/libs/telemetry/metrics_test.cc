#include "telemetry/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <string>

#include "unit/libs/telemetry/http_get.h"

namespace usher::telemetry {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Metrics, ShowWhatWasCountedSetAndObserved) {
  Metrics metrics;
  metrics.GetCounter("usher_events_total", "Events.", {{"topic", "orders"}}).Add(3);
  metrics.GetCounter("usher_events_total", "Events.", {{"topic", "orders"}}).Add();
  metrics.GetGauge("usher_open_streams", "Streams.").Set(2.5);
  Histogram& wait = metrics.GetHistogram("usher_wait_seconds", "Waits.", {0.1, 1});
  wait.Observe(0.05);
  wait.Observe(0.5);
  wait.Observe(5);

  const std::string text = metrics.Text();
  EXPECT_THAT(text, HasSubstr("usher_events_total{topic=\"orders\"} 4\n"));
  EXPECT_THAT(text, HasSubstr("# HELP usher_events_total Events.\n"));
  EXPECT_THAT(text, HasSubstr("# TYPE usher_open_streams gauge\nusher_open_streams 2.5\n"));
  EXPECT_THAT(text, HasSubstr("usher_wait_seconds_bucket{le=\"0.1\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("usher_wait_seconds_bucket{le=\"1\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("usher_wait_seconds_count 3\n"));
}

TEST(Metrics, GiveTheSameHandleForTheSameLabels) {
  Metrics metrics;
  Counter& first = metrics.GetCounter("usher_events_total", "Events.", {{"topic", "orders"}});
  EXPECT_EQ(&first, &metrics.GetCounter("usher_events_total", "Events.", {{"topic", "orders"}}));
  EXPECT_NE(&first, &metrics.GetCounter("usher_events_total", "Events.", {{"topic", "messages"}}));
}

TEST(Metrics, ShareOneSeriesOverTheBound) {
  Metrics metrics;
  for (std::size_t i = 0; i < kSeriesMax + 500; ++i) {
    metrics.GetCounter("usher_many_total", "Many.", {{"desk", "d" + std::to_string(i)}}).Add();
  }
  const std::string text = metrics.Text();
  EXPECT_THAT(text, HasSubstr("usher_many_total{desk=\"other\"} 500\n"));
  EXPECT_THAT(text, HasSubstr("usher_many_total{desk=\"d9999\"} 1\n"));
  EXPECT_THAT(text, Not(HasSubstr("usher_many_total{desk=\"d10000\"}")));
}

TEST(Metrics, ShowWhatASourceHasAtTheScrape) {
  Metrics metrics;
  double told = 7;
  metrics.AddSource([&told] {
    Shown count{"usher_told_total", "Told.", Shown::Type::kCounter, {}};
    count.series.push_back({.labels = {{"desk", "shop"}}, .value = told});
    Shown wait{"usher_told_seconds", "Waits.", Shown::Type::kHistogram, {}};
    wait.series.push_back(
        {.labels = {{"desk", "shop"}}, .buckets = {{0.5, 2}, {60, 5}}, .count = 6, .sum = 101.5});
    Shown slack{"usher_told_slack_seconds", "Slack.", Shown::Type::kGauge, {}};
    slack.series.push_back({.value = -3});
    return std::vector<Shown>{count, wait, slack};
  });
  EXPECT_THAT(metrics.Text(), HasSubstr("usher_told_total{desk=\"shop\"} 7\n"));
  told = 5;  // taken back: the source answers for it
  const std::string text = metrics.Text();
  EXPECT_THAT(text, HasSubstr("usher_told_total{desk=\"shop\"} 5\n"));
  EXPECT_THAT(text, HasSubstr("# TYPE usher_told_seconds histogram\n"));
  EXPECT_THAT(text, HasSubstr("usher_told_seconds_bucket{desk=\"shop\",le=\"60\"} 5\n"));
  EXPECT_THAT(text, HasSubstr("usher_told_seconds_bucket{desk=\"shop\",le=\"+Inf\"} 6\n"));
  EXPECT_THAT(text, HasSubstr("usher_told_seconds_count{desk=\"shop\"} 6\n"));
  EXPECT_THAT(text, HasSubstr("usher_told_seconds_sum{desk=\"shop\"} 101.5\n"));
  EXPECT_THAT(text, HasSubstr("# HELP usher_told_slack_seconds Slack.\n"));
  EXPECT_THAT(text, HasSubstr("usher_told_slack_seconds -3\n"));
}

TEST(Metrics, RefreshAtEveryScrape) {
  Metrics metrics;
  int scrapes = 0;
  metrics.OnScrape([&] { metrics.GetGauge("usher_scrapes", "Scrapes.").Set(++scrapes); });
  EXPECT_THAT(metrics.Text(), HasSubstr("usher_scrapes 1\n"));
  EXPECT_THAT(metrics.Text(), HasSubstr("usher_scrapes 2\n"));
}

TEST(MetricsDeathTest, RefuseOneNameForTwoKinds) {
  Metrics metrics;
  metrics.GetCounter("usher_events_total", "Events.");
  EXPECT_DEATH(metrics.GetGauge("usher_events_total", "Events."), "");
}

TEST(Metrics, PassTheLinterOfPrometheus) {
  Metrics metrics;
  metrics.GetCounter("usher_events_total", "Events.", {{"topic", "a\"b\\c\nd"}}).Add();
  metrics.GetGauge("usher_oldest_seconds", "Age of the oldest.", {{"queue", "q"}}).Set(1e9);
  metrics.GetHistogram("usher_wait_seconds", "Waits.", {0.5, 20}, {{"queue", "q"}}).Observe(1);
  FILE* linter = popen("promtool check metrics 2>&1", "w");
  ASSERT_NE(linter, nullptr);
  const std::string text = metrics.Text();
  std::fwrite(text.data(), 1, text.size(), linter);
  EXPECT_EQ(pclose(linter), 0) << text;
}

TEST(Exposer, ServesTheMetrics) {
  Metrics metrics;
  metrics.GetCounter("usher_events_total", "Events.").Add(7);
  auto exposer = Exposer::Start("127.0.0.1:0", metrics);
  ASSERT_TRUE(exposer.ok()) << exposer.status();
  ASSERT_GT((*exposer)->port(), 0);
  const std::string answer = HttpGet((*exposer)->port(), "/metrics");
  EXPECT_THAT(answer, HasSubstr("200 OK"));
  EXPECT_THAT(answer, HasSubstr("usher_events_total 7\n"));
}

TEST(Exposer, SaysWhenItsAddressIsTaken) {
  Metrics metrics;
  auto first = Exposer::Start("127.0.0.1:0", metrics);
  ASSERT_TRUE(first.ok());
  auto second = Exposer::Start("127.0.0.1:" + std::to_string((*first)->port()), metrics);
  EXPECT_EQ(second.status().code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace usher::telemetry
