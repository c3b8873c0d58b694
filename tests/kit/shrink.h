// Shrunk: a small history that shows the same as a large one.
//
// Threads: any.
#pragma once

#include <functional>

#include "kit/scenario.h"

namespace usher::kit {

// Takes away steps, then parts of steps, as long as `fails` holds.
//
// Requires: fails(failing).
// Cost:     some thousands of calls of `fails`; a candidate may jump far in time.
Scenario Shrunk(Scenario failing, const std::function<bool(const Scenario&)>& fails);

}  // namespace usher::kit
