// What the facts and the agents of a desk say of how many are needed.
//
// Threads: any.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "insights/facts_read.h"
#include "staffing/history.h"
#include "store/store.h"

namespace usher::insights {

// Slots [from, to) by the clock of `zone`; an hour may be there in part. Agents who were removed
// and bots are no members. Handling and waiting are sums of the sketches' middles: within 1.6%.
//
// Errors: kUnavailable: the store is away.
absl::StatusOr<staffing::History> ReadHistory(store::Store& store, const DeskName& desk,
                                              std::int32_t partition, std::int64_t from,
                                              std::int64_t to, const policy::TimeZone& zone);

// The hour that the clock on the wall shows.
staffing::LocalHour LocalHourOf(std::int64_t slot, const policy::TimeZone& zone);

}  // namespace usher::insights
