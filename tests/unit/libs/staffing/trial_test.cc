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
  const absl::StatusOr<Trial> trial = Play(week, policy, kWednesday, {40, 7, 200'000, nullptr});
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
  week.kinds[0].kind.channel = ChannelName::Of("pigeon");
  week.kinds.push_back(Steady(KindOf("uk"), 1, 60));
  const absl::StatusOr<Trial> trial = Play(week, policy, 0, {1, 1, 1'000, nullptr});
  ASSERT_TRUE(trial.ok()) << trial.status();
  EXPECT_DOUBLE_EQ(trial->left_out, 480);
}

TEST(Trial, OfALargeShopFewerDaysArePlayedAndThenASmallerShop) {
  const Policy policy = CompiledPolicy(kTwoLanguages);
  Week week;
  week.kinds = {Steady(KindOf("uk"), 600, 300), Steady(KindOf("ro", "ro"), 2, 300)};
  week.crews = {Always(Speaks({"uk"}), 56), Always(Speaks({"ro"}), 2)};
  const double a_day = 602 * 24;
  const auto fewer = Play(week, policy, kWednesday, {20, 1, 6.5 * a_day, nullptr});
  ASSERT_TRUE(fewer.ok()) << fewer.status();
  EXPECT_EQ(fewer->days, 6U);
  EXPECT_EQ(fewer->share, 1);
  const auto smaller = Play(week, policy, kWednesday, {20, 1, a_day, nullptr});
  ASSERT_TRUE(smaller.ok()) << smaller.status();
  EXPECT_EQ(smaller->days, kTrialDaysMin);
  EXPECT_DOUBLE_EQ(smaller->share, 0.25);
  EXPECT_NEAR(smaller->placed, a_day, 0.15 * a_day);  // of the whole shop
  EXPECT_GT(smaller->queues.at(QueueName::Of("ro")).Day().in_time, 0);
  EXPECT_LE(Share(*smaller, "uk"), Share(*fewer, "uk") + 0.05);  // fewer agents share worse
}

TEST(Trial, IsStoppedBetweenItsDays) {
  const Policy policy = CompiledPolicy(kTwoLanguages);
  Week week;
  week.kinds = {Steady(KindOf("uk"), 20, 60)};
  week.crews = {Always(Speaks({"uk"}), 3)};
  int asked = 0;
  TrialOptions options;
  options.stopped = [&] { return ++asked > 3; };
  EXPECT_TRUE(absl::IsCancelled(Play(week, policy, kWednesday, options).status()));
  EXPECT_EQ(asked, 4);
  week.kinds = {Steady(KindOf("uk"), 300, 60)};  // more than they can do
  asked = -40;                                   // after two plays
  EXPECT_TRUE(
      absl::IsCancelled(Suggest(week, policy, kWednesday, 0.999, {.trial = options}).status()));
}

TEST(Suggest, AddsWhoIsMissingAndNobodyElse) {
  const Policy policy = CompiledPolicy(kTwoLanguages);
  Week week;
  week.kinds = {Steady(KindOf("ro", "ro"), 30, 300), Steady(KindOf("uk", "uk"), 30, 300)};
  week.crews = {Always(Speaks({"ro"}), 6), Always(Speaks({"uk"}), 3)};
  const absl::StatusOr<Suggestion> suggestion =
      Suggest(week, policy, kWednesday, 0.8, {{10, 1, 100'000, nullptr}, 40});
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
