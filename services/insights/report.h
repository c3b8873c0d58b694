// Report: the answer to GetReport, from the facts in the store.
//
// Threads: any.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "core/time.h"
#include "insights/zones.h"
#include "store/store.h"
#include "usher/v1/insights.pb.h"

namespace usher::insights {

constexpr Duration kReportMax = std::chrono::hours(24 * 100);
constexpr Duration kReportHoursMax = std::chrono::hours(24 * 31);  // of a section by hours
constexpr std::size_t kReportRowsMax = 500;                        // names of a section
constexpr int kReportNamesMax = 100;                               // of one filter

// One read of the store for each day of the period, and of the one to compare with.
// `zones` is asked if the request names no time zone. Errors: kInvalidArgument names the field;
// kNotFound: nothing was ever decided for the desk; kUnavailable: the store or the log is away.
absl::StatusOr<v1::GetReportResponse> GetReport(store::Store& store, std::int32_t partitions,
                                                Zones& zones, const v1::GetReportRequest& request);

}  // namespace usher::insights
