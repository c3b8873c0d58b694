// A copy that is taken in slices while a history goes on is, at its end, the state at that moment.
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>

#include "engine/engine.h"
#include "kit/dice.h"
#include "kit/differential.h"
#include "kit/random_history.h"
#include "kit/reference_engine.h"
#include "kit/scenario.h"
#include "kit/state_rules.h"
#include "model/state_copy.h"

namespace usher::kit {
namespace {

constexpr std::uint64_t kHistories = 150;

// Ends a copy and restores it; the engine that comes of it, with what the reference says beside it.
void EndCopy(engine::Engine& engine, const ReferenceEngine& reference, const Limits& limits,
             std::string& copy) {
  engine.EndCopy(copy);
  const std::optional<CopyRows> rows = ReadCopy(copy);
  ASSERT_TRUE(rows);
  EXPECT_EQ(HashOf(rows->sum), reference.StateHash());
  const std::optional<DeskState> state = DecodeCopy(*rows);
  ASSERT_TRUE(state);
  ASSERT_EQ(StateDifference(*state, reference.Save()), "");
  engine::Engine restored(limits);
  ASSERT_TRUE(restored.Restore(*rows));
  ASSERT_EQ(StateDifference(restored.Save(), *state), "");
  EXPECT_EQ(restored.StateHash(), reference.StateHash());
}

struct Counts {
  int copies = 0;
  int rows_again = 0;
};

void Play(std::uint64_t seed, Counts& counts) {
  const Scenario history = RandomHistory(seed, 50 + seed % 300);
  engine::Engine engine(history.limits);
  ReferenceEngine reference(history.limits);
  OfferBook offers;
  Dice dice(seed);
  std::string copy;
  bool copying = false;
  for (const Step& step : history.steps) {
    if (step.restore) continue;
    const Command command = offers.Resolve(step);
    DecisionList decided, expected;
    engine.Apply(command, decided);
    reference.Apply(command, expected);
    ASSERT_EQ(decided, expected);
    offers.Note(expected);
    if (dice.Below(40) == 0) engine.StateHash();  // it reads rows, too
    if (!copying && dice.Below(8) == 0) {
      copy.clear();
      engine.BeginCopy(copy);
      copying = true;
    }
    if (!copying) continue;
    for (std::uint64_t slices = dice.Below(3); slices > 0; --slices) {
      const std::size_t left = engine.CopySome(1 + dice.Below(4), copy);
      counts.rows_again += left == 0 ? 1 : 0;
      EXPECT_EQ(left, engine.rows_to_copy());
    }
    if (dice.Below(15) != 0) continue;
    if (dice.Below(2) == 0) engine.StateHash();  // as a Checkpoint does
    EndCopy(engine, reference, history.limits, copy);
    if (testing::Test::HasFatalFailure()) return;
    copying = false;
    ++counts.copies;
  }
}

TEST(Copy, InSlicesWhileAHistoryGoesOnIsTheStateAtItsEnd) {
  Counts counts;
  for (std::uint64_t seed = 1; seed <= kHistories; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Play(seed, counts);
    if (HasFatalFailure()) return;
  }
  // Or this shows nothing.
  EXPECT_GT(counts.copies, 300);
  EXPECT_GT(counts.rows_again, 100);
}

}  // namespace
}  // namespace usher::kit
