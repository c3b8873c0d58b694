#include "core/time.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

namespace usher {
namespace {

TEST(Time, CountsMicrosecondsFrom1970) {
  EXPECT_EQ(ToMicros(Instant()), 0);
  EXPECT_EQ(ToMicros(Instant(20s)), 20'000'000);
  EXPECT_EQ(FromMicros(-1), Instant(-1us));
  EXPECT_EQ(FromMicros(1'500'000) - Instant(1s), Duration(500ms));
}

TEST(Time, NeverIsAfterAllElse) {
  EXPECT_EQ(ToMicros(kNever), std::numeric_limits<std::int64_t>::max());
  EXPECT_GT(kNever, FromMicros(std::numeric_limits<std::int64_t>::max() - 1));
}

}  // namespace
}  // namespace usher
