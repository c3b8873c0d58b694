// The engine and the reference engine must agree on every history.
//
// RapidCheck draws the histories and makes a failing one small; what it prints then is a scenario
// file. USHER_DIFFERENTIAL_RUNS=100000 asks for more histories; RC_PARAMS="seed=..." repeats a run.
#include "kit/differential.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cstdlib>
#include <memory>
#include <ostream>
#include <string>

#include "engine/engine.h"
#include "kit/random_history.h"
#include "kit/reference_engine.h"
#include "kit/scenario.h"

namespace usher::kit {
namespace {

#ifdef __OPTIMIZE__
constexpr const char* kRuns = "3000";
constexpr std::uint64_t kLargeRuns = 15;
#else
constexpr const char* kRuns = "400";
constexpr std::uint64_t kLargeRuns = 4;
#endif
constexpr std::uint64_t kMostSteps = 400;

std::string DifferenceOn(const Scenario& scenario) {
  EngineBehind<engine::Engine> engine(scenario.limits);
  EngineBehind<ReferenceEngine> reference(scenario.limits);
  return Difference(scenario, engine, reference);
}

// Shared, since RapidCheck copies what it draws many times.
struct History {
  std::shared_ptr<const Scenario> scenario;
};

History MakeHistory(Scenario scenario) {
  return {std::make_shared<const Scenario>(std::move(scenario))};
}

// What RapidCheck prints: the history as a scenario file, with what the reference decides.
std::ostream& operator<<(std::ostream& os, const History& history) {
  Scenario recorded = *history.scenario;
  EngineBehind<ReferenceEngine> reference(recorded.limits);
  Record(recorded, reference);
  return os << "\n" << WriteScenario(recorded);
}

rc::Gen<History> Histories() {
  return rc::Gen<History>([](const rc::Random& random, int) {
    rc::Random source = random;
    const std::uint64_t seed = source.next();
    // It shrinks by its steps, not by its seed: another seed is another history.
    return rc::shrinkable::shrinkRecur(
        MakeHistory(RandomHistory(seed, 10 + seed % kMostSteps)), [](const History& history) {
          return rc::seq::map(rc::seq::fromContainer(Simpler(*history.scenario)),
                              [](const auto& make) { return MakeHistory(make()); });
        });
  });
}

// RapidCheck takes its parameters from the environment alone.
void AskForRuns() {
  const char* wanted = std::getenv("USHER_DIFFERENTIAL_RUNS");
  std::string params = std::string("max_success=") + (wanted == nullptr ? kRuns : wanted);
  if (const char* given = std::getenv("RC_PARAMS")) params += std::string(" ") + given;
  setenv("RC_PARAMS", params.c_str(), 1);
}

TEST(Differential, EnginesAgreeOnEveryHistory) {
  AskForRuns();
  EXPECT_TRUE(rc::check("the engines agree", [] {
    const History history = *Histories();
    const std::string difference = DifferenceOn(*history.scenario);
    if (!difference.empty()) RC_FAIL(difference);
  }));
}

// Enough agents, skills and queues that the engine's tables grow beyond a word.
TEST(Differential, EnginesAgreeWhereThereIsMuch) {
  for (std::uint64_t seed = 1; seed <= kLargeRuns; ++seed) {
    const Scenario history = RandomHistory(seed, 1000, kLargePools);
    ASSERT_EQ(DifferenceOn(history), "") << "seed " << seed;
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
Hashes HashesOf(std::uint64_t seed, const Pools& pools) {
  const Scenario history = RandomHistory(seed, 5000, pools);
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
  const Hashes kSmall = {5338699403561649654u, 2404531944053767196u};
  const Hashes kLarge = {17067984557636625621u, 15560380429683126544u};
  EXPECT_EQ(HashesOf<engine::Engine>(2026, kSmallPools), kSmall);
  EXPECT_EQ(HashesOf<ReferenceEngine>(2026, kSmallPools), kSmall);
  EXPECT_EQ(HashesOf<engine::Engine>(7, kLargePools), kLarge);
  EXPECT_EQ(HashesOf<ReferenceEngine>(7, kLargePools), kLarge);
}

}  // namespace
}  // namespace usher::kit
