#include "usher/report_period.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <optional>
#include <string_view>

#include "support/status.h"

namespace usher {
namespace {

constexpr const char* kWeekdays[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
constexpr const char* kMonths[] = {"January",   "February", "March",    "April",
                                   "May",       "June",     "July",     "August",
                                   "September", "October",  "November", "December"};

std::optional<int> Number(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 0) return std::nullopt;
  return number;
}

// The day, checked to be one.
absl::StatusOr<policy::LocalTime> ReadDay(const char* flag, std::string_view text,
                                          const policy::TimeZone& zone) {
  const auto bad = [flag] {
    return absl::InvalidArgumentError(std::string(flag) + ": must be a day such as 2026-11-16");
  };
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return bad();
  const auto year = Number(text.substr(0, 4));
  const auto month = Number(text.substr(5, 2));
  const auto day = Number(text.substr(8, 2));
  if (!year || !month || !day || *year < 1970) return bad();
  // Noon: where a day begins at one o'clock, its midnight is the day before.
  const policy::LocalTime local = zone.At(zone.DayStart(*year, *month, *day) + 12h);
  if (local.month != *month || local.day != *day) return bad();
  return local;
}

Instant DayAfter(const policy::LocalTime& day, int days, const policy::TimeZone& zone) {
  return zone.DayStart(day.year, day.month, day.day + days);
}

std::string DayText(const policy::LocalTime& day, bool with_month) {
  std::string text = std::string(kWeekdays[day.weekday % 7]) + " " + std::to_string(day.day);
  if (with_month) {
    text += std::string(" ") + kMonths[(day.month - 1) % 12] + " " + std::to_string(day.year);
  }
  return text;
}

}  // namespace

absl::StatusOr<Period> ReadPeriod(const PeriodFlags& flags, const policy::TimeZone& zone,
                                  Instant now) {
  const policy::LocalTime today = zone.At(now);
  if (flags.from.empty()) {
    if (!flags.to.empty()) return absl::InvalidArgumentError("--to: only with --from");
    const int days = flags.day ? 1 : flags.month ? 30 : 7;
    // Only as far as it is known: what is compared with it ends at the same time of day.
    return Period{DayAfter(today, 1 - days, zone), now, DayAfter(today, 1 - 2 * days, zone)};
  }
  USHER_TRY(const policy::LocalTime from, ReadDay("--from", flags.from, zone));
  policy::LocalTime to = today;
  if (!flags.to.empty()) {
    USHER_TRY(to, ReadDay("--to", flags.to, zone));
  }
  const Instant begin = DayAfter(from, 0, zone);
  const Instant end = DayAfter(to, 1, zone);
  if (end <= begin) return absl::InvalidArgumentError("--to: must not be before --from");
  if (begin >= now) return absl::InvalidArgumentError("--from: is not there yet");
  // Rounded: a day may have 23 or 25 hours.
  const auto days = static_cast<int>((end - begin + 12h) / 24h);
  return Period{begin, std::min(end, now), DayAfter(from, -days, zone)};
}

std::string PeriodText(const Period& period, const policy::TimeZone& zone) {
  const policy::LocalTime first = zone.At(period.from);
  const policy::LocalTime last = zone.At(period.to - Duration(1));
  const bool one = first.year == last.year && first.month == last.month && first.day == last.day;
  if (one) return DayText(last, true);
  const bool same_month = first.year == last.year && first.month == last.month;
  return DayText(first, !same_month) + " to " + DayText(last, true);
}

std::string MomentText(Instant at, const policy::TimeZone& zone) {
  const policy::LocalTime local = zone.At(at);
  std::array<char, 16> clock{};
  std::snprintf(clock.data(), clock.size(), "%02d:%02d", local.hour, local.minute);
  return std::to_string(local.day) + " " + kMonths[(local.month - 1) % 12] + " " +
         std::to_string(local.year) + ", " + clock.data();
}

}  // namespace usher
