// Which policies make no sense: ApplyPolicy of libs/engine/README.md refuses them.
//
// Threads: any.
#pragma once

#include <vector>

#include "model/limits.h"
#include "model/policy.h"
#include "model/state.h"

namespace usher::kit {

// All that is asked of a policy by itself.
bool IsGoodPolicy(const Policy& policy, const Limits& limits);

// More than Limits::names_max distinct skill names among the agents and the policy?
bool TooManyNames(const std::vector<AgentState>& agents, const Policy& policy,
                  const Limits& limits);

}  // namespace usher::kit
