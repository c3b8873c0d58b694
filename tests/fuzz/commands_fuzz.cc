// Bytes become a history: the engine and the reference engine must agree on it, and the rules of
// kit/state_rules.h must hold after each step.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "engine/engine.h"
#include "kit/differential.h"
#include "kit/random_history.h"
#include "kit/reference_engine.h"

namespace {

constexpr std::size_t kMostSteps = 300;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace usher::kit;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const Scenario history = HistoryOf(Dice(bytes), kMostSteps);
  EngineBehind<usher::engine::Engine> engine(history.limits);
  EngineBehind<ReferenceEngine> reference(history.limits);
  const std::string difference = Difference(history, engine, reference);
  if (difference.empty()) return 0;
  std::fprintf(stderr, "%s\n%s", difference.c_str(), WriteScenario(history).c_str());
  std::abort();
}
