#include "policy/time_zone.h"

#include <gtest/gtest.h>

#include "policy/compile.h"
#include "unit/libs/policy/policy_files.h"

namespace usher::policy {
namespace {

TEST(TimeZone, ShowsWhatTheWallClockShows) {
  const auto kyiv = TimeZone::Load("Europe/Kyiv");
  ASSERT_TRUE(kyiv);
  // 25 October 2026, a Sunday: at 4:00 the clock goes back to 3:00.
  const Instant before = FromMicros(1'792'888'200'000'000);  // 00:30 UTC
  const LocalTime summer = kyiv->At(before);
  EXPECT_EQ(summer.hour, 3);
  EXPECT_EQ(summer.minute, 30);
  EXPECT_EQ(summer.offset_minutes, 180);
  EXPECT_EQ(summer.weekday, 6);
  const LocalTime winter = kyiv->At(before + 1h);
  EXPECT_EQ(winter.hour, 3);
  EXPECT_EQ(winter.offset_minutes, 120);
  EXPECT_EQ(kyiv->DayStart(2026, 10, 26) - kyiv->DayStart(2026, 10, 25), 25h);
  EXPECT_EQ(kyiv->DayStart(2026, 5, 32), kyiv->DayStart(2026, 6, 1));
}

TEST(TimeZone, IsANameAndNoFile) {
  EXPECT_TRUE(TimeZone::Load("UTC"));
  for (const char* name : {"", "localtime", "/etc/localtime", "../UTC", "file:UTC", "Mars/Base"}) {
    EXPECT_FALSE(TimeZone::Load(name)) << name;
  }
}

TEST(TimeZone, OfAPolicyIsItsOwnOrThatOfItsFirstCalendar) {
  EXPECT_EQ(TimeZoneOf("version: a\ncalendars:\n  shop:\n    time_zone: Europe/Kyiv\n"
                       "  night:\n    time_zone: UTC\n"),
            "Europe/Kyiv");
  EXPECT_EQ(TimeZoneOf("calendars:\n  shop:\n    time_zone: UTC\ntime_zone: Europe/Riga\n"),
            "Europe/Riga");
  for (const char* text : {"", "version: a\n", "calendars: {}\n", "calendars: [a]\n", "\xff: ["}) {
    EXPECT_EQ(TimeZoneOf(text), "") << text;
  }
}

TEST(TimeZone, OfAPolicyMustBeOne) {
  EXPECT_TRUE(Compile(With("time_zone: Europe/Kyiv\n")).compiled);
  const auto bad = Compile(With("time_zone: Europe/Kiyv\n"));
  ASSERT_EQ(bad.problems.size(), 1);
  EXPECT_EQ(ToString(bad.problems[0]),
            "12:12: time_zone is 'Europe/Kiyv'; it must be the name of a time zone, such as "
            "Europe/Kyiv or UTC");
}

}  // namespace
}  // namespace usher::policy
