// TimeZone: what a clock on the wall of a place shows, by the time zones that this machine knows.
//
// Threads: any; all pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "core/time.h"

namespace usher::policy {

struct LocalTime {
  int year = 1970;
  int month = 1;  // 1 to 12
  int day = 1;    // 1 to 31
  int hour = 0;
  int minute = 0;
  int weekday = 0;         // 0: Monday
  int offset_minutes = 0;  // ahead of UTC
};

class TimeZone {
 public:
  // Nothing unless it is a name such as Europe/Kyiv or UTC that the machine knows; what names a
  // file by another way, or the zone of whatever machine this is, is none.
  static std::optional<TimeZone> Load(std::string_view name);

  LocalTime At(Instant at) const;

  // When that day begins; a day or month out of range counts on: the 32nd of May is the 1st of
  // June.
  Instant DayStart(int year, int month, int day) const;

  const absl::TimeZone& zone() const { return zone_; }

 private:
  explicit TimeZone(absl::TimeZone zone) : zone_(zone) {}
  absl::TimeZone zone_;
};

// Where the desk of a policy is: its `time_zone`, or that of its first calendar; empty: it has
// none.
std::string TimeZoneOf(std::string_view policy_yaml);

}  // namespace usher::policy
