// Facts as the store has them: where they begin and end, slot by slot, and the clock on the wall by
// which a desk counts.
//
// Threads: any. Errors: kUnavailable: the store or the log is away.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "insights/facts_rows.h"
#include "insights/zones.h"
#include "policy/time_zone.h"
#include "store/store.h"

namespace usher::insights {

struct FactPlace {
  Instant since;                 // what was before is not known
  std::int64_t first = 0;        // slots: what lies outside is an earlier view's, or not there yet
  std::int64_t last = 0;         // the first one not in it
  std::optional<Instant> as_of;  // the last decision in the views
};

// Errors: kNotFound: nothing was ever decided for the desk.
absl::StatusOr<FactPlace> FindFacts(store::Store& store, const DeskName& desk,
                                    std::int32_t partitions);

// All entries of the slots in [from, to), page by page: a slot may come in several.
absl::Status ReadFacts(
    store::Store& store, const DeskName& desk, std::int64_t from, std::int64_t to,
    const std::function<void(std::int64_t slot, const std::vector<FactEntry>&)>& take);

struct DeskZone {
  std::string name;
  policy::TimeZone zone;
};

// The zone asked for; empty: the desk's own. Errors: kInvalidArgument: there is no such zone.
absl::StatusOr<DeskZone> ZoneOf(const DeskName& desk, const std::string& asked, Zones& zones);

}  // namespace usher::insights
