// Is a policy sound: within Limits, and every name in it resolves?
#pragma once

#include "model/limits.h"
#include "model/policy.h"

namespace usher::engine {

// Distinct skill names are not counted here (Coverage::NamesFit).
bool PolicyIsSound(const Policy& policy, const Limits& limits);

}  // namespace usher::engine
