// The scenario language itself: what it refuses, with file, line and reason; and its times.
#include <gtest/gtest.h>

#include <string>

#include "kit/reference_engine.h"
#include "kit/scenario.h"
#include "kit/words.h"

namespace usher::kit {
namespace {

std::string ErrorOf(const std::string& text) { return ReadScenario("x.scenario", text).error; }

std::string FailureOf(const std::string& text) {
  const ReadResult read = ReadScenario("x.scenario", text);
  EXPECT_EQ(read.error, "");
  EngineBehind<ReferenceEngine> engine(read.scenario.limits);
  return Play(read.scenario, engine);
}

constexpr char kShop[] =
    "policy shop\n"
    "  channel chat\n"
    "  queue all\n"
    "  otherwise queue=all\n"
    "end\n"
    "ignore policy_applied agent_registered presence\n"
    "at 0s policy shop\n"
    "at 0s agent ana\n"
    "at 0s presence ana available\n";

TEST(ScenarioLanguage, NamesFileLineAndWhatIsWrong) {
  EXPECT_EQ(ErrorOf("\n# a comment\nfoo\n"),
            "x.scenario:3: 'foo' is none of policy, limits, ignore, at, expect");
  EXPECT_EQ(ErrorOf("at soon tick"),
            "x.scenario:1: 'soon' is not a time (20s, 1m30s, 250ms, 2h, never)");
  EXPECT_EQ(ErrorOf("at 1s"), "x.scenario:1: the command is missing");
  EXPECT_EQ(ErrorOf("at 1s tick\n  tock\n"),
            "x.scenario:2: 'tock' is none of policy, limits, ignore, at, expect");
  EXPECT_EQ(ErrorOf("at 1s tick now"), "x.scenario:1: nothing expects the word 'now' here");
  EXPECT_EQ(ErrorOf("at 1s tick hard=yes"), "x.scenario:1: there is no option 'hard' here");
  EXPECT_EQ(ErrorOf("at 1s place i1 channel=a channel=b"),
            "x.scenario:1: 'channel' is given twice");
  EXPECT_EQ(ErrorOf("at 1s place i1 channel="),
            "x.scenario:1: 'channel' has no value ('-' is the empty one)");
  EXPECT_EQ(ErrorOf("at 1s place i1 priority=256"),
            "x.scenario:1: '256' is not a whole number up to 255");
  EXPECT_EQ(ErrorOf("at 1s agent ana skills=uk"), "x.scenario:1: 'uk' is not name:number");
  EXPECT_EQ(ErrorOf("at 1s presence ana asleep"),
            "x.scenario:1: 'asleep' is none of offline, available, busy, away, draining");
  EXPECT_EQ(ErrorOf("at 1s policy shop"), "x.scenario:1: there is no policy block 'shop' above");
  EXPECT_EQ(ErrorOf("at 1s tick source=orders:3"),
            "x.scenario:1: 'orders:3' is not topic:partition:offset");
}

TEST(ScenarioLanguage, ChecksPolicyBlocks) {
  EXPECT_EQ(ErrorOf("policy shop\n channel chat\n"), "x.scenario:1: the policy block has no end");
  EXPECT_EQ(ErrorOf("policy shop\nend\npolicy shop\nend\n"),
            "x.scenario:3: policy 'shop' is there already");
  EXPECT_EQ(ErrorOf("policy shop\n  queue all automatic\nend\n"),
            "x.scenario:2: 'automatic' is none of auto-accept, interrupts, interruptible");
  EXPECT_EQ(ErrorOf("policy shop\n  at 0s tick\nend\n"),
            "x.scenario:2: 'at' is none of version, channel, calendar, sla, queue, step, prefer, "
            "escalate, borrow, forecast, route, otherwise, cool-down, missed-offers, late-share, "
            "order, urgent, near, crowd, age-credit, starve-after, pace, sticky, reopen, angry, "
            "follow-ups, quality, status, end");
}

TEST(ScenarioLanguage, ChecksExpectations) {
  EXPECT_EQ(ErrorOf("expect placed i1"),
            "x.scenario:1: nothing was done yet that could be expected of");
  EXPECT_EQ(ErrorOf("at 0s tick\nexpect plaice i1"), "x.scenario:2: there is no decision 'plaice'");
  EXPECT_EQ(ErrorOf("at 0s tick\nexpect placed i1 hue=red"), "x.scenario:2: 'placed' has no 'hue'");
  EXPECT_EQ(ErrorOf("ignore placed\nat 0s tick\nexpect placed i1"),
            "x.scenario:3: 'placed' is ignored in this file");
  EXPECT_EQ(ErrorOf("at 0s restore\nexpect placed i1"), "x.scenario:2: restore decides nothing");
  EXPECT_EQ(ErrorOf("ignore plaice"), "x.scenario:1: there is no decision 'plaice'");
}

TEST(ScenarioLanguage, FailsOnADecisionThatNoLineExpects) {
  const std::string failure =
      FailureOf(std::string(kShop) + "at 5s place i1\n  expect placed i1 queue=all\n");
  EXPECT_NE(failure.find("x.scenario:10: at 5s place i1 channel=chat"), std::string::npos)
      << failure;
  EXPECT_NE(failure.find("offered i1 -> ana reason=arrival queue=all expires=25s"),
            std::string::npos)
      << failure;
}

TEST(ScenarioLanguage, FailsOnAnotherOrderOnAnotherValueAndOnNothing) {
  const std::string start = std::string(kShop) + "at 5s place i1\n";
  EXPECT_EQ(FailureOf(start + "expect placed i1\nexpect offered i1 -> ana expires=25s\n"), "");
  EXPECT_NE(FailureOf(start + "expect offered i1 -> ana\nexpect placed i1\n"), "");
  EXPECT_NE(FailureOf(start + "expect placed i1\nexpect offered i1 -> ana expires=26s\n"), "");
  EXPECT_NE(FailureOf(start + "expect placed i1\nexpect offered i1 -> bob\n"), "");
  EXPECT_NE(FailureOf(std::string(kShop) + "at 5s tick\nexpect placed i1\n"), "");
}

TEST(ScenarioLanguage, EveryDecisionHasItsWordAndFields) {
  for (const char* kind :
       {"placed",       "joined",        "refused",           "rerouted",  "offered",
        "accepted",     "declined",      "expired",           "rescinded", "answered",
        "resolved",     "cancelled",     "abandoned",         "requeued",  "wrap_up_ended",
        "presence",     "agent_removed", "agent_registered",  "warned",    "breached",
        "met",          "work",          "policy_applied",    "rejected",  "repeated",
        "clock_capped", "checkpointed",  "relaxed",           "escalated", "reserved",
        "starving",     "updated",       "reservation_ended", "started",   "rescheduled",
        "paused",       "resumed",       "order_updated",     "estimated", "explained",
        "previewed",    "forecast",      "reviewed",          "rated"}) {
    EXPECT_FALSE(FieldsOf(kind).empty()) << kind;
  }
}

TEST(ScenarioLanguage, TimesReadBackAsTheyAreWritten) {
  for (const std::int64_t micros :
       {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1}, std::int64_t{1'000'001},
        std::int64_t{90'000'000}, std::int64_t{86'400'000'000}, std::int64_t{-3'661'001'001},
        std::int64_t{9'223'372'036'854'775'807}, std::int64_t{9'223'372'036'854'775'806}}) {
    EXPECT_EQ(DurationOf(TimeText(Duration(micros))), Duration(micros))
        << TimeText(Duration(micros));
  }
  EXPECT_EQ(TimeText(Duration(1h + 1min + 30s + 5ms + 7us)), "1h1m30s5ms7us");
  for (const char* bad : {"", "-", "5", "s", "5x", "5s5m", "5s5s", "1.5s", "+5s", "5 s", "s5",
                          "9223372036854775807s"}) {
    EXPECT_FALSE(DurationOf(bad)) << bad;
  }
}

}  // namespace
}  // namespace usher::kit
