// Random histories for the engine: seeded, weighted, made to collide.
//
// Few inquiries, conversations, agents, skills and queues, times in whole seconds: so that ids
// meet, messages join, stale offers race, timers tie. Every choice comes from the seed, on every
// machine. Threads: any.
#pragma once

#include <cstdint>

#include "kit/dice.h"
#include "kit/random_policy.h"
#include "kit/scenario.h"

namespace usher::kit {

// `steps` commands and restores. The reference engine is played along, so that most commands make
// sense.
Scenario RandomHistory(std::uint64_t seed, std::size_t steps, const Pools& pools = kSmallPools);

// The same by other dice; ends when they are done.
Scenario HistoryOf(const Dice& dice, std::size_t steps, const Pools& pools = kSmallPools);

// How far time may go at one step without more than some rounds of offers: where a window and a
// cool-down are short, each moment has many.
Duration ShortReach(const DeskState& desk, const Limits& limits);

}  // namespace usher::kit
