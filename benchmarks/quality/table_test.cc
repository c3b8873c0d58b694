// The table says what the figures say, and compares them day by day.
#include "quality/table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace usher::quality {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Figures FiguresWith(double breaches, double wait_mean, double wait_max) {
  Figures figures;
  figures.inquiries = 100;
  figures.breaches = breaches;
  figures.wait_mean = wait_mean;
  figures.wait_max = wait_max;
  return figures;
}

Comparison Two() {
  Comparison comparison;
  comparison.rules.assign(Rules().begin(), Rules().begin() + kBaselines);
  comparison.rules.push_back(Rules().back());
  comparison.plays = {{FiguresWith(50, 10, 80), FiguresWith(70, 20, 90)},
                      {FiguresWith(40, 12, 100), FiguresWith(56, 22, 140)},
                      {FiguresWith(60, 11, 90), FiguresWith(90, 21, 99)},
                      {FiguresWith(10, 9, 101), FiguresWith(22, 19, 141)}};
  return comparison;
}

TEST(Table, ComparesWithTheBestOfTheBaselines) {
  // 48 over 16; -32 ± 12.7 * 2 / sqrt(2); each wait a second less, each longest a second more.
  EXPECT_THAT(ToMarkdown(Two()),
              HasSubstr("| usher | 3.00 | -32.0 ± 25.4 | -1.0 ± 0.0 | +1 ± 0 |"));
}

TEST(Table, TellsTheShareOfTheGapClosed) {
  Comparison comparison = Two();
  EXPECT_THAT(ToMarkdown(comparison), Not(HasSubstr("no rule below")));
  comparison.bounds = {4, 8};
  // First come first served: 60; the bound: 6.
  EXPECT_THAT(ToMarkdown(comparison), HasSubstr("| 0.815 |\n| no rule below | 6.0"));
}

}  // namespace
}  // namespace usher::quality
