// The changes of `usher staff`, as they are written on the command line.
//
// Threads: any; pure.
#pragma once

#include <string_view>

#include "absl/status/statusor.h"
#include "usher/v1/staffing.pb.h"

namespace usher {

// "2 uk:60,orders 18-22": how many, what they can do (without a level: 100), from when to when
// (without hours: all day).
//
// Errors: kInvalidArgument says what is wrong. Bounds are the service's to check.
absl::StatusOr<v1::StaffingChange> ReadChange(std::string_view text);

}  // namespace usher
