// A saved state with changed bytes is refused, or is a state that both engines go on from alike.
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>

#include "engine/engine.h"
#include "kit/any_engine.h"
#include "kit/differential.h"
#include "kit/random_history.h"
#include "kit/reference_engine.h"
#include "kit/scenario.h"
#include "kit/state_rules.h"
#include "model/state_copy.h"

namespace usher::kit {
namespace {

constexpr std::uint64_t kHistories = 120;
constexpr int kChanges = 20;

// The first `count` steps of a history, and then the rest.
struct Split {
  Scenario whole;
  std::size_t count;
  OfferBook offers;
  DeskState state;
};

Split PlayHalf(std::uint64_t seed) {
  Split split{RandomHistory(seed, 20 + seed % 150), 0, {}, {}};
  split.count = split.whole.steps.size() / 2;
  ReferenceEngine engine(split.whole.limits);
  for (std::size_t i = 0; i < split.count; ++i) {
    if (split.whole.steps[i].restore) continue;
    DecisionList decisions;
    engine.Apply(split.offers.Resolve(split.whole.steps[i]), decisions);
    split.offers.Note(decisions);
  }
  split.state = engine.Save();
  return split;
}

// Changes a bit here and there.
std::string Changed(std::string bytes, Dice& dice) {
  for (std::uint64_t changes = 1 + dice.Below(2); changes > 0; --changes) {
    char& byte = bytes[dice.Below(bytes.size())];
    byte = static_cast<char>(byte ^ (1 << dice.Below(8)));
  }
  return bytes;
}

void GoOnAlike(const Split& split, const DeskState& state) {
  engine::Engine engine(split.whole.limits);
  ReferenceEngine reference(split.whole.limits);
  ASSERT_TRUE(engine.Restore(state));
  ASSERT_TRUE(reference.Restore(state));
  OfferBook offers = split.offers;
  for (std::size_t i = split.count; i < split.whole.steps.size(); ++i) {
    const Step& step = split.whole.steps[i];
    // A changed time or window would make far jumps cost millions of offers.
    const Duration reach =
        std::min<Duration>(1min, ShortReach(reference.state(), split.whole.limits));
    if (step.restore || step.command.at - engine.now() > reach) continue;
    const Command command = offers.Resolve(step);
    DecisionList decided, expected;
    engine.Apply(command, decided);
    reference.Apply(command, expected);
    offers.Note(expected);
    ASSERT_EQ(decided, expected) << WriteStep(step, split.whole.labels);
  }
  EXPECT_EQ(StateDifference(engine.Save(), reference.Save()), "");
}

// A copy that holds these rows.
std::string CopyOf(const DeskState& state) {
  std::string copy;
  BeginCopy(copy);
  std::uint32_t slot = 0;
  for (const AgentState& agent : state.agents) {
    PutEntry(CopyKind::kAgent, slot++, copy, [&](std::string& to) { EncodeRow(agent, to); });
  }
  for (const InquiryState& inquiry : state.inquiries) {
    PutEntry(CopyKind::kInquiry, slot++, copy, [&](std::string& to) { EncodeRow(inquiry, to); });
  }
  PutEntry(CopyKind::kRest, 0, copy, [&](std::string& to) { EncodeRest(state, to); });
  return copy;
}

// From a copy, row by row, and from the same rows as values.
void FromItsCopyAlike(const Split& split, const DeskState& state) {
  const std::string copy = CopyOf(state);
  const std::optional<CopyRows> rows = ReadCopy(copy);
  ASSERT_TRUE(rows);
  const std::optional<DeskState> whole = DecodeCopy(*rows);
  ASSERT_TRUE(whole);
  engine::Engine from_values(split.whole.limits);
  engine::Engine from_rows(split.whole.limits);
  const bool good = from_values.Restore(*whole);
  ASSERT_EQ(from_rows.Restore(*rows), good);
  ASSERT_EQ(StateDifference(from_rows.Save(), from_values.Save()), "");
  if (!good) return;
  ASSERT_EQ(from_rows.StateHash(), HashState(*whole));
}

TEST(Restore, ARowThatIsNoneIsRefused) {
  std::uint64_t seed = 4;  // the first from here on that leaves something open
  while (PlayHalf(seed).state.inquiries.size() < 3) ++seed;
  const Split split = PlayHalf(seed);
  const std::string copy = CopyOf(split.state);
  const std::optional<CopyRows> sound = ReadCopy(copy);
  ASSERT_TRUE(sound);
  for (std::size_t i = 0; i < sound->inquiries.size(); ++i) {
    CopyRows rows = *sound;
    rows.inquiries[i].remove_suffix(1);
    engine::Engine engine(split.whole.limits);
    EXPECT_FALSE(engine.Restore(rows)) << i;
    EXPECT_EQ(engine.Save(), DeskState());
    EXPECT_TRUE(engine.Restore(*sound));
  }
}

TEST(Restore, ChangedStatesAreRefusedOrGoneOnFromAlike) {
  int refused = 0;
  int accepted = 0;
  for (std::uint64_t seed = 1; seed <= kHistories; ++seed) {
    const Split split = PlayHalf(seed);
    const std::string bytes = EncodeState(split.state);
    Dice dice(seed);
    for (int change = 0; change < kChanges; ++change) {
      SCOPED_TRACE("seed " + std::to_string(seed) + " change " + std::to_string(change));
      const std::optional<DeskState> state = DecodeState(Changed(bytes, dice));
      if (!state) continue;
      FromItsCopyAlike(split, *state);
      if (HasFatalFailure()) return;
      engine::Engine engine(split.whole.limits);
      if (!engine.Restore(*state)) {
        ++refused;
        ASSERT_EQ(engine.Save(), DeskState()) << "refused, and not as new";
        continue;
      }
      ++accepted;
      ASSERT_EQ(Contradiction(*state, split.whole.limits), "");
      ASSERT_EQ(StateDifference(engine.Save(), *state), "");
      GoOnAlike(split, *state);
      if (HasFatalFailure()) return;
    }
  }
  // Of either kind there were some, or this shows nothing.
  EXPECT_GT(refused, 100);
  EXPECT_GT(accepted, 100);
}

TEST(Restore, AStateOverTheLimitsIsRefused) {
  std::uint64_t seed = 4;  // the first from here on that leaves something open
  while (PlayHalf(seed).state.inquiries.empty() || PlayHalf(seed).state.agents.empty()) ++seed;
  const Split split = PlayHalf(seed);
  ASSERT_FALSE(split.state.agents.empty());
  ASSERT_FALSE(split.state.inquiries.empty());
  const auto refuses = [&](Limits limits) {
    engine::Engine engine(limits);
    ReferenceEngine reference(limits);
    return !engine.Restore(split.state) && !reference.Restore(split.state);
  };
  EXPECT_FALSE(refuses(split.whole.limits));
  Limits fewer_agents = split.whole.limits;
  fewer_agents.agents_max = static_cast<std::uint32_t>(split.state.agents.size() - 1);
  EXPECT_TRUE(refuses(fewer_agents));
  Limits fewer_inquiries = split.whole.limits;
  fewer_inquiries.inquiries_max = static_cast<std::uint32_t>(split.state.inquiries.size() - 1);
  EXPECT_TRUE(refuses(fewer_inquiries));
}

}  // namespace
}  // namespace usher::kit
