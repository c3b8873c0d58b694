#include "model/calendar.h"

#include <gtest/gtest.h>

namespace usher {
namespace {

Instant At(std::int64_t seconds) { return FromMicros(seconds * 1'000'000); }

// Open from 100 to 200, from 300 to 350, and from 350 on (they touch) to 400.
Calendar ThreeSpans() {
  Calendar calendar;
  calendar.open = {{At(100), At(200)}, {At(300), At(350)}, {At(350), At(400)}};
  return calendar;
}

TEST(CalendarTest, IsOpenFromItsBeginningUntilJustBeforeItsEnd) {
  const Calendar calendar = ThreeSpans();
  EXPECT_FALSE(IsOpen(&calendar, At(99)));
  EXPECT_TRUE(IsOpen(&calendar, At(100)));
  EXPECT_FALSE(IsOpen(&calendar, At(200)));
  EXPECT_TRUE(IsOpen(&calendar, At(350)));
  EXPECT_FALSE(IsOpen(&calendar, At(400)));
  EXPECT_TRUE(IsOpen(nullptr, At(5)));
}

TEST(CalendarTest, CountsOpenTimeOnly) {
  const Calendar calendar = ThreeSpans();
  EXPECT_EQ(OpenBetween(&calendar, At(0), At(1000)), 200s);
  EXPECT_EQ(OpenBetween(&calendar, At(150), At(320)), 70s);
  EXPECT_EQ(OpenBetween(&calendar, At(210), At(290)), 0s);
  EXPECT_EQ(OpenBetween(&calendar, At(320), At(150)), 0s);
  EXPECT_EQ(OpenBetween(nullptr, At(150), At(320)), 170s);
}

TEST(CalendarTest, FindsWhenSoMuchHasPassed) {
  const Calendar calendar = ThreeSpans();
  EXPECT_EQ(AfterOpen(&calendar, At(0), 100s), At(200));
  EXPECT_EQ(AfterOpen(&calendar, At(0), 101s), At(301));
  EXPECT_EQ(AfterOpen(&calendar, At(150), 120s), At(370));
  EXPECT_EQ(AfterOpen(&calendar, At(250), 0s), At(250));
  EXPECT_EQ(AfterOpen(&calendar, At(250), -5s), At(250));
  EXPECT_EQ(AfterOpen(&calendar, At(0), 201s), kNever);
  EXPECT_EQ(AfterOpen(nullptr, At(5), 7s), At(12));
  EXPECT_EQ(AfterOpen(nullptr, At(5), kForever), kNever);
}

// What AfterOpen finds has exactly that much open time behind it.
TEST(CalendarTest, TheTwoAgree) {
  const Calendar calendar = ThreeSpans();
  for (int from = 0; from < 410; from += 7) {
    for (int length = 1; length <= 200; length += 3) {
      const Instant end = AfterOpen(&calendar, At(from), std::chrono::seconds(length));
      if (end == kNever) {
        EXPECT_LT(OpenBetween(&calendar, At(from), At(1000)), std::chrono::seconds(length));
      } else {
        EXPECT_EQ(OpenBetween(&calendar, At(from), end), std::chrono::seconds(length));
        EXPECT_LT(OpenBetween(&calendar, At(from), end - 1us), std::chrono::seconds(length));
      }
    }
  }
}

TEST(CalendarTest, TellsItsNextEdge) {
  const Calendar calendar = ThreeSpans();
  EXPECT_EQ(NextEdge(&calendar, At(0)), At(100));
  EXPECT_EQ(NextEdge(&calendar, At(100)), At(200));
  EXPECT_EQ(NextEdge(&calendar, At(200)), At(300));
  EXPECT_EQ(NextEdge(&calendar, At(399)), At(400));
  EXPECT_EQ(NextEdge(&calendar, At(400)), kNever);
  EXPECT_EQ(NextEdge(nullptr, At(400)), kNever);
}

}  // namespace
}  // namespace usher
