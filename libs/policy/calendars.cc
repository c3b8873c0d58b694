#include "policy/calendars.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "model/limits.h"

namespace usher::policy {
namespace {

constexpr std::array<std::string_view, 7> kDays = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr int kMinutesADay = 24 * 60;
constexpr std::size_t kIntervalsMax = 11;  // a day: two years of them stay within spans_max
constexpr Instant kLatest = FromMicros(7'258'118'400'000'000);  // 2200
constexpr std::size_t kSpansMax = 20'000;  // of all calendars: they travel in one record
constexpr std::size_t kHolidaysMax = 1'000;

// In minutes of the day; a `to` not after `from` is of the next day.
struct Interval {
  int from = 0;
  int to = 0;
};

using Hours = std::vector<Interval>;

struct Week {
  absl::TimeZone zone;
  std::array<Hours, 7> days;                       // from Monday
  std::map<absl::CivilDay, Hours> dates;           // in place of the day's
  std::map<std::pair<int, int>, Hours> each_year;  // month and day, likewise
};

std::optional<int> Number(std::string_view text) {
  int number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + (c - '0');
  }
  return number;
}

// "09:30" is 570.
std::optional<int> ParseTime(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto hour = Number(text.substr(0, 2));
  const auto minute = Number(text.substr(3));
  if (!hour || !minute || *minute > 59) return std::nullopt;
  const int time = *hour * 60 + *minute;
  return time <= kMinutesADay ? std::optional<int>(time) : std::nullopt;
}

std::optional<Interval> ParseInterval(std::string_view text) {
  if (text.size() != 11 || text[5] != '-') return std::nullopt;
  const auto from = ParseTime(text.substr(0, 5));
  const auto to = ParseTime(text.substr(6));
  if (!from || !to || *from == kMinutesADay || *from == *to || *to == 0) return std::nullopt;
  return Interval{*from, *to};
}

class CalendarReader {
 public:
  explicit CalendarReader(Problems& problems) : problems_(problems) {}

  Week Read(const std::string& name, const Yaml& value) {
    Week week;
    Fields fields(value, "the calendar " + Quoted(name), {"time_zone", "open", "holidays"},
                  problems_);
    if (const Yaml* zone = fields.Need("time_zone")) ReadZone(*zone, week);
    if (const Yaml* open = fields.Need("open")) ReadDays(*open, week);
    if (const Yaml* holidays = fields.Find("holidays")) ReadHolidays(*holidays, week);
    return week;
  }

 private:
  void ReadZone(const Yaml& value, Week& week) {
    if (const auto zone = ReadTimeZone(value, problems_)) week.zone = zone->zone();
  }

  void ReadDays(const Yaml& value, Week& week) {
    if (value.kind != Yaml::Kind::kMap || value.keys.empty()) {
      TellMisfit(value, "open", "a map from days to hours, such as {mon-fri: 09:00-18:00}",
                 problems_);
      return;
    }
    std::array<bool, 7> said{};
    for (std::size_t i = 0; i < value.keys.size(); ++i) {
      const Hours hours = ReadHours(value.items[i]);
      for (const std::size_t day : DaysOf(value.keys[i])) {
        if (said[day]) {
          problems_.Add(value.keys[i].at, "the hours of " + std::string(kDays[day]) +
                                              " are there already; say them once");
        }
        said[day] = true;
        week.days[day] = hours;
      }
    }
  }

  // "mon" or "fri-mon".
  std::vector<std::size_t> DaysOf(const Yaml& key) {
    const std::size_t dash = key.text.find('-');
    const std::string_view first = std::string_view(key.text).substr(0, dash);
    const std::string_view last =
        dash == std::string::npos ? first : std::string_view(key.text).substr(dash + 1);
    const auto from = std::find(kDays.begin(), kDays.end(), first);
    const auto to = std::find(kDays.begin(), kDays.end(), last);
    if (from == kDays.end() || to == kDays.end()) {
      problems_.Add(key.at, "no day " + Quoted(key.text) +
                                "; days are mon, tue, wed, thu, fri, sat, sun, or two of them "
                                "such as mon-fri");
      return {};
    }
    const auto last_day = static_cast<std::size_t>(to - kDays.begin());
    std::vector<std::size_t> days = {static_cast<std::size_t>(from - kDays.begin())};
    while (days.back() != last_day) days.push_back((days.back() + 1) % kDays.size());
    return days;
  }

  Hours ReadHours(const Yaml& value) {
    Hours hours;
    const auto items = ReadList(value, "hours", true, problems_);
    if (items.size() > kIntervalsMax) {
      problems_.Add(value.at, std::to_string(items.size()) + " intervals a day; at most " +
                                  std::to_string(kIntervalsMax) + " are taken");
    }
    for (const Yaml* item : items) {
      const auto interval =
          item->kind == Yaml::Kind::kText ? ParseInterval(item->text) : std::nullopt;
      if (!interval) {
        TellMisfit(*item, "hours", "from when to when, such as 09:00-13:00 or 22:00-06:00",
                   problems_);
        continue;
      }
      if (!hours.empty() &&
          (hours.back().to <= hours.back().from || interval->from < hours.back().to)) {
        problems_.Add(item->at,
                      "begins before the hours before it end; order them, and join what "
                      "overlaps");
      }
      hours.push_back(*interval);
    }
    return hours;
  }

  void ReadHolidays(const Yaml& value, Week& week) {
    const auto items = ReadList(value, "holidays", false, problems_);
    if (items.size() > kHolidaysMax) {
      problems_.Add(value.at, std::to_string(items.size()) + " holidays; at most " +
                                  std::to_string(kHolidaysMax) + " are taken");
    }
    for (const Yaml* item : items) {
      if (item->kind == Yaml::Kind::kText) {
        TakeDate(*item, {}, week);
        continue;
      }
      Fields fields(*item, "a holiday", {"date", "open"}, problems_);
      const Yaml* date = fields.Need("date");
      const Yaml* open = fields.Find("open");
      const Hours hours = open == nullptr ? Hours() : ReadHours(*open);
      if (date != nullptr) TakeDate(*date, hours, week);
    }
  }

  // "2026-12-25", or "12-25" for every year.
  void TakeDate(const Yaml& value, const Hours& hours, Week& week) {
    const std::string_view text =
        value.kind == Yaml::Kind::kText ? std::string_view(value.text) : std::string_view();
    const bool yearly = text.size() == 5;
    const std::string_view rest =
        yearly ? text : text.substr(std::min<std::size_t>(5, text.size()));
    const auto year = yearly ? std::optional<int>(2000)  // of all days that there are
                             : Number(text.substr(0, 4));
    const bool shape =
        rest.size() == 5 && rest[2] == '-' && (yearly || (text.size() == 10 && text[4] == '-'));
    const auto month = shape ? Number(rest.substr(0, 2)) : std::nullopt;
    const auto day = shape ? Number(rest.substr(3)) : std::nullopt;
    const absl::CivilDay date(year.value_or(1970), month.value_or(1), day.value_or(1));
    if (!year || !month || !day || date.month() != *month || date.day() != *day) {
      TellMisfit(value, "a holiday", "a date such as 2026-12-25, or 12-25 for every year",
                 problems_);
      return;
    }
    const bool fresh = yearly ? week.each_year.emplace(std::pair(*month, *day), hours).second
                              : week.dates.emplace(date, hours).second;
    if (!fresh) problems_.Add(value.at, "the holiday " + Quoted(text) + " is there twice");
  }

  Problems& problems_;
};

const Hours& HoursOf(const Week& week, absl::CivilDay day) {
  const auto date = week.dates.find(day);
  if (date != week.dates.end()) return date->second;
  const auto yearly = week.each_year.find({day.month(), day.day()});
  if (yearly != week.each_year.end()) return yearly->second;
  return week.days[static_cast<std::size_t>(absl::GetWeekday(day))];
}

// Of a time that comes twice the first opens and the second closes; one that does not exist is the
// moment of the change.
Instant InstantOf(const Week& week, absl::CivilDay day, int minutes, bool closing) {
  const absl::CivilMinute local = absl::CivilMinute(day) + minutes;
  const absl::TimeZone::TimeInfo info = week.zone.At(absl::CivilSecond(local));
  absl::Time at = info.pre;
  if (info.kind == absl::TimeZone::TimeInfo::SKIPPED) at = info.trans;
  if (info.kind == absl::TimeZone::TimeInfo::REPEATED && closing) at = info.post;
  return FromMicros(absl::ToUnixMicros(at));
}

std::vector<OpenSpan> SpansOf(const Week& week, Instant now) {
  const Instant in_range = std::clamp(now, Instant(), kLatest);
  const absl::Time begin = absl::FromUnixMicros(ToMicros(in_range));
  const absl::Time end = begin + absl::Microseconds(Duration(kCalendarMax).count());
  absl::CivilDay day = absl::ToCivilDay(begin, week.zone) - 1;
  const absl::CivilDay last = absl::ToCivilDay(end, week.zone);
  std::vector<OpenSpan> spans;
  for (; day <= last; ++day) {
    for (const Interval& hours : HoursOf(week, day)) {
      const int to = hours.to > hours.from ? hours.to : hours.to + kMinutesADay;
      const OpenSpan span{InstantOf(week, day, hours.from, false), InstantOf(week, day, to, true)};
      if (span.from >= span.to) continue;  // all of it falls into an hour that is left out
      if (!spans.empty() && span.from <= spans.back().to) {
        spans.back().to = std::max(spans.back().to, span.to);  // across midnight
      } else {
        spans.push_back(span);
      }
    }
  }
  return spans;
}

}  // namespace

std::optional<TimeZone> ReadTimeZone(const Yaml& value, Problems& problems) {
  const std::string name = value.kind == Yaml::Kind::kText ? value.text : "";
  const std::optional<TimeZone> zone = TimeZone::Load(name);
  if (!zone) {
    TellMisfit(value, "time_zone", "the name of a time zone, such as Europe/Kyiv or UTC", problems);
  }
  return zone;
}

std::vector<Calendar> ReadCalendars(const Yaml& value, Instant now, Declared& declared,
                                    Problems& problems) {
  std::vector<Calendar> calendars;
  for (const auto& [key, body] : NamedEntries(value, "calendars", declared.calendars, problems)) {
    const std::size_t before = problems.count();
    const Week week = CalendarReader(problems).Read(key->text, *body);
    if (problems.count() != before) continue;
    Calendar calendar{CalendarName::Of(key->text), SpansOf(week, now)};
    if (calendar.open.empty()) {
      problems.Add(key->at, "the calendar " + Quoted(key->text) + " is never open");
    } else if (calendar.open.size() > Limits().spans_max) {
      problems.Add(key->at, "the calendar " + Quoted(key->text) + " opens " +
                                std::to_string(calendar.open.size()) + " times; at most " +
                                std::to_string(Limits().spans_max) + " are taken");
    }
    calendars.push_back(std::move(calendar));
  }
  std::size_t spans = 0;
  for (const Calendar& calendar : calendars) spans += calendar.open.size();
  if (spans > kSpansMax) {
    problems.Add(value.at, "the calendars together open " + std::to_string(spans) +
                               " times; at most " + std::to_string(kSpansMax) + " are taken");
  }
  if (declared.calendars.size() > Limits().calendars_max) {
    problems.Add(value.at, std::to_string(declared.calendars.size()) + " calendars; at most " +
                               std::to_string(Limits().calendars_max) + " are taken");
  }
  return calendars;
}

}  // namespace usher::policy
