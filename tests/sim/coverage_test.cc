// The random histories reach every command, decision, reason, pick, order and situation: or what
// agrees on them would show little.
#include "kit/coverage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kit/random_history.h"
#include "kit/reference_engine.h"

namespace usher::kit {
namespace {

using ::testing::IsEmpty;

#ifdef __OPTIMIZE__
constexpr std::uint64_t kHistories = 1200;
#else
constexpr std::uint64_t kHistories = 600;
#endif

TEST(RandomHistories, ReachAllThatTheEngineKnows) {
  Coverage coverage;
  for (std::uint64_t seed = 1; seed <= kHistories; ++seed) {
    const Scenario history = RandomHistory(seed, 10 + seed % 400);
    ReferenceEngine engine(history.limits);
    OfferBook offers;
    for (const Step& step : history.steps) {
      if (step.restore) continue;
      const DeskState before = engine.Save();
      const Command command = offers.Resolve(step);
      DecisionList decisions;
      engine.Apply(command, decisions);
      offers.Note(decisions);
      coverage.Note(before, command, decisions, engine.state());
    }
  }
  EXPECT_THAT(coverage.Below(3), IsEmpty());
}

}  // namespace
}  // namespace usher::kit
