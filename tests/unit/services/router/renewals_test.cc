// Calendars are written out anew before they run out: once, for the policy in force, by its owner.
#include "router/renewals.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "journal/topics.h"
#include "policy/compile.h"
#include "unit/services/router/rig.h"
#include "usher/v1/snapshot.pb.h"
#include "wire/policy.h"

namespace usher::router {
namespace {

constexpr Duration kDay = std::chrono::hours(24);

std::string Yaml(const std::string& version, const std::string& open = "mon-fri: 09:00-18:00") {
  return "version: " + version +
         "\nchannels: {chat: {units: 1}}\n"
         "calendars: {office: {time_zone: UTC, open: {" +
         open +
         "}}}\n"
         "sla: {live: {first_response: 60s, hours: office}}\n"
         "queues: [{name: all, sla: live, hours: office}]\n"
         "otherwise: {queue: all}\n";
}

class Calendars : public testing::Test {
 protected:
  // To the first night at or after `day`s from now: the office is closed then.
  void PassToTheNight(Duration days) {
    rig_.Pass(days);
    rig_.Pass(kDay - (rig_.now().time_since_epoch() % kDay) + 1h);
  }
  // Something happens on the desk, so that the log tells the time; and the next look is due.
  void Live() {
    rig_.Put("eu", ShowWork{AgentName::Of("nobody")});
    for (int i = 0; i < 4; ++i) {
      rig_.StepAll();
      rig_.Pass(rig_.options.renew_every);
      rig_.Put("eu", ShowWork{AgentName::Of("nobody")});
    }
    rig_.Settle();
  }
  std::vector<wire::CommandRecord> Renewed() {
    std::vector<wire::CommandRecord> renewed;
    for (const log::Record& record : rig_.All(journal::kCommands)) {
      const auto decoded = wire::DecodeCommand(record.value);
      const auto* command = std::get_if<wire::CommandRecord>(&*decoded);
      if (command != nullptr && command->renewal) renewed.push_back(*command);
    }
    return renewed;
  }
  // Policies that took effect, by version.
  std::vector<std::string> Applied() {
    std::vector<std::string> applied;
    for (const wire::DecisionRecord& record : rig_.Decided()) {
      if (const auto* body = std::get_if<PolicyApplied>(&record.decision.body)) {
        applied.push_back(body->version);
      }
    }
    return applied;
  }
  static Instant EndOf(const wire::CommandRecord& record) {
    return *LastOpening(std::get<ApplyPolicy>(record.command.body).policy.calendars);
  }

  Rig rig_;
};

TEST_F(Calendars, AreRenewedOnceWhenHalfOfThemIsOver) {
  rig_.Start("a");
  rig_.PutPolicy("eu", Yaml("one"));
  Live();
  PassToTheNight(kDay * 360);
  Live();
  EXPECT_TRUE(Renewed().empty());
  PassToTheNight(kDay * 10);
  Live();
  ASSERT_EQ(Renewed().size(), 1U);
  const wire::CommandRecord renewed = Renewed().front();
  EXPECT_EQ(renewed.policy_yaml, Yaml("one"));
  EXPECT_GT(EndOf(renewed) - rig_.now(), policy::kCalendarMax - 7 * kDay);
  EXPECT_EQ(Applied(), (std::vector<std::string>{"one", "one"}));
  for (int i = 0; i < 5; ++i) {
    PassToTheNight(kDay * 30);
    Live();
  }
  EXPECT_EQ(Renewed().size(), 1U);
  EXPECT_GT(rig_.Metric("a", "usher_router_calendar_left_seconds"), 360 * 86'400.0);
  PassToTheNight(kDay * 230);
  Live();
  EXPECT_EQ(Renewed().size(), 2U) << "and again in its turn";
  EXPECT_EQ(rig_.Metric("a", "usher_router_calendar_renewals_total"), 2);
  rig_.Judge();
}

TEST_F(Calendars, WaitForAnHourAtWhichTheyAreClosedButNotForEver) {
  rig_.Start("a");
  rig_.PutPolicy("eu", Yaml("one", "mon-sun: 00:00-24:00"));
  rig_.PutPolicy("us", Yaml("two", "mon-fri: 09:00-18:00"));
  Live();
  PassToTheNight(kDay * 367);
  Live();
  ASSERT_EQ(Renewed().size(), 1U);
  EXPECT_EQ(Renewed().front().desk, DeskName::Of("us")) << "the other one never closes";
  PassToTheNight(kDay * 14);
  Live();
  ASSERT_EQ(Renewed().size(), 2U);
  EXPECT_EQ(Renewed().back().desk, DeskName::Of("eu"));
  rig_.Judge();
}

TEST_F(Calendars, ARenewalNeverUndoesAPolicyThatCameMeanwhile) {
  rig_.Start("a");
  rig_.PutPolicy("eu", Yaml("one"));
  Live();
  PassToTheNight(kDay * 370);
  HeldPolicy held;
  held.version = "one";
  held.yaml = Yaml("one");
  v1::PolicyRecord published;
  ASSERT_TRUE(published.ParseFromString(rig_.All(journal::kPolicies).back().value));
  published.mutable_policy()->mutable_policy()->clear_calendars();
  held.rules = published.policy().policy().SerializeAsString();
  held.offset = published.offset();
  const auto late = RenewalOf(DeskName::Of("eu"), held, rig_.now());
  ASSERT_TRUE(late.ok()) << late.status();
  rig_.PutPolicy("eu", Yaml("two"));
  rig_.PutRecord(*late);  // as an owner that had not read the second one yet
  Live();
  EXPECT_EQ(Applied(), (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(rig_.Metric("a", "usher_router_skipped_commands_total{reason=\"superseded\"}"), 1);
  rig_.Kill("a");
  rig_.Start("b");
  rig_.Settle();
  EXPECT_EQ(Applied(), (std::vector<std::string>{"one", "two"})) << "nor in a replay";
  rig_.Judge();
  EXPECT_EQ(Renewed().size(), 1U) << "the new one has its two years";
}

TEST_F(Calendars, TwoRenewalsOfOnePolicyHaveOneOutcome) {
  rig_.Start("a");
  rig_.PutPolicy("eu", Yaml("one"));
  Live();
  PassToTheNight(kDay * 370);
  Live();
  ASSERT_EQ(Renewed().size(), 1U);
  rig_.PutRecord(Renewed().front());
  rig_.Settle();
  EXPECT_EQ(Applied().size(), 2U);
  bool repeated = false;
  for (const wire::DecisionRecord& record : rig_.Decided()) {
    repeated = repeated || std::holds_alternative<CommandRepeated>(record.decision.body);
  }
  EXPECT_TRUE(repeated);
  rig_.Judge();
}

TEST_F(Calendars, TwoRoutersRenewEachDeskOnceAndOnlyAsItsOwners) {
  Rig rig(7, 4);
  rig.Start("a");
  rig.Start("b");
  const std::vector<std::string> desks = {"eu", "us", "asia", "home", "trade"};
  const auto live = [&] {
    for (int i = 0; i < 4; ++i) {
      for (const std::string& desk : desks) rig.Put(desk, ShowWork{AgentName::Of("nobody")});
      rig.StepAll();
      rig.Pass(rig.options.renew_every);
    }
    rig.Settle();
  };
  for (const std::string& desk : desks) rig.PutPolicy(desk, Yaml("one"));
  live();
  rig.Pass(kDay * 370);
  rig.Pass(kDay - (rig.now().time_since_epoch() % kDay) + 1h);
  for (int i = 0; i < 3; ++i) live();
  EXPECT_EQ(rig.Metric("a", "usher_router_calendar_renewals_total") +
                rig.Metric("b", "usher_router_calendar_renewals_total"),
            static_cast<double>(desks.size()));
  rig.Judge();
}

TEST_F(Calendars, AreNotRenewedWhileThePartitionRecovers) {
  rig_.Start("a");
  rig_.PutPolicy("eu", Yaml("one"));
  Live();
  rig_.Kill("a");
  PassToTheNight(kDay * 370);
  for (int i = 0; i < 10; ++i) rig_.Put("eu", ShowWork{AgentName::Of("nobody")});
  rig_.options.batch_max = 1;  // one event a step: all but the last are read before it is live
  rig_.Start("b");
  const std::string recovering = "usher_router_partitions{state=\"recovering\"}";
  int steps = 0;
  do {
    ASSERT_TRUE(rig_.Step("b").ok());
    rig_.Pass(rig_.options.renew_every);
    ++steps;
    ASSERT_LT(steps, 10'000);
    if (rig_.Metric("b", "usher_router_partitions{state=\"live\"}") == 0) {
      ASSERT_TRUE(Renewed().empty());
    }
  } while (rig_.Metric("b", "usher_router_partitions{state=\"live\"}") == 0);
  EXPECT_GT(steps, 10);
  EXPECT_EQ(rig_.Metric("b", recovering), 0);
  rig_.Pass(kDay - (rig_.now().time_since_epoch() % kDay) + 1h);
  Live();
  EXPECT_EQ(Renewed().size(), 1U);
  rig_.Judge();
}

TEST_F(Calendars, AClockThatIsFarFromTheLogsRenewsNothing) {
  rig_.Start("a");
  rig_.PutPolicy("eu", Yaml("one"));
  Live();
  const Instant wrong = rig_.now() + kDay * 370;  // of this machine; the log's goes on
  for (int i = 0; i < 10; ++i) {
    for (Stepper* stepper : rig_.process("a").router->steppers()) {
      ASSERT_TRUE(stepper->Step(wrong + i * rig_.options.renew_every, 0s).ok());
    }
  }
  EXPECT_TRUE(Renewed().empty());
}

TEST_F(Calendars, ThatNameOnlyDaysThatAreOverAreLeftAsTheyAre) {
  rig_.Start("a");
  std::string every_day;  // of the year is a holiday, but for one day of one year
  constexpr int kDaysOf[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  for (int month = 1; month <= 12; ++month) {
    for (int day = 1; day <= kDaysOf[month - 1]; ++day) {
      every_day += absl::StrFormat("%02d-%02d, ", month, day);
    }
  }
  const std::string yaml =
      "version: fair\nchannels: {chat: {units: 1}}\n"
      "calendars: {fair: {time_zone: UTC, open: {mon: 09:00-18:00}, holidays: [" +
      every_day +
      "{date: 2023-11-20, open: 09:00-18:00}]}}\n"
      "queues: [{name: all, hours: fair}]\notherwise: {queue: all}\n";
  rig_.PutPolicy("eu", yaml);
  rig_.Settle();  // in less than `renew_every`
  EXPECT_LT(rig_.Metric("a", "usher_router_calendar_left_seconds"), 7 * 86'400.0);
  for (int i = 0; i < 4; ++i) {
    Live();
    PassToTheNight(kDay * 3);
  }
  EXPECT_TRUE(Renewed().empty());
  EXPECT_EQ(Applied().size(), 1U);
}

TEST(RenewalOf, KeepsTheRulesThatAreInForceAndTakesOnlyTheCalendarsOfTheSource) {
  const Instant now = FromMicros(1'700'000'000'000'000);
  const auto compiled = policy::Compile(Yaml("one"), now - 400 * kDay);
  ASSERT_TRUE(compiled.compiled);
  Policy in_force = compiled.compiled->policy;
  in_force.late_share_permille = 123;  // as an older compiler may have read it
  Policy bare = in_force;
  bare.calendars.clear();
  v1::Policy rules;
  wire::ToProto(bare, rules);
  HeldPolicy held;
  held.version = "one";
  held.yaml = Yaml("one");
  held.rules = rules.SerializeAsString();
  const auto renewal = RenewalOf(DeskName::Of("eu"), held, now);
  ASSERT_TRUE(renewal.ok()) << renewal.status();
  const Policy& renewed = std::get<ApplyPolicy>(renewal->command.body).policy;
  EXPECT_TRUE(SameButCalendars(renewed, in_force));
  EXPECT_EQ(renewed.calendars, policy::Compile(Yaml("one"), now).compiled->policy.calendars);
  EXPECT_FALSE(renewal->command.request.none());
  held.offset = 7;
  EXPECT_NE(RenewalOf(DeskName::Of("eu"), held, now)->command.request, renewal->command.request);
  held.yaml = "version: 1\nqueues: nonsense\n";
  EXPECT_TRUE(absl::IsFailedPrecondition(RenewalOf(DeskName::Of("eu"), held, now).status()));
  held.yaml_left_out = true;
  EXPECT_TRUE(absl::IsFailedPrecondition(RenewalOf(DeskName::Of("eu"), held, now).status()));
}

}  // namespace
}  // namespace usher::router
