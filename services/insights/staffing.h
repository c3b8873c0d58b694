// Staffing: the answer to GetStaffing, from facts, agents and the desk's policy.
//
// Threads: any. Cost: a second or so of a processor, a few for a large shop; with `suggest` up to
// forty times that, unless it is stopped.
#pragma once

#include <cstdint>
#include <functional>

#include "absl/status/statusor.h"
#include "insights/zones.h"
#include "log/log.h"
#include "store/store.h"
#include "usher/v1/staffing.pb.h"

namespace usher::insights {

constexpr std::uint32_t kStaffingWeeksMax = 12;
constexpr int kStaffingChangesMax = 20;

// True: nobody waits for the answer any more, or the process ends. Any thread.
using Stopped = std::function<bool()>;

// Errors: kInvalidArgument names the field; kNotFound: nothing was ever decided for the desk;
// kFailedPrecondition: too little is known, or there is no policy; kUnavailable: the store or the
// log is away; kCancelled: `stopped` said so.
absl::StatusOr<v1::GetStaffingResponse> GetStaffing(store::Store& store, std::int32_t partitions,
                                                    Zones& zones, log::Log& log,
                                                    const v1::GetStaffingRequest& request,
                                                    const Stopped& stopped = nullptr);

}  // namespace usher::insights
