// The policy that a desk was given last, from `usher.policies`.
//
// Threads: any.
#pragma once

#include "absl/status/statusor.h"
#include "log/log.h"
#include "model/names.h"
#include "model/policy.h"

namespace usher::insights {

// Reads the desk's partition of the topic from its beginning; may block.
//
// Errors: kFailedPrecondition: it has none, or one that this build does not compile; else as the
// log says.
absl::StatusOr<Policy> PolicyOf(log::Log& log, const DeskName& desk);

}  // namespace usher::insights
