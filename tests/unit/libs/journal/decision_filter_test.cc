#include "journal/decision_filter.h"

#include <gtest/gtest.h>

namespace usher::journal {
namespace {

const LogId kLog = LogId::Of("log");

Stamp At(std::int64_t offset, std::uint32_t index) { return {kLog, 2, offset, index}; }

TEST(DecisionFilter, TakesEachDecisionOnce) {
  DecisionFilter filter;
  EXPECT_EQ(filter.Take(At(5, 0), {}), Verdict::kNew);
  EXPECT_EQ(filter.Take(At(5, 1), At(5, 0)), Verdict::kNew);
  EXPECT_EQ(filter.Take(At(5, 0), {}), Verdict::kRepeated);
  EXPECT_EQ(filter.Take(At(5, 1), At(5, 0)), Verdict::kRepeated);
  EXPECT_EQ(filter.Take(At(9, 0), At(5, 1)), Verdict::kNew);
  EXPECT_EQ(filter.watermark(), At(9, 0));
}

TEST(DecisionFilter, AMissingPredecessorIsAGapAndMovesNothing) {
  DecisionFilter filter(At(5, 1));
  EXPECT_EQ(filter.Take(At(7, 0), At(6, 0)), Verdict::kGap);
  EXPECT_EQ(filter.Take(At(7, 0), {}), Verdict::kGap);
  EXPECT_EQ(filter.watermark(), At(5, 1));
  EXPECT_EQ(filter.Take(At(6, 0), At(5, 1)), Verdict::kNew);
}

TEST(DecisionFilter, AnotherLogIsAlien) {
  DecisionFilter filter(At(5, 1));
  Stamp other = At(6, 0);
  other.log = LogId::Of("another");
  EXPECT_EQ(filter.Take(other, At(5, 1)), Verdict::kAlien);
  other = At(6, 0);
  other.partition = 3;
  EXPECT_EQ(filter.Take(other, At(5, 1)), Verdict::kAlien);
}

TEST(DecisionFilter, WithoutAWatermarkItStartsAnywhere) {
  DecisionFilter filter;
  EXPECT_EQ(filter.Take(At(70, 3), At(70, 2)), Verdict::kNew);
  EXPECT_EQ(filter.Take(At(71, 0), At(70, 3)), Verdict::kNew);
}

}  // namespace
}  // namespace usher::journal
