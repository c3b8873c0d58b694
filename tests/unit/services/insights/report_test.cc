#include "insights/report.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "facts_shop.h"
#include "insights/labels.h"
#include "journal/topics.h"
#include "measure/sketch.h"
#include "usher/v1/snapshot.pb.h"

namespace usher::insights {
namespace {

const InquiryId kOne = InquiryId::Of("one");
const InquiryId kTwo = InquiryId::Of("two");
const AgentName kAna = AgentName::Of("ana");

constexpr v1::ReportGroup kGroups[] = {v1::REPORT_GROUP_QUEUE,       v1::REPORT_GROUP_CHANNEL,
                                       v1::REPORT_GROUP_TOPIC,       v1::REPORT_GROUP_LANGUAGE,
                                       v1::REPORT_GROUP_HOUR,        v1::REPORT_GROUP_DAY,
                                       v1::REPORT_GROUP_WEEKDAY_HOUR};

TEST(Report, AddsUpToWhatAPlainRecountSaysByWhateverItIsGrouped) {
  const std::vector<wire::DecisionRecord> story = Story(7).Tell(6'000);
  FactsShop shop;
  View view(0, kTtl);
  shop.shop.Take(view, story, 0, story.size(), 37);
  for (const auto& [name, recount] : CountAgain(story)) {
    v1::GetReportRequest request =
        shop.Request(story.front().decision.at, story.back().decision.at + 1us);
    request.set_desk(name);
    for (const v1::ReportGroup group : kGroups) request.add_group_by(group);
    const auto report = GetReport(*shop.shop.store, 1, shop.zones, request);
    ASSERT_TRUE(report.ok()) << report.status();
    const auto total = [&recount = recount](const std::string& row) {
      const auto found = recount.totals.find(row);
      return found == recount.totals.end() ? 0 : found->second;
    };
    const v1::ReportFigures& sum = report->total();
    EXPECT_EQ(sum.placed(), total("placed"));
    EXPECT_EQ(sum.joined(), total("joined"));
    EXPECT_EQ(sum.rejected(), total("rejected"));
    EXPECT_EQ(sum.answered(), total("answered"));
    EXPECT_EQ(sum.resolved(), total("resolved"));
    EXPECT_EQ(sum.abandoned(), total("abandoned"));
    EXPECT_EQ(sum.cancelled(), total("cancelled"));
    EXPECT_EQ(sum.transferred(), total("requeue/transferred"));
    for (const v1::NamedCount& offer : sum.offers()) {
      EXPECT_EQ(offer.count(), total("offer/" + offer.name())) << offer.name();
    }
    EXPECT_GT(sum.first_response().count(), 100);
    EXPECT_EQ(sum.targets(0).breached(), total("breached"));
    for (const v1::ReportRow& row : report->sections(0).rows()) {
      EXPECT_EQ(row.figures().placed(), total("queue/" + row.key())) << row.key();
    }
    for (const v1::ReportSection& section : report->sections()) {
      std::uint64_t placed = 0, answered = 0, breached = 0;
      for (const v1::ReportRow& row : section.rows()) {
        placed += row.figures().placed();
        answered += row.figures().answered();
        if (row.figures().targets_size() > 0) breached += row.figures().targets(0).breached();
      }
      EXPECT_EQ(placed, sum.placed()) << section.group_by();
      EXPECT_EQ(answered, sum.answered()) << section.group_by();
      EXPECT_EQ(breached, sum.targets(0).breached()) << section.group_by();
    }
  }
}

TEST(Report, TellsTimesWithinTheErrorThatItStates) {
  const std::vector<wire::DecisionRecord> story = Story(8).Tell(6'000);
  FactsShop shop;
  View view(0, kTtl);
  shop.shop.Take(view, story, 0, story.size(), 500);
  std::vector<Duration> first;
  for (const wire::DecisionRecord& record : story) {
    const auto* answered = std::get_if<InquiryAnswered>(&record.decision.body);
    if (record.desk == DeskName::Of("shop") && answered && answered->first) {
      first.push_back(answered->since_placed);
    }
  }
  std::sort(first.begin(), first.end());
  const auto report =
      GetReport(*shop.shop.store, 1, shop.zones,
                shop.Request(story.front().decision.at, story.back().decision.at + 1us));
  ASSERT_TRUE(report.ok()) << report.status();
  const v1::ReportTimes& told = report->total().first_response();
  ASSERT_EQ(told.count(), first.size());
  const auto expect = [&](double said, std::size_t permille) {
    const std::size_t rank = (first.size() * permille + 999) / 1000;
    const double is = static_cast<double>(first[rank - 1].count()) / 1e6;
    EXPECT_LE(std::abs(said - is), is * report->relative_error() + 1e-9) << permille;
  };
  expect(told.p50(), 500);
  expect(told.p90(), 900);
  expect(told.p95(), 950);
  expect(told.p99(), 990);
}

TEST(Report, CountsTheNextResponseFromTheFirstMessageAfterAReply) {
  FactsShop desk;
  desk.Place(kOne);
  desk.Offer(kOne, "ana");
  desk.Accept(kOne, "ana");
  desk.Say(MessageJoined{kOne, {}});  // before any reply: no clock of its own
  desk.After(10s);
  desk.Say(InquiryAnswered{kOne, kAna, true, 10s});
  desk.After(20s);
  desk.Say(MessageJoined{kOne, {}});
  desk.After(30s);
  desk.Say(MessageJoined{kOne, {}});
  desk.After(50s);
  desk.Say(InquiryAnswered{kOne, kAna, false, 110s});
  desk.Say(InquiryAnswered{kOne, kAna, false, 110s});
  const v1::ReportFigures figures = desk.Day().total();
  EXPECT_EQ(figures.joined(), 3);
  EXPECT_EQ(figures.replies(), 3);
  EXPECT_EQ(figures.next_response().count(), 1);
  EXPECT_NEAR(figures.next_response().p50(), 80, 80.0 / 64);
}

TEST(Report, TheResolutionTargetIsOfTheInquiryThatJustEnded) {
  FactsShop desk;
  desk.Place(kOne, "refund");
  desk.Offer(kOne, "ana");
  desk.Accept(kOne, "ana");
  desk.Say(InquiryResolved{kOne, kAna, 5s, 9s});
  desk.shop.Commit(desk.view);  // a restart between the two
  desk.view = *View::Load(*desk.shop.store, 0, kTtl);
  desk.Say(SlaMet{kOne, Target::kResolution, kNever});
  const v1::GetReportResponse report = desk.Day({v1::REPORT_GROUP_TOPIC, v1::REPORT_GROUP_AGENT});
  for (const int section : {0, 1}) {
    ASSERT_EQ(report.sections(section).rows_size(), 1);
    ASSERT_EQ(report.sections(section).rows(0).figures().targets_size(), 1);
    EXPECT_EQ(report.sections(section).rows(0).figures().targets(0).target(), "resolution");
  }
  EXPECT_EQ(report.sections(0).rows(0).key(), "refund");
}

using Expected = std::map<std::string, std::uint64_t>;

TEST(Report, SaysWhyATargetWasMissed) {
  {
    FactsShop desk;
    desk.Place(kOne);
    desk.Breach(kOne);
    EXPECT_EQ(Causes(desk.Day().total()), (Expected{{"nobody_here", 1}}));
  }
  {
    FactsShop desk;  // one who is there and free was not asked
    desk.Presence("ben", Presence::kAvailable);
    desk.Place(kOne);
    desk.Breach(kOne);
    EXPECT_EQ(Causes(desk.Day().total()), (Expected{{"nobody_skilled", 1}}));
  }
  {
    FactsShop desk;
    desk.Presence("ana", Presence::kAvailable);
    desk.Place(kOne);
    desk.Offer(kOne, "ana");
    desk.Accept(kOne, "ana");
    desk.Place(kTwo);
    desk.Breach(kTwo);  // ana fits, as she has one like it, and has her hands full
    desk.Breach(kOne);  // and has not replied
    EXPECT_EQ(Causes(desk.Day().total()), (Expected{{"all_busy", 1}, {"with_agent", 1}}));
    desk.Presence("ana", Presence::kOffline);
    desk.Presence("ben", Presence::kAvailable);
    desk.Breach(kTwo);
    EXPECT_EQ(Causes(desk.Day().total())["nobody_skilled"], 1);
  }
  {
    FactsShop desk;
    desk.Presence("ana", Presence::kAvailable);
    desk.Place(kOne);
    desk.Offer(kOne, "ana");
    desk.Say(OfferExpired{OfferId{1}, kOne, kAna});
    desk.Breach(kOne);
    EXPECT_EQ(Causes(desk.Day().total()), (Expected{{"offers_missed", 1}}));
  }
  {
    FactsShop desk;
    desk.Place(kOne);
    desk.Breach(kOne, 11s);  // told eleven seconds after it was due
    EXPECT_EQ(Causes(desk.Day().total()), (Expected{{"outage", 1}}));
    desk.After(12s);
    desk.Place(kTwo);
    desk.After(60s);
    desk.Breach(kTwo);
    EXPECT_EQ(Causes(desk.Day().total()), (Expected{{"outage", 1}, {"nobody_here", 1}}));
  }
  {
    FactsShop desk;  // somebody who might fit is busy: nobody can tell
    desk.Presence("ben", Presence::kBusy);
    desk.Place(kOne);
    desk.Breach(kOne);
    EXPECT_EQ(Causes(desk.Day().total()), (Expected{{"other", 1}}));
  }
}

TEST(Report, IsInTheTimeZoneOfTheDesksPolicyUnlessAnotherIsAskedFor) {
  FactsShop desk;
  ASSERT_TRUE(desk.log.CreateTopic({.name = journal::kPolicies, .partitions = 1}).ok());
  v1::PolicyRecord policy;
  policy.set_desk("shop");
  policy.mutable_policy()->set_yaml("calendars:\n  shop:\n    time_zone: Asia/Kolkata\n");
  const auto appender = *desk.log.OpenAppender();
  ASSERT_TRUE(
      appender->Append({{journal::kPolicies, 0}, "shop", policy.SerializeAsString(), {}}, 1).ok());
  desk.After(std::chrono::hours(20));  // 01:30 of Tuesday there
  desk.Place(kOne);
  v1::GetReportRequest request = desk.Request(kMonday, kMonday + std::chrono::hours(24));
  request.clear_time_zone();
  for (const v1::ReportGroup group :
       {v1::REPORT_GROUP_HOUR, v1::REPORT_GROUP_DAY, v1::REPORT_GROUP_WEEKDAY_HOUR}) {
    request.add_group_by(group);
  }
  auto report = desk.Report(request);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->time_zone(), "Asia/Kolkata");
  EXPECT_EQ(report->sections(0).rows(0).key(), "2023-11-21T01:00+05:30");
  EXPECT_EQ(report->sections(1).rows(0).key(), "2023-11-21");
  EXPECT_EQ(report->sections(2).rows(0).key(), "tue 01:00");
  request.set_time_zone("America/New_York");
  report = desk.Report(request);
  EXPECT_EQ(report->sections(0).rows(0).key(), "2023-11-20T15:00-05:00");
  EXPECT_EQ(report->sections(2).rows(0).key(), "mon 15:00");
}

TEST(Report, FiltersAndComparesWithThePeriodBefore) {
  FactsShop desk;
  desk.Place(kOne, "refund");
  desk.Presence("ana", Presence::kAvailable);
  desk.After(std::chrono::hours(24));
  for (std::uint64_t i = 1; i <= 3; ++i) desk.Place(InquiryId::FromNumber(i), "refund");
  desk.Place(kTwo, "", "");
  const Instant tuesday = kMonday + std::chrono::hours(24);
  v1::GetReportRequest request = desk.Request(tuesday, tuesday + std::chrono::hours(24));
  request.add_group_by(v1::REPORT_GROUP_TOPIC);
  *request.mutable_before_from() = wire::ToTimestamp(kMonday);
  auto report = desk.Report(request);
  EXPECT_EQ(report->total().placed_before(), 1);
  ASSERT_EQ(report->sections(0).rows_size(), 2);
  EXPECT_EQ(report->sections(0).rows(0).key(), "refund");
  EXPECT_EQ(report->sections(0).rows(0).figures().placed(), 3);
  EXPECT_EQ(report->sections(0).rows(0).figures().placed_before(), 1);
  EXPECT_EQ(report->sections(0).rows(1).key(), "unknown");

  request.add_topics("unknown");
  report = desk.Report(request);
  EXPECT_EQ(report->total().placed(), 1);
  EXPECT_EQ(report->total().staffed(), 0) << "agents' time is of no topic";
  request.add_languages("uk");
  EXPECT_EQ(desk.Report(request)->total().placed(), 0);
}

TEST(Report, RefusesWhatMakesNoSense) {
  FactsShop desk;
  desk.Place(kOne);
  const Instant end = kMonday + std::chrono::hours(24);
  const auto refuse = [&desk](v1::GetReportRequest request, const std::string& says) {
    const auto report = desk.Report(request);
    EXPECT_TRUE(absl::IsInvalidArgument(report.status())) << says;
    EXPECT_EQ(report.status().message().substr(0, says.size()), says) << report.status();
  };
  v1::GetReportRequest request = desk.Request(kMonday, end);
  request.set_desk("");
  refuse(request, "desk:");
  request = desk.Request(kMonday, end);
  request.clear_from();
  refuse(request, "from:");
  refuse(desk.Request(end, kMonday), "to: must be after");
  refuse(desk.Request(kMonday, kMonday + kReportMax + 1s), "to: at most 100 days");
  request = desk.Request(kMonday, end);
  request.set_time_zone("Mars/Base");
  refuse(request, "time_zone:");
  request = desk.Request(kMonday, end);
  *request.mutable_before_from() = wire::ToTimestamp(kMonday + 1s);
  refuse(request, "before_from:");
  request = desk.Request(kMonday, end);
  request.add_group_by(v1::REPORT_GROUP_UNSPECIFIED);
  refuse(request, "group_by: no such");
  request = desk.Request(kMonday, end);
  request.add_group_by(v1::REPORT_GROUP_QUEUE);
  request.add_group_by(v1::REPORT_GROUP_QUEUE);
  refuse(request, "group_by: each once");
  request = desk.Request(kMonday, kMonday + kReportHoursMax + 1h);
  request.add_group_by(v1::REPORT_GROUP_HOUR);
  refuse(request, "group_by: by hour");
  request = desk.Request(kMonday, end);
  request.add_agents("a\nb");
  refuse(request, "agents:");
  request = desk.Request(kMonday, end);
  request.set_desk("nobody");
  EXPECT_TRUE(absl::IsNotFound(desk.Report(request).status()));
}

}  // namespace
}  // namespace usher::insights
