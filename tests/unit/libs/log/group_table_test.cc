#include "log/group_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace usher::log {
namespace {

using Kind = GroupTable::Change::Kind;

std::vector<TopicPartition> Four() { return {{"t", 0}, {"t", 1}, {"t", 2}, {"t", 3}}; }

std::size_t Count(const std::vector<GroupTable::Change>& changes, Kind kind) {
  std::size_t count = 0;
  for (const auto& change : changes) count += change.kind == kind ? 1 : 0;
  return count;
}

TEST(GroupTable, GivesAllToAnOnlyMember) {
  GroupTable table(Sharing::kKeepOwners);
  const auto one = table.Join("g", Four());
  EXPECT_EQ(Count(table.TakeChanges(one), Kind::kAssigned), 4u);
  EXPECT_TRUE(table.TakeChanges(one).empty());
}

TEST(GroupTable, HandsOverOnlyWhatTheOldOwnerHasGivenBack) {
  GroupTable table(Sharing::kKeepOwners);
  const auto one = table.Join("g", Four());
  table.TakeChanges(one);
  const auto two = table.Join("g", Four());
  EXPECT_TRUE(table.TakeChanges(two).empty());
  EXPECT_EQ(Count(table.TakeChanges(one), Kind::kRevoked), 2u);
  EXPECT_EQ(Count(table.TakeChanges(two), Kind::kAssigned), 2u);
  EXPECT_TRUE(table.TakeChanges(one).empty());
}

TEST(GroupTable, EagerTakesEverythingFromEverybodyFirst) {
  GroupTable table(Sharing::kEager);
  const auto one = table.Join("g", Four());
  table.TakeChanges(one);
  const auto two = table.Join("g", Four());
  const auto changes = table.TakeChanges(one);
  EXPECT_EQ(Count(changes, Kind::kRevoked), 4u);
  EXPECT_EQ(Count(changes, Kind::kAssigned), 0u);
  EXPECT_EQ(Count(table.TakeChanges(one), Kind::kAssigned), 2u);
  EXPECT_EQ(Count(table.TakeChanges(two), Kind::kAssigned), 2u);
}

TEST(GroupTable, AMemberThatLeavesFreesItsShareAtOnce) {
  GroupTable table(Sharing::kKeepOwners);
  const auto one = table.Join("g", Four());
  const auto two = table.Join("g", Four());
  table.TakeChanges(one);
  table.TakeChanges(two);
  table.Leave(one);
  EXPECT_EQ(Count(table.TakeChanges(two), Kind::kAssigned), 2u);
}

TEST(GroupTable, AnExpelledMemberHearsThatItLostAndComesBack) {
  GroupTable table(Sharing::kKeepOwners);
  const auto one = table.Join("g", Four());
  const auto two = table.Join("g", Four());
  table.TakeChanges(one);
  table.TakeChanges(two);
  table.Expel(one);
  // Two owners at once: the other has them before the expelled one knows.
  EXPECT_EQ(Count(table.TakeChanges(two), Kind::kAssigned), 2u);
  EXPECT_FALSE(table.Commit(one, {"t", 0}, 5));
  EXPECT_EQ(Count(table.TakeChanges(one), Kind::kLost), 2u);
  EXPECT_EQ(Count(table.TakeChanges(two), Kind::kRevoked), 2u);
  EXPECT_EQ(Count(table.TakeChanges(one), Kind::kAssigned), 2u);
}

TEST(GroupTable, RebalanceBeginsWithAnotherMember) {
  GroupTable table(Sharing::kKeepOwners);
  const auto one = table.Join("g", Four());
  const auto two = table.Join("g", Four());
  table.TakeChanges(one);
  table.TakeChanges(two);
  table.Rebalance("g");
  EXPECT_EQ(Count(table.TakeChanges(one), Kind::kRevoked), 2u);
  EXPECT_EQ(Count(table.TakeChanges(two), Kind::kRevoked), 2u);
  EXPECT_EQ(Count(table.TakeChanges(one), Kind::kAssigned), 2u);
}

TEST(GroupTable, CommitsOfTheLastOwnerHoldUntilThereIsAnother) {
  GroupTable table(Sharing::kKeepOwners);
  const auto one = table.Join("g", Four());
  table.TakeChanges(one);
  EXPECT_EQ(table.Committed(one, {"t", 1}), -1);
  const auto two = table.Join("g", Four());
  table.TakeChanges(one);                       // gives back t/1
  EXPECT_TRUE(table.Commit(one, {"t", 1}, 7));  // and says how far it came
  table.TakeChanges(two);
  EXPECT_EQ(table.Committed(two, {"t", 1}), 7);
  EXPECT_FALSE(table.Commit(one, {"t", 1}, 9));  // too late
  EXPECT_EQ(table.Committed(two, {"t", 1}), 7);
}

TEST(GroupTable, AnEmptyNameIsAGroupOfItsOwn) {
  GroupTable table(Sharing::kEager);
  const auto one = table.Join("", Four());
  const auto two = table.Join("", Four());
  EXPECT_EQ(Count(table.TakeChanges(one), Kind::kAssigned), 4u);
  EXPECT_EQ(Count(table.TakeChanges(two), Kind::kAssigned), 4u);
  EXPECT_TRUE(table.GroupOf(one).empty());
  table.Leave(one);
  EXPECT_TRUE(table.TakeChanges(two).empty());
}

}  // namespace
}  // namespace usher::log
