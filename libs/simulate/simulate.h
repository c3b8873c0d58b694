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
  DecisionSink decisions;                                      // empty: nobody looks
  std::function<void(std::uint32_t, std::uint32_t)> progress;  // replications done, of how many
};

// Threads: any; nothing is shared between calls.
// Ensures: equal scenarios give equal reports and equal decisions.
// Errors:  kInvalidArgument: the engine refuses the policy or an agent; kInternal: it refused a
//          command that it should have taken.
absl::StatusOr<Report> Simulate(const Scenario& scenario, const Options& options = {});

}  // namespace usher::simulate
