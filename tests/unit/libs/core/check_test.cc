#include "core/check.h"

#include <gtest/gtest.h>

namespace usher {
namespace {

TEST(Check, TrueDoesNothing) { USHER_CHECK(1 + 1 == 2); }

TEST(CheckDeathTest, FalseAbortsAndSaysWhatAndWhere) {
  EXPECT_DEATH(USHER_CHECK(1 + 1 == 3), "1 \\+ 1 == 3.*check_test|check_test.*1 \\+ 1 == 3");
}

}  // namespace
}  // namespace usher
