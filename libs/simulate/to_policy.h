// The engine's side of a scenario: its limits, its policy, its agents. The one part that knows how
// the words of a scenario are said in a Policy.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "model/command.h"
#include "model/limits.h"
#include "model/policy.h"
#include "simulate/scenario.h"

namespace usher::simulate {

// An agent who missed or declined an inquiry is not asked for it again so long, and one whom a
// policy put away for missed offers comes back after it.
constexpr Duration kCooldown = std::chrono::minutes(1);

Limits ToLimits(const Scenario& scenario);

// Each class is a queue of its own, with an SLA class if it has a target. A scenario's own policy
// comes back as it is.
Policy ToPolicy(const Scenario& scenario);

// The message by which an inquiry of this class comes in; the id is left open.
PlaceInquiry ToPlace(const Scenario& scenario, const ClassSpec& spec);

// Agent `number` of all (from 0), who is of `group`. By name agents stand in the order of numbers.
RegisterAgent ToAgent(const Scenario& scenario, std::size_t group, std::uint32_t number);

// The number in an agent's name. Requires: made by ToAgent().
std::uint32_t NumberOf(const AgentName& name);

}  // namespace usher::simulate
