// Simulate: plays a scenario on the engine, in simulated time, as often as it says.
#pragma once

#include <cstdint>
#include <functional>

#include "absl/status/statusor.h"
#include "simulate/report.h"
#include "simulate/scenario.h"
#include "simulate/world.h"

namespace usher::simulate {

struct Options {
  std::uint32_t threads = 1;  // to play replications side by side
  // Empty: nobody looks. With it there is one thread: decisions come replication by replication.
  DecisionSink decisions;
  // Replications done, of how many. Called on the caller's thread.
  std::function<void(std::uint32_t done, std::uint32_t of)> progress;
  // True: no more replications. Asked before each, on the caller's thread. Empty: nothing stops it.
  std::function<bool()> stopped;
};

// Threads: any; nothing is shared between calls.
// Ensures: equal scenarios give equal reports and equal decisions, whatever the threads.
// Errors:  kInvalidArgument: the engine refuses the policy or an agent; kInternal: it refused a
//          command that it should have taken; kCancelled: it was stopped.
absl::StatusOr<Report> Simulate(const Scenario& scenario, const Options& options = {});

}  // namespace usher::simulate
