#include "usher/play_totals.h"

#include <gtest/gtest.h>

#include <cmath>

#include "usher/play_summary.h"
#include "usher/play_view.h"

namespace usher::play {
namespace {

Totals SomeTotals() {
  v1::GetSummaryResponse summary;
  summary.set_placed(10);
  summary.set_joined(2);
  summary.set_answered(9);
  summary.set_resolved(8);
  const auto add = [](auto& named, const char* name, std::uint64_t count) {
    named.set_name(name);
    named.set_count(count);
  };
  add(*summary.add_by_queue(), "de-live", 6);
  add(*summary.add_by_queue(), "ro-live", 4);
  add(*summary.add_offers(), "made", 12);
  add(*summary.add_offers(), "accepted", 10);
  for (const auto& [edge, count] : {std::pair(0.1, 4), std::pair(1.0, 9), std::pair(HUGE_VAL, 9)}) {
    v1::Bucket& bucket = *summary.add_first_response();
    bucket.set_le(edge);
    bucket.set_count(count);
  }
  return FromSummary(summary);
}

TEST(Totals, AddUpOverDesksAndTakeAwayWhatWasBefore) {
  const Totals one = SomeTotals();
  const Totals two = one + one;
  EXPECT_EQ(two.placed, 20u);
  EXPECT_EQ(two.by_queue.at("de-live"), 12u);
  EXPECT_EQ(two - one, one);
  EXPECT_EQ(one - one, Totals());
}

TEST(Totals, TellTheEdgeUnderWhichAShareOfTheResponsesLies) {
  const Totals totals = SomeTotals();
  EXPECT_EQ(EdgeOfShare(totals.responses, 0.4), 0.1);
  EXPECT_EQ(EdgeOfShare(totals.responses, 0.5), 1.0);
  EXPECT_EQ(EdgeOfShare(totals.responses, 1.0), 1.0);
  EXPECT_TRUE(std::isinf(EdgeOfShare({{0.1, 1}, {HUGE_VAL, 5}}, 0.9)));
  EXPECT_EQ(EdgeOfShare({}, 0.9), 0);
}

TEST(Quantile, IsTheNearestRank) {
  const std::vector<int> sorted = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  EXPECT_EQ(Quantile(sorted, 0.5), 6);
  EXPECT_EQ(Quantile(sorted, 0.99), 10);
  EXPECT_EQ(Quantile(sorted, 1.0), 10);
  EXPECT_EQ(Quantile(std::vector<int>(), 0.5), 0);
}

Tally MatchingTally() {
  Tally tally;
  tally.messages_sent = 12;
  tally.resolved = 8;
  tally.responses.resize(9);
  tally.offers = 12;
  tally.accepted = 10;
  return tally;
}

TEST(Summary, SaysThatTheCountsAgree) {
  const std::string text = SummaryText({}, SomeTotals(), MatchingTally(), nullptr);
  EXPECT_NE(text.find("agree"), std::string::npos) << text;
  EXPECT_EQ(text.find("DIFFER"), std::string::npos) << text;
}

TEST(Summary, SaysWhichCountsDiffer) {
  Tally tally = MatchingTally();
  tally.messages_sent = 13;
  const std::string text = SummaryText({}, SomeTotals(), tally, nullptr);
  EXPECT_NE(text.find("DIFFER"), std::string::npos) << text;
  EXPECT_NE(text.find("messages 12/13!"), std::string::npos) << text;
}

TEST(Summary, ComparesNoOffersWhenStreamsWereCut) {
  Tally tally = MatchingTally();
  tally.offers = 99;
  tally.streams_lost = 1;
  for (const Comparison& number : Compare(SomeTotals(), tally)) {
    EXPECT_TRUE(number.equal()) << number.what;
  }
}

TEST(View, WritesTimesAsPeopleDo) {
  EXPECT_EQ(ClockText(Duration(0)), "08:00");
  EXPECT_EQ(ClockText(kHour * 2 + std::chrono::minutes(30)), "10:30");
  EXPECT_EQ(ClockText(kDay), "22:00");
  EXPECT_EQ(DurationText(850ms), "850ms");
  EXPECT_EQ(DurationText(4'200ms), "4.2s");
  EXPECT_EQ(DurationText(190s), "3m10s");
  EXPECT_EQ(DurationText(std::chrono::minutes(125)), "2h05m");
}

TEST(View, DrawsOneLineAHalfHourWithoutATerminal) {
  char* text = nullptr;
  std::size_t bytes = 0;
  std::FILE* out = open_memstream(&text, &bytes);
  View view(out, false);
  Scene scene;
  for (int minute = 0; minute <= 90; ++minute) {
    scene.shop_now = std::chrono::minutes(minute);
    view.Show(scene, Tally());
  }
  std::fclose(out);
  const std::string lines(text, bytes);
  free(text);
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 4) << lines;
  EXPECT_NE(lines.find("09:30"), std::string::npos);
}

TEST(View, PanelShowsTheQueuesThatHadMost) {
  Scene scene;
  scene.totals = SomeTotals();
  scene.queues["ro-live"] = {.waiting = 3, .assigned = 1, .oldest = 65s};
  const std::string panel = ScenePanel(scene, Tally());
  EXPECT_LT(panel.find("de-live"), panel.find("ro-live"));
  EXPECT_NE(panel.find("1m05s"), std::string::npos) << panel;
}

}  // namespace
}  // namespace usher::play
