#include "staffing/forecast.h"

#include <gtest/gtest.h>

#include "unit/libs/staffing/weeks.h"

namespace usher::staffing {
namespace {

constexpr LocalHour kMonday = 4 * kHoursOfDay;  // 1970-01-05

TEST(Forecast, HoursOfTheWeekBeginOnMonday) {
  EXPECT_EQ(HourOfWeek(kMonday), 0);
  EXPECT_EQ(HourOfWeek(kMonday + 25), 25);
  EXPECT_EQ(HourOfWeek(kMonday - 1), kHoursOfWeek - 1);
  EXPECT_EQ(HourOfWeek(0), 3 * kHoursOfDay);  // a Thursday
  EXPECT_EQ(HourOfWeek(-4 * kHoursOfDay), 6 * kHoursOfDay);
}

TEST(Forecast, TheMeanOfTheHourOverTheWeeksSeen) {
  History history{kMonday, kMonday + 3 * kHoursOfWeek, {}, {}, {}};
  for (int week = 0; week < 3; ++week) {
    Came& came = history.came[{kMonday + week * kHoursOfWeek + 10, KindOf("uk")}];
    came.placed = 6;
  }
  const Week week = Expect(history);
  ASSERT_EQ(week.kinds.size(), 1u);
  EXPECT_DOUBLE_EQ(week.kinds[0].arrivals[10], 6);
  EXPECT_DOUBLE_EQ(week.kinds[0].arrivals[11], 0);
  EXPECT_DOUBLE_EQ(week.growth, 1);
}

TEST(Forecast, APartOfAWeekCountsTheHoursThatItHas) {
  History history{kMonday, kMonday + kHoursOfWeek + 24, {}, {}, {}};
  history.came[{kMonday + 3, KindOf("uk")}].placed = 4;
  history.came[{kMonday + kHoursOfWeek + 3, KindOf("uk")}].placed = 8;
  history.came[{kMonday + 30, KindOf("uk")}].placed = 5;  // seen once
  const Week week = Expect(history);
  EXPECT_DOUBLE_EQ(week.kinds[0].arrivals[3], 6);
  EXPECT_DOUBLE_EQ(week.kinds[0].arrivals[30], 5);
}

TEST(Forecast, AnHourThatWasSeenInPartCountsByThatPart) {
  History history{kMonday + 3, kMonday + 5, {}, {}, {{kMonday + 3, 15min}, {kMonday + 4, 30min}}};
  history.came[{kMonday + 3, KindOf("uk")}].placed = 4;
  history.came[{kMonday + 4, KindOf("uk")}].placed = 4;
  history.members = {{AgentName::Of("ana"), Speaks({"uk"}), 1, {{kMonday + 3, 15min}}}};
  Week week = Expect(history);
  EXPECT_DOUBLE_EQ(week.kinds[0].arrivals[3], 16);
  EXPECT_DOUBLE_EQ(week.kinds[0].arrivals[4], 8);
  EXPECT_DOUBLE_EQ(week.crews[0].present[3], 1);
  history.to += kHoursOfWeek;  // and the next week the whole hour was
  history.came[{kMonday + kHoursOfWeek + 3, KindOf("uk")}].placed = 6;
  week = Expect(history);
  EXPECT_DOUBLE_EQ(week.kinds[0].arrivals[3], 8);  // ten in an hour and a quarter
}

TEST(Forecast, GrowthIsTheLastWeekOverThoseBeforeAndBounded) {
  History history{kMonday, kMonday + 3 * kHoursOfWeek, {}, {}, {}};
  const auto placed = [&](int week) -> std::uint64_t& {
    return history.came[{kMonday + week * kHoursOfWeek + 5, KindOf("uk")}].placed;
  };
  placed(0) = placed(1) = 10;
  placed(2) = 15;
  EXPECT_DOUBLE_EQ(Expect(history).growth, 1.5);
  EXPECT_DOUBLE_EQ(Expect(history).kinds[0].arrivals[5], 35.0 / 3 * 1.5);
  placed(2) = 100;
  EXPECT_DOUBLE_EQ(Expect(history).growth, kGrowthMax);
  placed(2) = 1;
  EXPECT_DOUBLE_EQ(Expect(history).growth, kGrowthMin);
}

TEST(Forecast, AKindWithFewHandledTakesItsQueuesMean) {
  History history{kMonday, kMonday + kHoursOfWeek, {}, {}, {}};
  Came& often = history.came[{kMonday, KindOf("a", "uk")}];
  often.handled = 50;
  often.handling = std::chrono::seconds(50 * 100);
  Came& seldom = history.came[{kMonday, KindOf("a", "ro")}];
  seldom.handled = 1;
  seldom.handling = std::chrono::seconds(700);
  const Week week = Expect(history);
  ASSERT_EQ(week.kinds.size(), 2u);
  EXPECT_DOUBLE_EQ(week.kinds[0].handling_s, (5'000.0 + 700) / 51);  // ro
  EXPECT_DOUBLE_EQ(week.kinds[1].handling_s, 100);
}

TEST(Forecast, PatienceIsAllTheWaitingOverThoseWhoLeft) {
  History history{kMonday, kMonday + kHoursOfWeek, {}, {}, {}};
  Came& came = history.came[{kMonday, KindOf("a")}];
  came.abandoned = 20;
  came.waited = std::chrono::seconds(6'000);
  EXPECT_DOUBLE_EQ(Expect(history).kinds[0].patience_s, 300);
  came.abandoned = 3;  // too few to tell
  EXPECT_DOUBLE_EQ(Expect(history).kinds[0].patience_s, 0);
}

TEST(Forecast, AgentsWhoCanDoTheSameAreACrew) {
  History history{kMonday, kMonday + kHoursOfWeek, {}, {}, {}};
  history.members = {
      {AgentName::Of("anna"), Speaks({"uk"}), 1, {{kMonday + 9, std::chrono::hours(1)}}},
      {AgentName::Of("boris"), Speaks({"uk"}), 1, {{kMonday + 9, std::chrono::minutes(30)}}},
      {AgentName::Of("carla"), Speaks({"ro"}), 1, {{kMonday + 9, std::chrono::hours(1)}}}};
  const Week week = Expect(history);
  ASSERT_EQ(week.crews.size(), 2u);
  EXPECT_DOUBLE_EQ(week.crews[0].present[9], 1);
  EXPECT_DOUBLE_EQ(week.crews[1].present[9], 1.5);
  EXPECT_DOUBLE_EQ(week.crews[1].present[10], 0);
}

}  // namespace
}  // namespace usher::staffing
