// Rules that every DeskState keeps, checked from the values alone, without an engine.
//
// Each function gives an empty string when all is well, else one sentence that says what is not.
// Threads: any.
#pragma once

#include <string>
#include <vector>

#include "model/limits.h"
#include "model/state.h"

namespace usher::kit {

// Does `state` break a bound of `limits` or contradict itself? What no engine could have come to,
// whatever happened.
std::string Contradiction(const DeskState& state, const Limits& limits);

// The invariants at the end of libs/engine/README.md, for a state right after a command; `before`
// is the state right before it.
std::string BrokenInvariant(const DeskState& before, const DeskState& after);

// Is there work left that settling would do: an able agent for what waits, a hopeless reservation,
// a step that nobody staffs before one that somebody does, a gate that stands otherwise?
//
// Requires: no Contradiction() but for this.
std::string Unsettled(const DeskState& state);

// One timer of a state.
struct StateTimer {
  Timer timer;
  bool may_be_due = false;  // by its nature: it may be set for a time that has passed
};
std::vector<StateTimer> AllTimers(const DeskState& state);  // those that are set

}  // namespace usher::kit
