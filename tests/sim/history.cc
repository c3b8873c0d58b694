// Prints a random history as a scenario file: history SEED STEPS small|large.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "kit/random_history.h"
#include "kit/scenario.h"

int main(int argc, char** argv) {
  using namespace usher::kit;
  if (argc != 4) return 1;
  const Pools pools = std::string(argv[3]) == "large" ? kLargePools : kSmallPools;
  const Scenario history = RandomHistory(std::strtoull(argv[1], nullptr, 10),
                                         std::strtoull(argv[2], nullptr, 10), pools);
  std::fputs(WriteScenario(history).c_str(), stdout);
  return 0;
}
