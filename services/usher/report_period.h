// ReportPeriod: which days a report is on, by the clock of a time zone.
//
// Threads: any; pure.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "core/time.h"
#include "policy/time_zone.h"

namespace usher {

// As it was asked for: one of the lengths, or the days.
struct PeriodFlags {
  bool day = false;    // today
  bool week = false;   // today and the six days before; also if nothing is asked for
  bool month = false;  // today and the 29 days before
  std::string from;    // 2026-11-16
  std::string to;      // the last day, likewise; empty: today
};

struct Period {
  Instant from;
  Instant to;           // the first instant that is not in it; not after now
  Instant before_from;  // of as many days before
  friend bool operator==(const Period&, const Period&) = default;
};

// Errors: kInvalidArgument names the flag.
absl::StatusOr<Period> ReadPeriod(const PeriodFlags& flags, const policy::TimeZone& zone,
                                  Instant now);

// "Mon 16 to Sun 22 November 2026", "Sun 22 November 2026".
std::string PeriodText(const Period& period, const policy::TimeZone& zone);

// "22 November 2026, 17:20".
std::string MomentText(Instant at, const policy::TimeZone& zone);

}  // namespace usher
