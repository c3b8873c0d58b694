#include "model/state_copy.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "unit/libs/model/random_state.h"

namespace usher {
namespace {

void Put(const AgentState& agent, std::uint32_t slot, std::string& out) {
  PutEntry(CopyKind::kAgent, slot, out, [&](std::string& to) { EncodeRow(agent, to); });
}
void Put(const InquiryState& inquiry, std::uint32_t slot, std::string& out) {
  PutEntry(CopyKind::kInquiry, slot, out, [&](std::string& to) { EncodeRow(inquiry, to); });
}
void PutNothing(CopyKind kind, std::uint32_t slot, std::string& out) {
  PutEntry(kind, slot, out, [](std::string&) {});
}
void PutRest(const DeskState& state, std::string& out) {
  PutEntry(CopyKind::kRest, 0, out, [&](std::string& to) { EncodeRest(state, to); });
}

// With rows in the order of their names and arrivals, as a copy gives them back.
DeskState Sorted(DeskState state) {
  std::sort(state.agents.begin(), state.agents.end(),
            [](const AgentState& a, const AgentState& b) { return a.agent < b.agent; });
  std::sort(state.inquiries.begin(), state.inquiries.end(),
            [](const InquiryState& a, const InquiryState& b) { return a.arrival < b.arrival; });
  return state;
}

std::string CopyOf(const DeskState& state) {
  std::string copy;
  BeginCopy(copy);
  std::uint32_t slot = 0;
  for (const AgentState& agent : state.agents) Put(agent, slot++, copy);
  for (const InquiryState& inquiry : state.inquiries) Put(inquiry, slot++, copy);
  PutRest(state, copy);
  return copy;
}

TEST(StateCopy, ComesBackAsItWasWithItsHash) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    const DeskState state = Sorted(RandomState(seed).Desk());
    const std::string copy = CopyOf(state);
    const auto rows = ReadCopy(copy);
    ASSERT_TRUE(rows) << "seed " << seed;
    EXPECT_EQ(HashOf(rows->sum), HashState(state)) << "seed " << seed;
    const auto back = DecodeCopy(*rows);
    ASSERT_TRUE(back) << "seed " << seed;
    ASSERT_EQ(*back, state) << "seed " << seed;
  }
}

TEST(StateCopy, OfTheEntriesOfASlotTheLastOneHolds) {
  DeskState state;
  state.commands = 9;
  InquiryState first;
  first.arrival = 7;
  InquiryState second = first;
  second.priority = 3;
  InquiryState gone;
  gone.arrival = 4;
  AgentState agent;
  agent.agent = AgentName::Of("ana");
  std::string copy;
  BeginCopy(copy);
  Put(first, 5, copy);
  Put(gone, 1, copy);
  Put(agent, 5, copy);
  PutNothing(CopyKind::kInquiry, 1, copy);
  PutNothing(CopyKind::kInquiry, 9, copy);
  Put(second, 5, copy);
  PutRest(state, copy);
  state.agents = {agent};
  state.inquiries = {second};
  const auto rows = ReadCopy(copy);
  ASSERT_TRUE(rows);
  EXPECT_EQ(HashOf(rows->sum), HashState(state));
  EXPECT_EQ(DecodeCopy(*rows), state);
}

TEST(StateCopy, EveryTruncationAndATrailingByteAreRefused) {
  const std::string copy = CopyOf(RandomState(2).Desk());
  ASSERT_TRUE(ReadCopy(copy));
  for (std::size_t size = 0; size < copy.size(); ++size) {
    ASSERT_FALSE(ReadCopy(std::string_view(copy).substr(0, size))) << size;
  }
  EXPECT_FALSE(ReadCopy(copy + '\0'));
}

TEST(StateCopy, AnotherFormatAndAHugeSlotAreRefused) {
  std::string copy = CopyOf({});
  copy[0] = static_cast<char>(kStateFormat - 1);
  EXPECT_FALSE(ReadCopy(copy));
  copy.clear();
  BeginCopy(copy);
  Put(InquiryState(), kCopySlotsMax, copy);
  PutRest({}, copy);
  EXPECT_FALSE(ReadCopy(copy));
}

TEST(StateCopy, ChangedBytesAreRefusedOrAreAnotherState) {
  int read = 0;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    RandomState random(seed);
    const DeskState state = Sorted(random.Desk());
    const std::string copy = CopyOf(state);
    for (int round = 0; round < 3'000; ++round) {
      std::string changed = copy;
      changed[random.Number() % changed.size()] ^= static_cast<char>(1 << random.Small(8));
      const auto rows = ReadCopy(changed);
      if (!rows) continue;
      ++read;
      // A slot may have another number, or a row another slot; nothing else goes unseen.
      const auto back = DecodeCopy(*rows);
      if (back && *back == state) continue;
      EXPECT_NE(HashOf(rows->sum), HashState(state)) << "seed " << seed << " round " << round;
    }
  }
  EXPECT_GT(read, 100);
}

}  // namespace
}  // namespace usher
