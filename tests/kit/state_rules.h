// Rules that every DeskState keeps, checked from the values alone, without an engine.
//
// Each function gives an empty string when all is well, else one sentence that says what is not.
// Threads: any.
#pragma once

#include <string>

#include "model/limits.h"
#include "model/state.h"

namespace usher::kit {

// Does `state` break a bound of `limits` or contradict itself? What no engine could have come to.
std::string Contradiction(const DeskState& state, const Limits& limits);

// The invariants at the end of libs/engine/README.md, for a state right after a command; `before`
// is the state right before it.
std::string BrokenInvariant(const DeskState& before, const DeskState& after);

}  // namespace usher::kit
