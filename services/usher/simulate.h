// `usher simulate`: a scenario on the engine, in simulated time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace usher {

struct SimulateOptions {
  std::string file;
  std::string decisions;  // empty: nowhere
  std::optional<std::uint64_t> seed;
  std::optional<std::uint32_t> replications;
  std::uint32_t threads = 1;
  bool json = false;
};

// Report to standard output, problems and speed to standard error, progress there too if it is a
// terminal. Returns the exit code.
int Simulate(const SimulateOptions& options);

}  // namespace usher
