// Bytes become a saved state: it is refused, or it is sound, and both engines go on from it alike.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "core/hash.h"
#include "engine/engine.h"
#include "kit/differential.h"
#include "kit/random_commands.h"
#include "kit/random_history.h"
#include "kit/reference_engine.h"
#include "kit/state_rules.h"

namespace {

using namespace usher;
using namespace usher::kit;

constexpr int kCommands = 12;

void Demand(bool condition, const std::string& what) {
  if (condition) return;
  std::fprintf(stderr, "%s\n", what.c_str());
  std::abort();
}

// Some commands that make sense there.
void GoOn(engine::Engine& engine, ReferenceEngine& reference, std::uint64_t seed) {
  Dice dice(seed);
  Labels labels;
  OfferBook offers;
  const Mood mood{
      .inquiries = 20, .agents = 5, .placing = 0, .working = 0, .hurry = 0, .wishes = 50};
  RandomCommands commands(dice, kSmallPools, mood, labels, reference.state());
  for (int n = 0; n < kCommands; ++n) {
    const Duration reach = std::min<Duration>(1min, ShortReach(reference.state(), Limits()));
    Step step;
    switch (dice.Below(5)) {
      case 0:
        step.command.body = commands.Place();
        break;
      case 1:
        step.command.body = commands.Work();
        break;
      case 2:
        step.command.body = commands.OnAgent();
        break;
      case 3:
        step.command.body = commands.OnInquiry();
        break;
      default:
        step.command.body = Tick();
    }
    step.command.at = reference.now() <= kNever - reach ? reference.now() + reach : kNever;
    DecisionList decided, expected;
    engine.Apply(step.command, decided);
    reference.Apply(step.command, expected);
    Demand(decided == expected, "the engines decide differently after a restore");
  }
  Demand(StateDifference(engine.Save(), reference.Save()).empty(), "the states differ");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::optional<DeskState> state = DecodeState(bytes);
  if (!state) return 0;
  Demand(EncodeState(*state) == bytes, "another encoding of the same state was taken");
  const Limits limits;
  engine::Engine engine(limits);
  if (!engine.Restore(*state)) {
    Demand(engine.Save() == DeskState(), "refused, and not as new");
    return 0;
  }
  Demand(engine.Save() == *state, "what is saved is not what was restored");
  const std::string contradiction = Contradiction(*state, limits);
  Demand(contradiction.empty(), "restored, but " + contradiction);
  ReferenceEngine reference(limits);
  Demand(reference.Restore(*state), "the reference refuses it");
  GoOn(engine, reference, Hash64(bytes));
  return 0;
}
