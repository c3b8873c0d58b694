// Two engines on one history: where do they part?
//
// Threads: one.
#pragma once

#include <string>

#include "kit/any_engine.h"
#include "kit/scenario.h"

namespace usher::kit {

struct DifferentialOptions {
  std::size_t hash_every = 16;  // steps between two comparisons of the whole state
  std::size_t rules_every = 1;  // steps between two checks of the rules of kit/state_rules.h
  bool short_reach = false;     // ends, with nothing found, where a step goes beyond ShortReach()
};

// Plays `scenario` on both. Every step must give equal decisions and equal next timers; the states
// must be equal where they are compared, keep the rules, and be what the decisions say. At a
// restore each engine goes on from the other's state, through its encoding. Empty, or what differs,
// with the step.
std::string Difference(const Scenario& scenario, AnyEngine& engine, AnyEngine& reference,
                       const DifferentialOptions& options = {});

// The first part in which two states differ, in words; empty if they are equal.
std::string StateDifference(const DeskState& a, const DeskState& b);

}  // namespace usher::kit
