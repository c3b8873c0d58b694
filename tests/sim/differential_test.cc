// The engine and the reference engine must agree on every history.
//
// A difference is made small and printed as a scenario file with what the reference decides.
// USHER_DIFFERENTIAL_RUNS=100000 asks for more histories, USHER_DIFFERENTIAL_SEED for the first
// seed; tests/sim/README.md says how ten million commands are run.
#include "kit/differential.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ostream>
#include <string>

#include "engine/engine.h"
#include "kit/random_history.h"
#include "kit/reference_engine.h"
#include "kit/scenario.h"
#include "kit/shrink.h"

namespace usher::kit {
namespace {

#ifdef __OPTIMIZE__
constexpr std::uint64_t kRuns = 1200;
constexpr std::uint64_t kLargeRuns = 4;
#else
constexpr std::uint64_t kRuns = 250;
constexpr std::uint64_t kLargeRuns = 2;
#endif
constexpr std::uint64_t kMostSteps = 400;

std::uint64_t Asked(const char* name, std::uint64_t otherwise) {
  const char* asked = std::getenv(name);
  return asked == nullptr ? otherwise : std::strtoull(asked, nullptr, 10);
}

std::string DifferenceOn(const Scenario& scenario, bool short_reach) {
  EngineBehind<engine::Engine> engine(scenario.limits);
  EngineBehind<ReferenceEngine> reference(scenario.limits);
  DifferentialOptions options;
  options.short_reach = short_reach;
  return Difference(scenario, engine, reference, options);
}

// What to keep of a failing history.
std::string MadeSmall(const Scenario& failing) {
  Scenario small = Shrunk(
      failing, [](const Scenario& candidate) { return !DifferenceOn(candidate, true).empty(); });
  EngineBehind<ReferenceEngine> reference(small.limits);
  Record(small, reference);
  return DifferenceOn(small, true) + "\n" + WriteScenario(small);
}

TEST(Differential, EnginesAgreeOnEveryHistory) {
  const std::uint64_t first = Asked("USHER_DIFFERENTIAL_SEED", 1);
  const std::uint64_t runs = Asked("USHER_DIFFERENTIAL_RUNS", kRuns);
  std::uint64_t commands = 0;
  for (std::uint64_t seed = first; seed < first + runs; ++seed) {
    const Scenario history = RandomHistory(seed, 10 + seed % kMostSteps);
    commands += history.steps.size();
    const std::string difference = DifferenceOn(history, false);
    ASSERT_EQ(difference, "") << "seed " << seed << ", made small:\n" << MadeSmall(history);
  }
  RecordProperty("commands", std::to_string(commands));
}

// Enough agents, skills and queues that the engine's tables grow beyond a word.
TEST(Differential, EnginesAgreeWhereThereIsMuch) {
  const std::uint64_t first = Asked("USHER_DIFFERENTIAL_SEED", 1);
  const std::uint64_t runs = Asked("USHER_DIFFERENTIAL_LARGE_RUNS", kLargeRuns);
  for (std::uint64_t seed = first; seed < first + runs; ++seed) {
    const Scenario history = RandomHistory(seed, 1000, kLargePools);
    EngineBehind<engine::Engine> engine(history.limits);
    EngineBehind<ReferenceEngine> reference(history.limits);
    DifferentialOptions options;
    options.rules_every = 20;
    ASSERT_EQ(Difference(history, engine, reference, options), "") << "seed " << seed;
  }
}

struct Hashes {
  std::uint64_t decisions = kFnv64Offset;  // over all decisions in words
  std::uint64_t state = 0;

  friend bool operator==(const Hashes&, const Hashes&) = default;
};

std::ostream& operator<<(std::ostream& os, const Hashes& hashes) {
  return os << "{" << hashes.decisions << "u, " << hashes.state << "u}";
}

template <class Engine>
Hashes HashesOf(std::uint64_t seed, const Pools& pools, std::size_t steps) {
  const Scenario history = RandomHistory(seed, steps, pools);
  Engine engine(history.limits);
  OfferBook offers;
  Hashes hashes;
  for (const Step& step : history.steps) {
    if (step.restore) continue;
    DecisionList decisions;
    engine.Apply(offers.Resolve(step), decisions);
    offers.Note(decisions);
    for (const Decision& each : decisions) {
      hashes.decisions = Hash64(Describe(each, history.labels).ToString(), hashes.decisions);
    }
  }
  hashes.state = engine.StateHash();
  return hashes;
}

// The same with every compiler and at every level of optimisation. Changes only with what the
// engine decides (a new logic version), with kStateFormat, or with what RandomHistory makes of a
// seed.
TEST(Differential, TheSameHistoryGivesThePinnedHashes) {
  const Hashes kSmall = {5950694649360114724u, 7400710421703309276u};
  const Hashes kLarge = {10248240690326118489u, 257572909996360801u};
  EXPECT_EQ(HashesOf<engine::Engine>(2026, kSmallPools, 5000), kSmall);
  EXPECT_EQ(HashesOf<ReferenceEngine>(2026, kSmallPools, 5000), kSmall);
  EXPECT_EQ(HashesOf<engine::Engine>(7, kLargePools, 1000), kLarge);
  EXPECT_EQ(HashesOf<ReferenceEngine>(7, kLargePools, 1000), kLarge);
}

}  // namespace
}  // namespace usher::kit
