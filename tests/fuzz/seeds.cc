// Writes the seeds of both fuzz targets into two folders: seeds COMMANDS SNAPSHOTS.
#include <cstdint>
#include <fstream>
#include <string>

#include "kit/random_history.h"
#include "kit/reference_engine.h"
#include "model/state.h"

namespace {

using namespace usher;
using namespace usher::kit;

constexpr std::uint64_t kSeeds = 60;

void Write(const std::string& folder, std::uint64_t number, const std::string& bytes) {
  std::ofstream(folder + "/" + std::to_string(number), std::ios::binary) << bytes;
}

std::string RandomBytes(std::uint64_t seed) {
  Dice dice(seed);
  std::string bytes(400 + dice.Below(3000), '\0');
  for (char& byte : bytes) byte = static_cast<char>(dice.Below(256));
  return bytes;
}

// Within the default limits, since the target restores with them. Sources would fill the bytes with
// their windows.
std::string RandomState(std::uint64_t seed) {
  const Scenario history = RandomHistory(seed, 20 + seed);
  ReferenceEngine engine{Limits()};
  OfferBook offers;
  for (const Step& step : history.steps) {
    if (step.restore) continue;
    Command command = offers.Resolve(step);
    command.source = Source();
    DecisionList decisions;
    engine.Apply(command, decisions);
    offers.Note(decisions);
  }
  return EncodeState(engine.Save());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 1;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    Write(argv[1], seed, RandomBytes(seed));
    Write(argv[2], seed, RandomState(seed));
  }
  return 0;
}
