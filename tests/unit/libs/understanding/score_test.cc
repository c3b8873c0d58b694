#include "understanding/score.h"

#include <gtest/gtest.h>

namespace usher::understanding {
namespace {

TEST(Score, CountsWhatIsRightByLabel) {
  Score score;
  score.Count("a", "a");
  score.Count("a", "b");
  score.Count("b", "b");
  score.Count("b", "c");
  EXPECT_EQ(score.all(), 4);
  EXPECT_DOUBLE_EQ(score.Accuracy(), 0.5);
  EXPECT_DOUBLE_EQ(score.F1("a"), 2.0 / 3);
  EXPECT_DOUBLE_EQ(score.F1("b"), 0.5);
  EXPECT_DOUBLE_EQ(score.Recall("b"), 0.5);
  EXPECT_DOUBLE_EQ(score.MacroF1(), (2.0 / 3 + 0.5) / 2);  // c was never wanted
}

TEST(Score, NamesWhatIsConfusedMostFirst) {
  Score score;
  score.Count("a", "b");
  score.Count("b", "a");
  score.Count("b", "a");
  score.Count("c", "c");
  const auto confusions = score.Confusions(1);
  ASSERT_EQ(confusions.size(), 1U);
  EXPECT_EQ(confusions[0].wanted, "b");
  EXPECT_EQ(confusions[0].found, "a");
  EXPECT_EQ(confusions[0].count, 2);
}

TEST(Score, OfNothingIsNothing) {
  EXPECT_EQ(Score().Accuracy(), 0);
  EXPECT_EQ(Score().MacroF1(), 0);
  EXPECT_EQ(Calibration().ExpectedError(), 0);
}

TEST(Calibration, IsOffByTheDistanceOfSaidAndRight) {
  Calibration sure;
  sure.Count(1000, true);
  sure.Count(1000, false);
  EXPECT_DOUBLE_EQ(sure.ExpectedError(), 0.5);
  sure.Count(500, true);
  sure.Count(500, false);
  EXPECT_DOUBLE_EQ(sure.ExpectedError(), 0.25);
  EXPECT_EQ(sure.bins()[9].count, 2);
  EXPECT_EQ(sure.bins()[5].right, 1);
}

}  // namespace
}  // namespace usher::understanding
