// Could an engine with these limits have come to this state? Judged by the values alone.
#pragma once

#include "model/limits.h"
#include "model/state.h"

namespace usher::engine {

// Bounds, order, references, counters, stages, clocks, timers, loads. Not judged here: distinct
// skill names, and whether somebody waits whom an agent is able to take.
bool IsConsistent(const DeskState& state, const Limits& limits);

}  // namespace usher::engine
