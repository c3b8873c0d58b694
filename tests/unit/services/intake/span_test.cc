#include "intake/span.h"

#include <gtest/gtest.h>

namespace usher::intake {
namespace {

TEST(Span, AllowsToCommitWhatIsDoneWithoutAHole) {
  Span span(10);
  EXPECT_EQ(span.done_below(), 10);
  for (const std::int64_t offset : {10, 11, 15}) span.Begin(offset);
  span.Done(11);
  EXPECT_EQ(span.done_below(), 10);
  span.Done(10);
  EXPECT_EQ(span.done_below(), 12);
  span.Done(15);
  EXPECT_EQ(span.done_below(), 16);  // 12 to 14 were never there
  EXPECT_EQ(span.under_way(), 0u);
}

TEST(Span, MeasuresFromTheOldestThatIsNotDone) {
  Span span(0);
  EXPECT_EQ(span.WidthWith(100), 0);
  span.Begin(100);
  span.Begin(101);
  EXPECT_EQ(span.WidthWith(150), 50);
  span.Done(100);
  EXPECT_EQ(span.WidthWith(150), 49);
  span.Done(101);
  EXPECT_EQ(span.WidthWith(150), 0);
}

}  // namespace
}  // namespace usher::intake
