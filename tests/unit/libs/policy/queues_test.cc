// What a queue says of its offers, its room, its newcomers and its old.
#include "policy/queues.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "unit/libs/policy/policy_files.h"

namespace usher::policy {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Queues, TakeEveryKey) {
  const Queue made = Made(WithQueue("pick: round_robin, offer_to: 3, rank: 9, interrupts: true, "
                                    "answer_within: 10m, max_waiting: 5, when_full: {divert: r}, "
                                    "when_nobody: {divert: s}, escalate: [{age: 60s, priority: 7}, "
                                    "{age: 60s, priority: 8}, {age: 5m, queue: s, priority: 9}]"))
                         .queues[2];
  Queue expected;
  expected.name = QueueName::Of("q");
  expected.pick = Pick::kRoundRobin;
  expected.offer_to = 3;
  expected.rank = 9;
  expected.interrupts = true;
  expected.answer_within = 10min;
  expected.max_waiting = 5;
  expected.when_full = Refuge::kDivert;
  expected.full_queue = QueueName::Of("r");
  expected.when_nobody = Refuge::kDivert;
  expected.nobody_queue = QueueName::Of("s");
  expected.escalations = {
      {60s, 7, QueueName()}, {60s, 8, QueueName()}, {5min, 9, QueueName::Of("s")}};
  EXPECT_EQ(made, expected);
}

TEST(Queues, SayWhatComesOfTime) {
  const Policy policy = Made(WithQueue(
      "relax: [{after: 1s, who: anyone}], who: {team: day}, sla: live, expected_work: 10m, "
      "wake: pool, borrow: [r, {from: s, service: 80.5%}], "
      "forecast: {relax: true, priority: 8, queue: r}",
      "sla: {live: {first_response: 60s}}\n"));
  const Queue& made = policy.queues[2];
  EXPECT_EQ(made.expected_work, Duration(10min));
  EXPECT_EQ(made.wake, Wake::kPool);
  EXPECT_EQ(made.borrow,
            (std::vector<Borrow>{{QueueName::Of("r"), 900}, {QueueName::Of("s"), 805}}));
  EXPECT_EQ(made.forecast, (Forecast{true, 8, QueueName::Of("r")}));
  EXPECT_EQ(Made(WithQueue("borrow: r, wake: owner")).queues[2].borrow.size(), 1u);
}

TEST(Queues, HaveSimpleRefugesToo) {
  const Queue rejecting =
      Made(WithQueue("interruptible: true, max_waiting: 1, when_full: reject, when_nobody: reject"))
          .queues[2];
  EXPECT_TRUE(rejecting.interruptible);
  EXPECT_EQ(rejecting.when_full, Refuge::kReject);
  EXPECT_EQ(rejecting.when_nobody, Refuge::kReject);
  EXPECT_EQ(Made(WithQueue("when_nobody: hold")).queues[2].when_nobody, Refuge::kHold);
}

TEST(Queues, KnowEveryPick) {
  const char* kPicks[] = {"rarest_first", "longest_idle", "least_loaded", "round_robin",
                          "best_level"};
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(Made(WithQueue("pick: " + std::string(kPicks[i]))).queues[2].pick,
              static_cast<Pick>(i));
  }
}

TEST(Queues, AreRefusedAtTheirPlace) {
  for (const Mistake& mistake : std::initializer_list<Mistake>{
           {"offer_to: 0", 25, "offer_to is '0'; it must be a whole number from 1 to 16"},
           {"offer_to: 17", 25, "from 1 to 16"},
           {"auto_accept: true, offer_to: 2", 44, "with auto_accept the first agent asked has it"},
           {"rank: 10", 21, "rank is '10'; it must be a whole number from 0 to 9"},
           {"interrupts: yes", 27, "it must be true or false"},
           {"interrupts: true, interruptible: true", 48, "fills its agents without end"},
           {"answer_within: 0s", 30, "from 1ms to 744h"},
           {"when_full: reject", 26, "a queue without max_waiting is never full"},
           {"max_waiting: 1, when_full: hold", 42, "it must be reject or {divert: <queue>}"},
           {"max_waiting: 1, when_full: {divert: rr}", 51, "no queue 'rr'; is 'r' meant?"},
           {"when_nobody: wait", 28, "it must be hold, reject or {divert: <queue>}"},
           {"when_nobody: {}", 28, "needs the key 'divert'"},
           {"when_nobody: {divert: q}", 37, "diversions lead in a circle: q -> q"},
           {"escalate: [{age: 1s}]", 26, "an escalation needs the key 'priority' or 'queue'"},
           {"escalate: [{priority: 1}]", 26, "needs the key 'age'"},
           {"escalate: [{age: 0s, priority: 1}]", 32, "from 1ms to 744h"},
           {"escalate: [{age: 1s, priority: 10}]", 46, "a whole number from 0 to 9"},
           {"escalate: [{age: 1s, queue: qq}]", 43, "no queue 'qq'; is 'q' meant?"},
           {"escalate: [{age: 1s, queue: q}]", 43, "it waits in 'q' already"},
           {"escalate: [{age: 5s, priority: 1}, {age: 1s, priority: 2}]", 56,
            "the age is below that of the escalation before"},
           {"escalate: [{age: 1s, queue: r}, {age: 5s, priority: 2}]", 47,
            "never reached: it has gone to another queue in line 8"},
           {"when_closed: reject", 28, "a queue without hours is never closed"},
           {"expected_work: 0s", 30, "from 1ms to 744h"},
           {"wake: agent", 21, "it must be one of owner, pool"},
           {"borrow: []", 23, "borrow is an empty list"},
           {"borrow: [q]", 24, "the agents of 'q' are its own already"},
           {"borrow: [r, {from: r}]", 34, "'r' is in this list twice"},
           {"borrow: [rr]", 24, "no queue 'rr'; is 'r' meant?"},
           {"borrow: [{service: 90%}]", 24, "needs the key 'from'"},
           {"borrow: [{from: r, service: 101%}]", 43, "a share from 0% to 100%"},
           {"forecast: {priority: 8}", 25, "without an SLA class there is no breach to foresee"},
           {"escalate: {age: 1s, queue: r}", 25, "escalate is a map; it must be a list"},
       }) {
    ExpectMistake(mistake);
  }
}

TEST(Queues, ForeseeWhatTheyCanActOn) {
  const std::string sla = "sla: {live: {first_response: 60s}}\n";
  EXPECT_THAT(Told(WithQueue("sla: live, forecast: {}", sla)),
              ElementsAre("8:36: forecast needs 'relax: true', 'priority' or 'queue'"));
  EXPECT_THAT(Told(WithQueue("sla: live, forecast: {relax: true}", sla)),
              ElementsAre(HasSubstr("8:44: this queue has no step to go to")));
  EXPECT_THAT(Told(WithQueue("sla: live, forecast: {queue: q}", sla)),
              ElementsAre("8:44: it waits in 'q' already"));
  EXPECT_THAT(Told(WithQueue("sla: live, forecast: {queue: qq}", sla)),
              ElementsAre("8:44: no queue 'qq'; is 'q' meant?"));
}

TEST(Queues, DivertingInACircleAreTold) {
  EXPECT_THAT(
      Told("version: 1\nchannels: {chat: {}}\notherwise: {queue: a}\nqueues:\n"
           "  - {name: a, when_nobody: {divert: b}}\n"
           "  - {name: b, max_waiting: 5, when_full: {divert: c}}\n"
           "  - {name: c, when_nobody: {divert: d}, max_waiting: 5, when_full: {divert: b}}\n"
           "  - {name: d}\n"),
      ElementsAre("7:77: diversions lead in a circle: b -> c -> b; let one of these queues hold or "
                  "reject"));
}

TEST(Queues, DivertingToOneAndTheSameAreFine) {
  Made(
      "version: 1\nchannels: {chat: {}}\notherwise: {queue: a}\nqueues:\n"
      "  - {name: a, when_nobody: {divert: b}, max_waiting: 5, when_full: {divert: c}}\n"
      "  - {name: b, when_nobody: {divert: d}}\n"
      "  - {name: c, when_nobody: {divert: d}}\n"
      "  - {name: d}\n");
}

TEST(Queues, EscalateNoMoreThanSixteenTimes) {
  std::string list;
  for (int i = 1; i <= 17; ++i) list += "{age: " + std::to_string(i) + "s, priority: 1}, ";
  EXPECT_THAT(Told(WithQueue("escalate: [" + list + "]")),
              ElementsAre("8:25: 17 escalations; at most 16 are taken"));
}

}  // namespace
}  // namespace usher::policy
