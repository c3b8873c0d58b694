// Time as the log tells it: microseconds on a clock that nobody can ask.
//
// LogClock has no now(): pure code that asks for the time does not compile; time enters with the
// record.
#pragma once

#include <chrono>
#include <cstdint>
#include <ratio>

namespace usher {

struct LogClock {
  using rep = std::int64_t;
  using period = std::micro;
  using duration = std::chrono::duration<rep, period>;
  using time_point = std::chrono::time_point<LogClock>;  // since 1970-01-01T00:00:00Z
  static constexpr bool is_steady = true;
};

using Duration = LogClock::duration;
using Instant = LogClock::time_point;

using namespace std::chrono_literals;  // 20s, 250ms

constexpr Instant kNever = Instant::max();  // later than every instant of a log

constexpr Duration kForever = Duration::max();  // longer than every span of a log

constexpr Instant FromMicros(std::int64_t micros) { return Instant(Duration(micros)); }
constexpr std::int64_t ToMicros(Instant at) { return at.time_since_epoch().count(); }

}  // namespace usher
