// Staffing: the answer to GetStaffing, from facts, agents and the desk's policy.
//
// Threads: any. Cost: a second or so of a processor; with `suggest` up to a minute for a large
// shop.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "insights/zones.h"
#include "log/log.h"
#include "store/store.h"
#include "usher/v1/staffing.pb.h"

namespace usher::insights {

constexpr std::uint32_t kStaffingWeeksMax = 12;
constexpr int kStaffingChangesMax = 20;

// Errors: kInvalidArgument names the field; kNotFound: nothing was ever decided for the desk;
// kFailedPrecondition: too little is known, or there is no policy; kUnavailable: the store or the
// log is away.
absl::StatusOr<v1::GetStaffingResponse> GetStaffing(store::Store& store, std::int32_t partitions,
                                                    Zones& zones, log::Log& log,
                                                    const v1::GetStaffingRequest& request);

}  // namespace usher::insights
