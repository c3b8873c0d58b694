// Policies as they were given, from `usher.policies`.
//
// Threads: any.
#pragma once

#include <cstdint>
#include <functional>

#include "absl/status/status.h"
#include "log/log.h"
#include "usher/v1/snapshot.pb.h"

namespace usher::insights {

// Reads a partition on from `next` to its end: each record that is a policy, in order. What is none
// is left to the router to complain of. May block.
//
// Errors: as the log says; `next` stands behind what was taken.
absl::Status ReadPolicies(log::Log& log, std::int32_t partition, std::int64_t& next,
                          const std::function<void(const v1::PolicyRecord&)>& take);

}  // namespace usher::insights
