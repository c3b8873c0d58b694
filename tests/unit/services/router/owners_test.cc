// Several routers: partitions move, owners linger, the log misbehaves. Each decision is there once.
#include <gtest/gtest.h>

#include "journal/topics.h"
#include "router/router.h"
#include "unit/services/router/rig.h"

namespace usher::router {
namespace {

const char* const kDesks[] = {"eu", "us", "asia", "home", "trade"};

void PutOne(Rig& rig, std::vector<History>& histories) {
  const std::uint64_t desk = histories.front().Below(std::size(kDesks));
  rig.Put(kDesks[desk], histories[desk].Next());
}

std::vector<History> Histories(std::uint64_t seed) {
  std::vector<History> histories;
  for (std::size_t i = 0; i < std::size(kDesks); ++i) histories.emplace_back(seed * 100 + i);
  return histories;
}

TEST(Owners, PartitionsMoveWhileDecisionsGoOn) {
  Rig rig(2, 4);
  rig.options.checkpoint_commands = 10;
  auto histories = Histories(1);
  rig.Start("a");
  for (int i = 0; i < 300; ++i) {
    if (i == 60) rig.Start("b");
    if (i == 140) rig.Kill("a");
    if (i == 180) rig.Start("a");
    if (i % 50 == 25) rig.log().Rebalance(rig.options.group);
    PutOne(rig, histories);
    rig.Pass(200ms);
    rig.StepAll();
  }
  rig.Settle();
  rig.Judge();
  const std::string live = "usher_router_partitions{state=\"live\"}";
  EXPECT_EQ(rig.Metric("a", live), 2);
  EXPECT_EQ(rig.Metric("b", live), 2);
}

TEST(Owners, AnOwnerThatWasTakenForDeadAppendsIdenticalCopiesAtWorst) {
  Rig rig(3, 1);
  auto histories = Histories(2);
  rig.Start("a");
  for (int i = 0; i < 40; ++i) {
    PutOne(rig, histories);
    rig.StepAll();
  }
  rig.Start("b");
  rig.Settle();
  // What the first has decided lands late; the second does not wait for it.
  const std::string owner =
      rig.Metric("a", "usher_router_partitions{state=\"live\"}") == 1 ? "a" : "b";
  const std::string other = owner == "a" ? "b" : "a";
  rig.log().faults.land_max = 60s;
  for (int i = 0; i < 40; ++i) PutOne(rig, histories);
  rig.Pass(70s);
  ASSERT_TRUE(rig.Step(owner).ok());
  rig.log().faults.land_max = 0s;
  rig.log().Expel(rig.options.group, owner);
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(rig.Step(other).ok());
  EXPECT_EQ(rig.Metric(other, "usher_router_partitions{state=\"live\"}"), 1);
  rig.Pass(70s);
  rig.Settle();
  rig.Judge();
  EXPECT_GT(rig.copies(), 0U);
}

// All that may go wrong at once, many times over.
void Storm(std::uint64_t seed) {
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  Rig rig(seed, 3);
  rig.options.checkpoint_commands = 8;
  rig.options.chunk_bytes = 300;
  auto histories = Histories(seed);
  History dice(seed * 31);
  rig.log().faults = {.land_max = 400ms,
                      .ack_max = 200ms,
                      .delivery_max = 300ms,
                      .buffer_full_permille = 20,
                      .append_fails_permille = 2,
                      .ack_lost_permille = 50,
                      .unavailable_permille = 30,
                      .commit_lost_permille = 100,
                      .rebalance_permille = 5,
                      .expel_permille = 5,
                      .uncompacted_permille = 500,
                      .session = 2s};
  const std::string names[] = {"a", "b"};
  for (int i = 0; i < 250; ++i) {
    if (dice.Below(3) > 0) {
      const log::SimLogFaults faults = rig.log().faults;
      rig.log().faults.append_fails_permille = 0;  // of the one who puts the history in
      rig.log().faults.buffer_full_permille = 0;
      PutOne(rig, histories);
      rig.log().faults = faults;
    }
    rig.Pass(Duration(std::chrono::milliseconds(dice.Below(400))));
    for (const std::string& name : names) {
      if (!rig.Runs(name)) {
        if (dice.Below(5) == 0) rig.Start(name);
      } else if (dice.Below(60) == 0) {
        rig.Kill(name);
      } else if (dice.Below(10) > 0 && !rig.Step(name).ok()) {
        rig.Kill(name);  // what a process does with an error
      }
    }
  }
  rig.log().faults = {};
  rig.Pass(5s);
  for (const std::string& name : names) rig.Kill(name);
  rig.Start("last");
  rig.Settle();
  rig.Judge();
}

TEST(Owners, InAnyStormEachDecisionIsThereOnceInOrder) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    Storm(seed);
    if (testing::Test::HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace usher::router
