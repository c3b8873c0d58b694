#include "staffing/change.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "unit/libs/staffing/weeks.h"

namespace usher::staffing {
namespace {

double Present(const Week& week, int hour, std::string_view skill) {
  double present = 0;
  for (const Crew& crew : week.crews) {
    if (LevelOf(crew.profile, SkillName::Of(skill))) present += crew.present[hour];
  }
  return present;
}

double Present(const Week& week, int hour) {
  return std::accumulate(week.crews.begin(), week.crews.end(), 0.0,
                         [&](double sum, const Crew& crew) { return sum + crew.present[hour]; });
}

Week TwoCrews() {
  Week week;
  week.crews = {Always(Speaks({"ro"}), 1), Always(Speaks({"ro", "sr"}), 4)};
  return week;
}

TEST(Change, MoreComeInTheirHours) {
  const absl::StatusOr<Week> week =
      With(TwoCrews(), {Change::What::kAdd, 2, Speaks({"uk"}).skills, 18, 22});
  ASSERT_TRUE(week.ok());
  EXPECT_DOUBLE_EQ(Present(*week, 17, "uk"), 0);
  EXPECT_DOUBLE_EQ(Present(*week, 18, "uk"), 2);
  EXPECT_DOUBLE_EQ(Present(*week, 24 + 21, "uk"), 2);
  EXPECT_DOUBLE_EQ(Present(*week, 22, "uk"), 0);
  EXPECT_DOUBLE_EQ(Present(*week, 18), 7);
}

TEST(Change, ThoseThereLearnAndNobodyIsAdded) {
  const absl::StatusOr<Week> week =
      With(TwoCrews(), {Change::What::kTrain, 2, Speaks({"uk"}).skills, 18, 22});
  ASSERT_TRUE(week.ok());
  EXPECT_DOUBLE_EQ(Present(*week, 18, "uk"), 2);
  EXPECT_DOUBLE_EQ(Present(*week, 18, "ro"), 5);
  EXPECT_DOUBLE_EQ(Present(*week, 18), 5);
  EXPECT_DOUBLE_EQ(Present(*week, 17, "uk"), 0);
  // The one with the fewest skills learns first.
  EXPECT_DOUBLE_EQ(week->crews[0].present[18], 0);
  EXPECT_DOUBLE_EQ(week->crews[1].present[18], 3);
}

TEST(Change, NoMoreLearnThanAreThere) {
  const absl::StatusOr<Week> week =
      With(TwoCrews(), {Change::What::kTrain, 50, Speaks({"uk"}).skills, 0, 24});
  ASSERT_TRUE(week.ok());
  EXPECT_DOUBLE_EQ(Present(*week, 5, "uk"), 5);
  EXPECT_DOUBLE_EQ(Present(*week, 5), 5);
}

TEST(Change, WhoKnowsItAlreadyDoesNotLearn) {
  const absl::StatusOr<Week> week =
      With(TwoCrews(), {Change::What::kTrain, 1, Speaks({"sr"}).skills, 0, 24});
  ASSERT_TRUE(week.ok());
  EXPECT_DOUBLE_EQ(Present(*week, 5, "sr"), 5);
}

TEST(Change, NonsenseIsNamed) {
  const std::vector<Need> uk = Speaks({"uk"}).skills;
  const auto why = [](const Change& change) {
    return std::string(With(TwoCrews(), change).status().message());
  };
  EXPECT_THAT(why({Change::What::kAdd, 0, uk, 0, 24}), testing::HasSubstr("count"));
  EXPECT_THAT(why({Change::What::kAdd, 1e9, uk, 0, 24}), testing::HasSubstr("count"));
  EXPECT_THAT(why({Change::What::kAdd, 1, {}, 0, 24}), testing::HasSubstr("skills"));
  EXPECT_THAT(why({Change::What::kAdd, 1, {{SkillName::Of("uk"), 0}}, 0, 24}),
              testing::HasSubstr("skills"));
  EXPECT_THAT(why({Change::What::kAdd, 1, uk, 20, 20}), testing::HasSubstr("hours"));
  EXPECT_THAT(why({Change::What::kAdd, 1, uk, 0, 25}), testing::HasSubstr("hours"));
}

}  // namespace
}  // namespace usher::staffing
