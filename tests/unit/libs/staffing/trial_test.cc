// A day played on the engine, held to theory where theory knows the answer.
#include "staffing/trial.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "staffing/erlang.h"
#include "staffing/suggest.h"
#include "unit/libs/staffing/weeks.h"

namespace usher::staffing {
namespace {

constexpr int kWednesday = 2;

double Share(const Trial& trial, std::string_view queue) {
  const TrialHour day = trial.queues.at(QueueName::Of(queue)).Day();
  return day.in_time / day.placed;
}

TEST(Trial, AnswersNearlyAsErlangASays) {
  // Days differ and handling is lognormal, so it is near, not equal.
  const Policy policy = CompiledPolicy(kTwoLanguages);
  Week week;
  week.kinds = {Steady(KindOf("uk"), 120, 300, 600)};
  week.crews = {Always(Speaks({"uk"}), 13)};
  const absl::StatusOr<Trial> trial = Play(week, policy, kWednesday, {40, 7, 50'000});
  ASSERT_TRUE(trial.ok()) << trial.status();
  EXPECT_NEAR(trial->placed, 120 * 24, 120);
  EXPECT_NEAR(Share(*trial, "uk"), AnsweredWithin({120.0 / 3600, 300, 600}, 13, 20), 0.04);
}

TEST(Trial, TheSameArgumentsGiveTheSame) {
  const Policy policy = CompiledPolicy(kTwoLanguages);
  Week week;
  week.kinds = {Steady(KindOf("uk"), 30, 300)};
  week.crews = {Always(Speaks({"uk"}), 4)};
  const absl::StatusOr<Trial> one = Play(week, policy, kWednesday);
  const absl::StatusOr<Trial> other = Play(week, policy, kWednesday);
  ASSERT_TRUE(one.ok() && other.ok());
  EXPECT_EQ(*one, *other);
}

TEST(Trial, OnlyTheHoursWithAgentsAreInTime) {
  const Policy policy = CompiledPolicy(kTwoLanguages);
  Week week;
  week.kinds = {Steady(KindOf("uk"), 20, 60)};
  week.crews = {Always(Speaks({"uk"}), 0)};
  for (int hour = 9; hour < 17; ++hour) week.crews[0].present[kWednesday * 24 + hour] = 6;
  const absl::StatusOr<Trial> trial = Play(week, policy, kWednesday);
  ASSERT_TRUE(trial.ok()) << trial.status();
  const TrialQueue& queue = trial->queues.at(QueueName::Of("uk"));
  EXPECT_EQ(queue.hours[3].in_time, 0);
  EXPECT_GT(queue.hours[3].placed, 0);
  EXPECT_GT(queue.hours[14].in_time, 0.9 * queue.hours[14].placed);
}

TEST(Trial, BadDaysAreNamed) {
  const Policy policy = CompiledPolicy(kTwoLanguages);
  Week week;
  EXPECT_THAT(std::string(Play(week, policy, 0).status().message()),
              testing::HasSubstr("nothing came"));
  week.kinds = {Steady(KindOf("uk"), 20, 60)};
  EXPECT_THAT(std::string(Play(week, policy, 0).status().message()),
              testing::HasSubstr("nobody worked"));
  week.crews = {Always(Speaks({"uk"}), 3)};
  EXPECT_THAT(std::string(Play(week, policy, 0, {1, 1, 100}).status().message()),
              testing::HasSubstr("too much"));
  week.kinds[0].kind.channel = ChannelName::Of("pigeon");
  week.kinds.push_back(Steady(KindOf("uk"), 1, 60));
  const absl::StatusOr<Trial> trial = Play(week, policy, 0, {1, 1, 100});
  ASSERT_TRUE(trial.ok()) << trial.status();
  EXPECT_DOUBLE_EQ(trial->left_out, 480);
}

TEST(Suggest, AddsWhoIsMissingAndNobodyElse) {
  const Policy policy = CompiledPolicy(kTwoLanguages);
  Week week;
  week.kinds = {Steady(KindOf("ro", "ro"), 30, 300), Steady(KindOf("uk", "uk"), 30, 300)};
  week.crews = {Always(Speaks({"ro"}), 6), Always(Speaks({"uk"}), 3)};
  const absl::StatusOr<Suggestion> suggestion =
      Suggest(week, policy, kWednesday, 0.8, {{10, 1, 50'000}, 40});
  ASSERT_TRUE(suggestion.ok()) << suggestion.status();
  EXPECT_LT(Share(suggestion->before, "uk"), 0.8);
  EXPECT_GE(Share(suggestion->after, "uk"), 0.8);
  EXPECT_THAT(suggestion->not_met, testing::IsEmpty());
  ASSERT_EQ(suggestion->more.size(), 1u);
  EXPECT_EQ(suggestion->more[0].profile, Speaks({"uk"}));
}

TEST(Suggest, NobodyIsNeededWhereAllIsWell) {
  const Policy policy = CompiledPolicy(kTwoLanguages);
  Week week;
  week.kinds = {Steady(KindOf("uk"), 30, 300)};
  week.crews = {Always(Speaks({"uk"}), 9)};
  const absl::StatusOr<Suggestion> suggestion = Suggest(week, policy, kWednesday, 0.8);
  ASSERT_TRUE(suggestion.ok()) << suggestion.status();
  EXPECT_THAT(suggestion->more, testing::IsEmpty());
  EXPECT_EQ(suggestion->before, suggestion->after);
}

TEST(Suggest, ASkillThatNobodyHasIsAskedFor) {
  const Policy policy = CompiledPolicy(kTwoLanguages);
  Week week;
  week.kinds = {Steady(KindOf("uk"), 2, 100)};
  week.crews = {Always(Speaks({"ro"}), 1)};
  const absl::StatusOr<Suggestion> suggestion = Suggest(week, policy, kWednesday, 0.8);
  ASSERT_TRUE(suggestion.ok()) << suggestion.status();
  ASSERT_EQ(suggestion->more.size(), 1u);
  EXPECT_EQ(suggestion->more[0].profile.skills, (std::vector<Need>{{SkillName::Of("uk"), 50}}));
}

}  // namespace
}  // namespace usher::staffing
