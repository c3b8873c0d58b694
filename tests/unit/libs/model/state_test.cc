#include "model/state.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "core/bytes.h"
#include "unit/libs/model/random_state.h"

namespace usher {
namespace {

TEST(State, ComesBackAsItWas) {
  for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
    const DeskState desk = RandomState(seed).Desk();
    const std::string bytes = EncodeState(desk);
    const auto back = DecodeState(bytes);
    ASSERT_TRUE(back) << "seed " << seed;
    ASSERT_EQ(*back, desk) << "seed " << seed;
    ASSERT_EQ(EncodeState(*back), bytes) << "seed " << seed;
  }
}

TEST(State, EveryTruncationIsRefused) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const std::string bytes = EncodeState(RandomState(seed).Desk());
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      ASSERT_FALSE(DecodeState(std::string_view(bytes).substr(0, size)))
          << "seed " << seed << ", " << size << " of " << bytes.size() << " bytes";
    }
  }
}

TEST(State, ATrailingByteIsRefused) {
  EXPECT_TRUE(DecodeState(EncodeState({})));
  EXPECT_FALSE(DecodeState(EncodeState({}) + '\0'));
}

TEST(State, AnotherFormatIsRefused) {
  std::string bytes = EncodeState({});
  bytes[0] = static_cast<char>(kStateFormat + 1);
  EXPECT_FALSE(DecodeState(bytes));
}

// What decodes at all is again an encoding of itself: no two texts of one state, and no crash.
TEST(State, ChangedBytesAreRefusedOrAreAnotherState) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    RandomState random(seed);
    const std::string bytes = EncodeState(random.Desk());
    for (int round = 0; round < 5'000; ++round) {
      std::string changed = bytes;
      for (std::uint32_t i = 0; i <= random.Small(3); ++i) {
        changed[random.Number() % changed.size()] = static_cast<char>(random.Small(256));
      }
      const auto back = DecodeState(changed);
      if (back) {
        ASSERT_EQ(EncodeState(*back), changed) << "seed " << seed << " round " << round;
      }
    }
  }
}

TEST(State, AHugeCountIsRefusedWithoutReservingForIt) {
  ByteWriter out;
  out.U16(kStateFormat);
  for (int i = 0; i < 6; ++i) out.U64(0);  // now, commands, the counters
  out.U32(0);                              // late_credit
  out.Bool(false);
  out.Text("");         // policy.version
  out.U32(0xffffffff);  // policy.channels
  EXPECT_FALSE(DecodeState(out.bytes()));
}

TEST(State, ASourceWindowOfAnotherSizeIsRefused) {
  DeskState desk;
  desk.sources.emplace_back();
  ASSERT_TRUE(DecodeState(EncodeState(desk)));
  desk.sources[0].seen.pop_back();
  EXPECT_FALSE(DecodeState(EncodeState(desk)));
}

// Reckoned from the formula in model/state.h with another program.
TEST(State, HashBytesIsItsFormula) {
  EXPECT_EQ(HashBytes(""), 0u);
  EXPECT_EQ(HashBytes("a"), 0x485be04d193c3f62ULL);
  EXPECT_EQ(HashBytes(std::string_view("a\0", 2)), 0xd21644eecf578399ULL);
  EXPECT_EQ(HashBytes("01234567"), 0x90e2dbfc4355ba52ULL);
  EXPECT_EQ(HashBytes("usher routes"), 0x8fa8b1d4f2b38e89ULL);
}

TEST(State, TheHashIsThatOfTheSumOfItsRowsAndTheRest) {
  const DeskState desk = RandomState(1).Desk();
  StateSum sum;
  std::string bytes;
  EncodeRest(desk, bytes);
  sum.rest = HashBytes(bytes);
  for (const AgentState& agent : desk.agents) {
    EncodeRow(agent, bytes = "");
    ++sum.agents;
    sum.agent_hashes += HashBytes(bytes);
  }
  for (const InquiryState& inquiry : desk.inquiries) {
    EncodeRow(inquiry, bytes = "");
    ++sum.inquiries;
    sum.inquiry_hashes += HashBytes(bytes);
  }
  EXPECT_EQ(HashState(desk), HashOf(sum));
  ByteWriter five;
  for (const std::uint64_t number :
       {sum.rest, sum.agents, sum.agent_hashes, sum.inquiries, sum.inquiry_hashes}) {
    five.U64(number);
  }
  EXPECT_EQ(HashOf(sum), HashBytes(five.bytes()));
}

TEST(State, TheEncodingIsThatOfTheRestAndTheRows) {
  const DeskState desk = RandomState(3).Desk();
  std::string bytes;
  EncodeRest(desk, bytes);
  const auto count = [&bytes](std::size_t rows) {
    ByteWriter out;
    out.U32(static_cast<std::uint32_t>(rows));
    bytes += out.bytes();
  };
  count(desk.agents.size());
  for (const AgentState& agent : desk.agents) EncodeRow(agent, bytes);
  count(desk.inquiries.size());
  for (const InquiryState& inquiry : desk.inquiries) EncodeRow(inquiry, bytes);
  EXPECT_EQ(EncodeState(desk).substr(2), bytes);
}

// Pinned: the encoding of a state may only change together with kStateFormat.
TEST(State, TheEncodingIsPinned) {
  EXPECT_EQ(EncodeState({}).size(), 263u);
  EXPECT_EQ(HashState({}), 11569045075555274922u);
  EXPECT_EQ(HashState(RandomState(1).Desk()), 7922266848367311351u);
}

TEST(State, EachBitCountsInTheHash) {
  const std::string bytes = EncodeState(RandomState(2).Desk());
  const std::uint64_t hash = HashBytes(bytes);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ (1 << (i % 8)));
    ASSERT_NE(HashBytes(changed), hash) << "byte " << i;
  }
}

}  // namespace
}  // namespace usher
