// The part of state_rules.h that looks at one open inquiry.
//
// Threads: any.
#pragma once

#include <string>

#include "kit/desk_view.h"
#include "model/limits.h"
#include "model/state.h"

namespace usher::kit {

// Empty, or one sentence that says what no engine could have come to.
//
// Requires: the policy and the agents of `state` are sound; `view` is of it.
std::string BadInquiry(const InquiryState& inquiry, const DeskState& state, const DeskView& view,
                       const Limits& limits);

}  // namespace usher::kit
