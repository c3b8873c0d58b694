// The policy block of the scenario language, read and written.
//
// Threads: any.
#pragma once

#include <string>

#include "kit/scenario_line.h"
#include "model/policy.h"

namespace usher::kit {

// Reads one line of the block, whose first word is `word`, into `policy`; errors stay with the
// line. It does not ask whether the policy makes sense: that is for the engine to refuse.
void ReadPolicyLine(const std::string& word, ScenarioLine& line, Policy& policy);

// The block, from `policy NAME` to `end`.
std::string WritePolicy(const std::string& name, const Policy& policy);

}  // namespace usher::kit
