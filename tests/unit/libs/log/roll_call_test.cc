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
constexpr std::uint64_t kPatience = 20;

// A log of beats that every member reads at once.
class Room {
 public:
  void Join(const std::string& member) {
    members_.emplace(member, RollCall(member, kMissed, kPatience));
  }
  void Beat(const std::string& member, bool leaving = false) {
    Land(members_.at(member).Next(leaving));
  }
  void Land(const log::Beat& beat) {
    for (auto& [name, roll_call] : members_) roll_call.Take(beat);
  }
  RollCall& As(const std::string& member) { return members_.at(member); }

  // All of them, by turns, so often.
  void Rounds(const std::vector<std::string>& members, std::uint64_t rounds) {
    for (std::uint64_t i = 0; i < rounds; ++i) {
      for (const std::string& member : members) Beat(member);
    }
  }

  // A room in which all of them share.
  explicit Room(const std::vector<std::string>& members = {}) {
    for (const std::string& member : members) Join(member);
    Rounds(members, kPatience + 1);
  }

 private:
  std::map<std::string, RollCall> members_;
};

std::map<std::int32_t, std::string> Owners(const RollCall& roll_call, std::int32_t partitions) {
  std::map<std::int32_t, std::string> owners;
  for (const std::string& member : roll_call.Sharing()) {
    for (const std::int32_t partition : roll_call.Share(member, partitions)) {
      EXPECT_TRUE(owners.emplace(partition, member).second) << partition << " has two owners";
    }
  }
  return owners;
}

TEST(RollCall, TheFirstSharesOnceItWouldHaveHeardOfOthers) {
  Room room;
  room.Join("x");
  room.Rounds({"x"}, kMissed);
  EXPECT_THAT(room.As("x").Sharing(), IsEmpty());
  room.Beat("x");
  EXPECT_THAT(room.As("x").Sharing(), ElementsAre("x"));
  EXPECT_THAT(room.As("x").Share("x", 3), ElementsAre(0, 1, 2));
}

TEST(RollCall, ANewcomerHasPatienceWhereOthersShare) {
  Room room({"x"});
  room.Join("y");
  room.Rounds({"x", "y"}, kPatience);
  EXPECT_THAT(room.As("x").Sharing(), ElementsAre("x"));
  room.Beat("y");
  EXPECT_THAT(room.As("x").Sharing(), ElementsAre("x", "y"));
}

TEST(RollCall, AMemberIsGoneOnlyAfterSoManyBeatsOfOneOther) {
  Room room({"x", "y", "z"});
  // Of two others, four each: neither alone has missed it.
  room.Rounds({"x", "y"}, kMissed - 1);
  EXPECT_THAT(room.As("x").Sharing(), ElementsAre("x", "y", "z"));
  room.Beat("y");
  EXPECT_THAT(room.As("x").Sharing(), ElementsAre("x", "y"));
}

TEST(RollCall, ALoneMemberThatDiesIsReplacedByItsNextLife) {
  Room room({"x"});
  room.Join("x2");
  room.Rounds({"x2"}, kMissed + 1);
  EXPECT_THAT(room.As("x2").Sharing(), ElementsAre("x2"));
}

TEST(RollCall, NobodyIsGoneWhileNoBeatsComeFromAnybody) {
  Room room({"x", "y"});
  // The log hung. Whatever was under way lands, one beat of each, in any order.
  room.Beat("y");
  room.Beat("x");
  EXPECT_THAT(room.As("x").Sharing(), ElementsAre("x", "y"));
}

TEST(RollCall, WhoWasTakenForGoneSharesAgainAfterItsPatience) {
  Room room({"x", "y"});
  room.Rounds({"y"}, kMissed);
  EXPECT_THAT(room.As("x").Sharing(), ElementsAre("y"));
  EXPECT_THAT(room.As("x").Share("x", 4), IsEmpty());
  room.Rounds({"x", "y"}, kPatience);
  EXPECT_THAT(room.As("y").Sharing(), ElementsAre("y"));
  room.Beat("x");
  EXPECT_THAT(room.As("y").Sharing(), ElementsAre("x", "y"));
}

TEST(RollCall, ABeatThatWasOnlyLateIsBelievedByAllAndByItsSender) {
  Room room({"x", "y"});
  const Beat late = room.As("x").Next();
  room.Rounds({"y"}, kMissed);
  room.Land(late);
  room.Beat("x");
  EXPECT_THAT(room.As("x").Sharing(), ElementsAre("x", "y"));
  EXPECT_THAT(room.As("y").Sharing(), ElementsAre("x", "y"));
}

TEST(RollCall, WhoLeavesIsGoneAtOnce) {
  Room room({"x", "y"});
  room.Beat("y", /*leaving=*/true);
  EXPECT_THAT(room.As("x").Share("x", 3), ElementsAre(0, 1, 2));
}

TEST(RollCall, ABeatThatWasSentTwiceCountsOnce) {
  Room room({"x", "y"});
  const Beat beat = room.As("x").Next();
  for (std::uint64_t i = 0; i < 2 * kMissed; ++i) room.Land(beat);
  EXPECT_THAT(room.As("y").Sharing(), ElementsAre("x", "y"));
}

TEST(RollCall, AllAgreeOnWhoHasWhatWhateverHappens) {
  std::mt19937 dice(7);
  Room room({"a", "b", "c", "d"});
  std::vector<std::string> living = {"a", "b", "c", "d"};
  for (int step = 0; step < 4'000; ++step) {
    if (step % 197 == 0) {
      living.push_back("n" + std::to_string(step));
      room.Join(living.back());
    }
    if (step % 231 == 230 && living.size() > 2) living.erase(living.begin());  // it dies
    room.Beat(living[dice() % living.size()]);
    // Those who have been here for long enough to have heard of all.
    const auto owners = Owners(room.As(living.front()), 12);
    EXPECT_TRUE(owners.empty() || owners.size() == 12u);
    EXPECT_EQ(owners, Owners(room.As(living[1]), 12)) << "at beat " << step;
  }
}

TEST(RollCall, EveryPartitionHasOneOwnerAndNobodyMoreThanAFairShare) {
  for (std::size_t members = 1; members <= 9; ++members) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < members; ++i) names.push_back("usher-router-" + std::to_string(i));
    Room room(names);
    for (const std::int32_t partitions : {1, 2, 3, 8, 12, 50}) {
      const RollCall& roll_call = room.As(names.front());
      EXPECT_EQ(Owners(roll_call, partitions).size(), static_cast<std::size_t>(partitions));
      for (const std::string& name : names) {
        EXPECT_LE(roll_call.Share(name, partitions).size(), (partitions + members - 1) / members);
      }
    }
  }
}

TEST(RollCall, ALossMovesFewPartitionsOfTheOthers) {
  constexpr std::int32_t kPartitions = 48;
  Room room({"a", "b", "c", "d"});
  const auto before = Owners(room.As("a"), kPartitions);
  room.Beat("d", /*leaving=*/true);
  const auto after = Owners(room.As("a"), kPartitions);
  int moved = 0;
  for (const auto& [partition, owner] : before) {
    moved += owner != "d" && after.at(partition) != owner;
  }
  EXPECT_LE(moved, kPartitions / 4);
}

TEST(RollCall, BeatsAreReadBackAndNothingElseIsABeat) {
  for (const Beat& beat : {Beat{"router-0/17", 42, true, false}, Beat{"x", 0, false, true}}) {
    EXPECT_EQ(DecodeBeat(EncodeBeat(beat)), beat);
  }
  const std::string bytes = EncodeBeat({"router-0/17", 42, true, false});
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(DecodeBeat(bytes.substr(0, size)), std::nullopt);
  }
  EXPECT_EQ(DecodeBeat(bytes + "x"), std::nullopt);
  EXPECT_EQ(DecodeBeat("\x02" + bytes.substr(1)), std::nullopt);
}

}  // namespace
}  // namespace usher::log
