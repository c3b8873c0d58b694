// Business hours become instants: of days, holidays, time zones and their summer times.
#include "policy/calendars.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "model/calendar.h"
#include "model/limits.h"
#include "unit/libs/policy/policy_files.h"

namespace usher::policy {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Instant Utc(std::string_view text) {
  absl::Time at;
  std::string error;
  EXPECT_TRUE(absl::ParseTime("%Y-%m-%d %H:%M", std::string(text), &at, &error)) << error;
  return FromMicros(absl::ToUnixMicros(at));
}

std::string Text(Instant at) {
  return absl::FormatTime("%m-%d %H:%M", absl::FromUnixMicros(ToMicros(at)), absl::UTCTimeZone());
}

constexpr std::string_view kAround =
    "version: 1\nchannels: {chat: {}}\nqueues: [{name: q}]\notherwise: {queue: q}\n"
    "calendars:\n  office: {";

CompileResult Compiled(std::string_view calendar, std::string_view now) {
  return Compile(std::string(kAround) + std::string(calendar) + "}\n", Utc(now));
}

// The first `count` spans, in UTC: "03-02 07:00 - 03-02 16:00".
std::vector<std::string> Spans(std::string_view calendar, std::string_view now, std::size_t count) {
  const CompileResult result = Compiled(calendar, now);
  for (const Problem& problem : result.problems) ADD_FAILURE() << ToString(problem);
  if (!result.compiled) return {};
  std::vector<std::string> spans;
  for (const OpenSpan& span : result.compiled->policy.calendars[0].open) {
    if (spans.size() == count) break;
    spans.push_back(Text(span.from) + " - " + Text(span.to));
  }
  return spans;
}

// 2026-03-27 is a Friday.
TEST(Calendars, BeginTheDayBeforeNow) {
  EXPECT_THAT(Spans("time_zone: UTC, open: {mon-fri: [09:00-13:00, 14:00-18:00], sat: 10:00-14:00}",
                    "2026-03-28 12:00", 4),
              ElementsAre("03-27 09:00 - 03-27 13:00", "03-27 14:00 - 03-27 18:00",
                          "03-28 10:00 - 03-28 14:00", "03-30 09:00 - 03-30 13:00"));
}

TEST(Calendars, FollowSummerTime) {
  // In Kyiv the clocks go ahead in the night to 2026-03-29 and back in the night to 2026-10-25.
  EXPECT_THAT(Spans("time_zone: Europe/Kyiv, open: {sat-mon: 09:00-18:00}", "2026-03-28 12:00", 3),
              ElementsAre("03-28 07:00 - 03-28 16:00", "03-29 06:00 - 03-29 15:00",
                          "03-30 06:00 - 03-30 15:00"));
  EXPECT_THAT(Spans("time_zone: Europe/Kyiv, open: {sat-sun: 09:00-18:00}", "2026-10-25 12:00", 2),
              ElementsAre("10-24 06:00 - 10-24 15:00", "10-25 07:00 - 10-25 16:00"));
}

TEST(Calendars, AreOpenTwiceInAnHourThatComesTwiceAndNotInOneThatIsLeftOut) {
  // 03:00 to 04:00 local time does not exist in March, and comes twice in October.
  EXPECT_THAT(Spans("time_zone: Europe/Kyiv, open: {sun: [02:00-03:30, 03:40-05:00]}",
                    "2026-03-29 12:00", 1),
              ElementsAre("03-29 00:00 - 03-29 02:00"));
  EXPECT_THAT(Spans("time_zone: Europe/Kyiv, open: {sun: 03:10-03:50}", "2026-03-29 12:00", 1),
              ElementsAre("04-05 00:10 - 04-05 00:50"));
  EXPECT_THAT(Spans("time_zone: Europe/Kyiv, open: {sun: 03:00-03:30}", "2026-10-25 12:00", 1),
              ElementsAre("10-25 00:00 - 10-25 01:30"));
}

TEST(Calendars, KnowHolidays) {
  EXPECT_THAT(Spans("time_zone: UTC, open: {mon-sun: 09:00-18:00}, holidays: [2026-12-25, "
                    "{date: 2026-12-26, open: [10:00-12:00, 13:00-14:00]}, 12-27, {date: 12-28}, "
                    "{date: 12-26, open: 00:00-24:00}]",
                    "2026-12-25 12:00", 4),
              ElementsAre("12-24 09:00 - 12-24 18:00", "12-26 10:00 - 12-26 12:00",
                          "12-26 13:00 - 12-26 14:00", "12-29 09:00 - 12-29 18:00"));
  // What is said of a date alone holds in that year alone.
  const CompileResult result =
      Compiled("time_zone: UTC, open: {mon-sun: 09:00-18:00}, holidays: [2026-12-25, 02-29]",
               "2026-12-25 12:00");
  const Calendar& calendar = result.compiled->policy.calendars[0];
  EXPECT_FALSE(IsOpen(&calendar, Utc("2026-12-25 12:00")));
  EXPECT_TRUE(IsOpen(&calendar, Utc("2027-12-25 12:00")));
  EXPECT_FALSE(IsOpen(&calendar, Utc("2028-02-29 12:00")));
}

TEST(Calendars, GoOverMidnight) {
  EXPECT_THAT(Spans("time_zone: UTC, open: {fri: 22:00-06:00, sat: [06:00-08:00, 20:00-24:00], "
                    "sun: 00:00-01:00}",
                    "2026-03-28 12:00", 3),
              ElementsAre("03-27 22:00 - 03-28 08:00", "03-28 20:00 - 03-29 01:00",
                          "04-03 22:00 - 04-04 08:00"));
}

TEST(Calendars, ThatNeverCloseAreOneSpanOfTwoYears) {
  const CompileResult result =
      Compiled("time_zone: UTC, open: {mon-sun: 00:00-24:00}", "2026-03-28 12:00");
  const std::vector<OpenSpan>& open = result.compiled->policy.calendars[0].open;
  ASSERT_EQ(open.size(), 1u);
  EXPECT_EQ(open[0].from, Utc("2026-03-27 00:00"));
  EXPECT_EQ(open[0].to, Utc("2028-03-29 00:00"));
}

TEST(Calendars, OfTwoYearsFitTheEngine) {
  std::string hours;
  for (int hour = 0; hour < 11; ++hour) {
    const std::string two = (hour < 10 ? "0" : "") + std::to_string(hour);
    hours += two + ":00-" + two + ":30, ";
  }
  const CompileResult result = Compiled(
      "time_zone: America/Sao_Paulo, open: {mon-sun: [" + hours + "]}", "2026-03-28 12:00");
  ASSERT_TRUE(result.compiled);
  const std::vector<OpenSpan>& open = result.compiled->policy.calendars[0].open;
  EXPECT_LE(open.size(), Limits().spans_max);
  for (std::size_t i = 1; i < open.size(); ++i) EXPECT_LT(open[i - 1].to, open[i].from);
  for (const OpenSpan& span : open) EXPECT_LT(span.from, span.to);
}

TEST(Calendars, FitOneRecordTogether) {
  std::string yaml =
      "version: 1\nchannels: {chat: {}}\nqueues: [{name: q}]\notherwise: {queue: q}\n"
      "calendars:\n";
  for (int i = 0; i < 14; ++i) {
    yaml += "  c" + std::to_string(i) +
            ": {time_zone: UTC, open: {mon-sun: [08:00-10:00, 11:00-18:00]}}\n";
  }
  EXPECT_THAT(Told(yaml),
              ElementsAre("6:3: the calendars together open 20524 times; at most 20000 are taken"));
}

TEST(Calendars, AreKeptByQueuesAndClasses) {
  const Policy made = Made(
      "version: 1\nchannels: {chat: {}}\notherwise: {queue: q}\n"
      "calendars: {office: {time_zone: UTC, open: {mon: 09:00-18:00}}}\n"
      "sla: {mail: {resolution: 8h, hours: office}}\n"
      "queues: [{name: q, sla: mail, hours: office, when_closed: {divert: r}}, {name: r}]\n");
  EXPECT_EQ(made.sla_classes[0].hours.view(), "office");
  EXPECT_EQ(made.queues[0].hours.view(), "office");
  EXPECT_EQ(made.queues[0].when_closed, Refuge::kDivert);
  EXPECT_EQ(made.queues[0].closed_queue.view(), "r");
}

TEST(Calendars, AnyInstantGivesAResult) {
  const std::string yaml =
      std::string(kAround) + "time_zone: Europe/Kyiv, open: {mon: 09:00-18:00}}\n";
  for (const Instant now : {Instant(), Instant::min(), kNever, FromMicros(-1)}) {
    EXPECT_TRUE(Compile(yaml, now).compiled.has_value());
  }
}

struct Wrong {
  const char* calendar;
  int column;
  const char* message;
};

TEST(Calendars, AreRefusedAtTheirPlace) {
  for (const Wrong& wrong : std::initializer_list<Wrong>{
           {"open: {mon: 09:00-18:00}", 11, "needs the key 'time_zone'"},
           {"time_zone: UTC", 11, "needs the key 'open'"},
           {"time_zone: Europe/Kiyv, open: {mon: 09:00-18:00}", 23,
            "time_zone is 'Europe/Kiyv'; it must be the name of a time zone, such as Europe/Kyiv"},
           {"time_zone: /etc/localtime, open: {mon: 09:00-18:00}", 23, "the name of a time zone"},
           {"time_zone: ../zoneinfo/UTC, open: {mon: 09:00-18:00}", 23, "the name of a time zone"},
           {"time_zone: localtime, open: {mon: 09:00-18:00}", 23, "the name of a time zone"},
           {"time_zone: UTC, open: {}", 34, "a map from days to hours"},
           {"time_zone: UTC, open: [mon]", 34, "open is a list; it must be a map from days"},
           {"time_zone: UTC, open: {monday: 09:00-18:00}", 35,
            "no day 'monday'; days are mon, tue"},
           {"time_zone: UTC, open: {mon-fry: 09:00-18:00}", 35, "no day 'mon-fry'"},
           {"time_zone: UTC, open: {mon-fri: 09:00-18:00, tue: 09:00-12:00}", 57,
            "the hours of tue are there already"},
           {"time_zone: UTC, open: {mon: 9:00-18:00}", 40,
            "hours is '9:00-18:00'; it must be from"},
           {"time_zone: UTC, open: {mon: 09:00-24:01}", 40, "from when to when"},
           {"time_zone: UTC, open: {mon: 09:00-09:00}", 40, "from when to when"},
           {"time_zone: UTC, open: {mon: 09:60-10:00}", 40, "from when to when"},
           {"time_zone: UTC, open: {mon: [09:00-12:00, 11:00-13:00]}", 54,
            "begins before the hours before it end"},
           {"time_zone: UTC, open: {mon: [22:00-06:00, 07:00-08:00]}", 54,
            "begins before the hours before it end"},
           {"time_zone: UTC, open: {mon: []}", 40, "hours is an empty list"},
           {"time_zone: UTC, open: {mon: 09:00-18:00}, holidays: [2026-02-30]", 65,
            "a holiday is '2026-02-30'; it must be a date such as 2026-12-25, or 12-25"},
           {"time_zone: UTC, open: {mon: 09:00-18:00}, holidays: [26-12-25]", 65,
            "it must be a date"},
           {"time_zone: UTC, open: {mon: 09:00-18:00}, holidays: [12-25, 12-25]", 72,
            "the holiday '12-25' is there twice"},
           {"time_zone: UTC, open: {mon: 09:00-18:00}, holidays: [{open: 09:00-12:00}]", 65,
            "needs the key 'date'"},
       }) {
    const std::vector<std::string> told = Told(std::string(kAround) + wrong.calendar + "}\n");
    ASSERT_EQ(told.size(), 1u) << wrong.calendar << ::testing::PrintToString(told);
    EXPECT_THAT(told[0], HasSubstr(wrong.message)) << wrong.calendar;
    EXPECT_TRUE(told[0].starts_with("6:" + std::to_string(wrong.column) + ": "))
        << wrong.calendar << "\n"
        << told[0];
  }
}

TEST(Calendars, ThatAreNotThereAreTold) {
  EXPECT_THAT(Told(WithQueue("hours: office")),
              ElementsAre("8:22: no calendar 'office'; none is declared"));
  EXPECT_THAT(
      Told(std::string(kAround) +
           "time_zone: UTC, open: {mon: 09:00-18:00}}\nsla: {a: {update: 1h, hours: ofice}}\n"),
      ElementsAre("7:30: no calendar 'ofice'; is 'office' meant?"));
}

TEST(Calendars, ThatAreNeverOpenAreTold) {
  std::string holidays;  // every day of the year
  for (absl::CivilDay day(2000, 1, 1); day.year() == 2000; ++day) {
    holidays += absl::FormatCivilTime(day).substr(5) + ", ";
  }
  EXPECT_THAT(Told(std::string(kAround) + "time_zone: UTC, open: {thu: 09:00-18:00}, holidays: [" +
                   holidays + "]}\n"),
              ElementsAre("6:3: the calendar 'office' is never open"));
}

}  // namespace
}  // namespace usher::policy
