// Calendars: business hours of a place, read from days and times of day, as the instants at which
// it opens and closes.
#pragma once

#include <optional>
#include <vector>

#include "core/time.h"
#include "model/policy.h"
#include "policy/declared.h"
#include "policy/reader.h"
#include "policy/time_zone.h"

namespace usher::policy {

// The name of a time zone. Nothing, and a problem, if it is none.
std::optional<TimeZone> ReadTimeZone(const Yaml& value, Problems& problems);

// Declares the calendars. Each is written out from the day before `now` until kCalendarMax after
// it, by the time zones that this machine knows: summer time is followed, an hour that comes twice
// is open twice, and one that is left out does not exist.
std::vector<Calendar> ReadCalendars(const Yaml& value, Instant now, Declared& declared,
                                    Problems& problems);

}  // namespace usher::policy
