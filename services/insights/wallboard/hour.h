// Hour: what a desk did in the last hour, from the facts that reports are made of. It begins at a
// full quarter, so it is an hour and up to a quarter long; `since` says when.
//
// Threads: any.
#pragma once

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "core/time.h"
#include "insights/zones.h"
#include "model/names.h"
#include "store/store.h"

namespace usher::insights {

struct HourFacts {
  Instant since = kNever;  // kNever: nothing was decided for the desk so far
  std::uint64_t placed = 0;
  std::uint64_t answered = 0;
  std::uint64_t breached = 0;  // targets, of every kind
  // Half and nine tenths of the first responses took at most so many seconds, within the error of a
  // report; none: there were none.
  std::optional<double> half;
  std::optional<double> most;

  friend bool operator==(const HourFacts&, const HourFacts&) = default;
};

// Errors: kUnavailable: the store is away. Cost: that of a day's facts, or of two days' around
// midnight of UTC.
absl::StatusOr<HourFacts> ReadHour(store::Store& store, std::int32_t partitions, Zones& zones,
                                   const DeskName& desk, Instant now);

}  // namespace usher::insights
