#include "log/roll_call.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

namespace usher::log {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::uint64_t kMissed = 5;

// A log of beats, with the roll calls of all who read it.
class Room {
 public:
  void Beat(const std::string& member, bool leaving = false) {
    const log::Beat beat{member, next_[member]++, leaving};
    for (auto& [reader, roll_call] : readers_) roll_call.Take(beat);
  }
  void Join(const std::string& reader) { readers_.emplace(reader, RollCall(kMissed)); }
  const RollCall& As(const std::string& reader) { return readers_.at(reader); }

  // All of them, by turns, so often.
  void Rounds(const std::vector<std::string>& members, std::uint64_t rounds) {
    for (std::uint64_t i = 0; i < rounds; ++i) {
      for (const std::string& member : members) Beat(member);
    }
  }

 private:
  std::map<std::string, std::uint64_t> next_;
  std::map<std::string, RollCall> readers_;
};

std::map<std::int32_t, std::string> Owners(const RollCall& roll_call, std::int32_t partitions) {
  std::map<std::int32_t, std::string> owners;
  for (const std::string& member : roll_call.Present()) {
    for (const std::int32_t partition : roll_call.Share(member, partitions)) {
      EXPECT_TRUE(owners.emplace(partition, member).second) << partition << " has two owners";
    }
  }
  return owners;
}

TEST(RollCall, AMemberTakesPartOnceItHasHeardOfTheOthers) {
  Room room;
  room.Join("x");
  room.Rounds({"x"}, kMissed);
  EXPECT_THAT(room.As("x").Present(), IsEmpty());
  room.Beat("x");
  EXPECT_THAT(room.As("x").Present(), ElementsAre("x"));
  EXPECT_THAT(room.As("x").Share("x", 3), ElementsAre(0, 1, 2));
}

TEST(RollCall, AMemberIsGoneOnlyAfterSoManyBeatsOfOneOther) {
  Room room;
  room.Join("x");
  room.Rounds({"x", "y", "z"}, kMissed + 1);
  // Of two others, four each: neither alone has missed it.
  room.Rounds({"x", "y"}, kMissed - 1);
  EXPECT_THAT(room.As("x").Present(), ElementsAre("x", "y", "z"));
  room.Beat("y");
  EXPECT_THAT(room.As("x").Present(), ElementsAre("x", "y"));
}

TEST(RollCall, NobodyIsGoneWhileNoBeatsComeFromAnybody) {
  Room room;
  room.Join("x");
  room.Rounds({"x", "y"}, kMissed + 1);
  // The log hung. Whatever was under way lands, one beat of each, in any order.
  room.Beat("y");
  room.Beat("x");
  EXPECT_THAT(room.As("x").Present(), ElementsAre("x", "y"));
}

TEST(RollCall, WhoWasTakenForGoneIsBackWithItsNextBeat) {
  Room room;
  room.Join("x");
  room.Rounds({"x", "y"}, kMissed + 1);
  room.Rounds({"y"}, kMissed);
  EXPECT_THAT(room.As("x").Present(), ElementsAre("y"));
  EXPECT_THAT(room.As("x").Share("x", 4), IsEmpty());
  room.Beat("x");
  EXPECT_THAT(room.As("x").Present(), ElementsAre("x", "y"));
}

TEST(RollCall, WhoLeavesIsGoneAtOnce) {
  Room room;
  room.Join("x");
  room.Rounds({"x", "y"}, kMissed + 1);
  room.Beat("y", /*leaving=*/true);
  EXPECT_THAT(room.As("x").Share("x", 3), ElementsAre(0, 1, 2));
}

TEST(RollCall, ABeatThatWasSentTwiceCountsOnce) {
  RollCall roll_call(kMissed);
  for (std::uint64_t i = 0; i <= kMissed; ++i) {
    roll_call.Take({"x", i});
    roll_call.Take({"y", i});
  }
  for (std::uint64_t i = 0; i < 2 * kMissed; ++i) EXPECT_FALSE(roll_call.Take({"x", kMissed}));
  EXPECT_THAT(roll_call.Present(), ElementsAre("x", "y"));
}

TEST(RollCall, AllWhoReadTheSameBeatsAgreeAndALateReaderSoonDoesToo) {
  std::mt19937 dice(7);
  Room room;
  room.Join("early");
  std::set<std::string> living = {"a", "b", "c", "d"};
  for (int step = 0; step < 2'000; ++step) {
    if (step == 1'000) room.Join("late");
    if (step % 97 == 0) living.insert("n" + std::to_string(step));
    auto who = living.begin();
    std::advance(who, dice() % living.size());
    room.Beat(*who);
    if (step % 131 == 0 && living.size() > 2) living.erase(living.begin());
    if (step < 1'000 + 40 * static_cast<int>(kMissed)) continue;
    EXPECT_EQ(Owners(room.As("early"), 12), Owners(room.As("late"), 12)) << "at beat " << step;
  }
}

TEST(RollCall, EveryPartitionHasOneOwnerAndNobodyMoreThanAFairShare) {
  for (std::size_t members = 1; members <= 9; ++members) {
    Room room;
    room.Join("reader");
    std::vector<std::string> names;
    for (std::size_t i = 0; i < members; ++i) names.push_back("usher-router-" + std::to_string(i));
    room.Rounds(names, kMissed + 1);
    for (const std::int32_t partitions : {1, 2, 3, 8, 12, 50}) {
      const RollCall& roll_call = room.As("reader");
      EXPECT_EQ(Owners(roll_call, partitions).size(), static_cast<std::size_t>(partitions));
      for (const std::string& name : names) {
        EXPECT_LE(roll_call.Share(name, partitions).size(), (partitions + members - 1) / members);
      }
    }
  }
}

TEST(RollCall, ALossMovesFewPartitionsOfTheOthers) {
  constexpr std::int32_t kPartitions = 48;
  Room room;
  room.Join("reader");
  room.Rounds({"a", "b", "c", "d"}, kMissed + 1);
  const auto before = Owners(room.As("reader"), kPartitions);
  room.Beat("d", /*leaving=*/true);
  const auto after = Owners(room.As("reader"), kPartitions);
  int moved = 0;
  for (const auto& [partition, owner] : before)
    moved += owner != "d" && after.at(partition) != owner;
  EXPECT_LE(moved, kPartitions / 4);
}

TEST(RollCall, BeatsAreReadBackAndNothingElseIsABeat) {
  const Beat beat{"router-0/17", 42, true};
  EXPECT_EQ(DecodeBeat(EncodeBeat(beat)), beat);
  EXPECT_EQ(DecodeBeat(""), std::nullopt);
  const std::string bytes = EncodeBeat(beat);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(DecodeBeat(bytes.substr(0, size)), std::nullopt);
  }
  EXPECT_EQ(DecodeBeat(bytes + "x"), std::nullopt);
  EXPECT_EQ(DecodeBeat("\x02" + bytes.substr(1)), std::nullopt);
}

}  // namespace
}  // namespace usher::log
