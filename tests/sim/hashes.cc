// Prints a hash of all decisions and one of the last state for each scenario file that is named.
#include <cinttypes>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "core/hash.h"
#include "engine/engine.h"
#include "kit/scenario.h"

namespace {

// False if the file is no scenario.
bool PrintHashes(const char* file) {
  using namespace usher;
  std::stringstream text;
  text << std::ifstream(file).rdbuf();
  const kit::ReadResult read = kit::ReadScenario(file, text.str());
  if (!read.error.empty()) {
    std::fprintf(stderr, "%s\n", read.error.c_str());
    return false;
  }
  engine::Engine engine(read.scenario.limits);
  kit::OfferBook offers;
  std::uint64_t hash = kFnv64Offset;
  std::size_t decided = 0;
  for (const kit::Step& step : read.scenario.steps) {
    if (step.restore) continue;
    DecisionList decisions;
    engine.Apply(offers.Resolve(step), decisions);
    offers.Note(decisions);
    decided += decisions.size();
    for (const Decision& each : decisions) {
      hash = Hash64(kit::Describe(each, read.scenario.labels).ToString(), hash);
    }
  }
  std::printf("%zu decisions %016" PRIx64 " state %016" PRIx64 "\n", decided, hash,
              engine.StateHash());
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    if (!PrintHashes(argv[i])) return 1;
  }
  return argc > 1 ? 0 : 1;
}
