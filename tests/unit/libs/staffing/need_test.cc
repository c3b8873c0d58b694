#include "staffing/need.h"

#include <gtest/gtest.h>

#include "staffing/erlang.h"
#include "unit/libs/staffing/weeks.h"

namespace usher::staffing {
namespace {

const PoolNeed& Named(const std::vector<PoolNeed>& pools, std::string_view name) {
  for (const PoolNeed& pool : pools) {
    if (pool.name == name) return pool;
  }
  ADD_FAILURE() << "no pool " << name;
  return pools.front();
}

TEST(Need, AQueueByErlangsFormulas) {
  const Policy policy = CompiledPolicy(kTwoLanguages);
  Week week;
  week.kinds = {Steady(KindOf("uk"), 60, 300, 120)};
  week.crews = {Always(Speaks({"uk"}), 6)};
  const Needs needs = Compute(week, policy, 0.8);
  const HourNeed& hour = Named(needs.queues, "uk").hours[10];
  const Load with{60.0 / 3600, 300, 120};
  const Load without{60.0 / 3600, 300, 0};
  EXPECT_DOUBLE_EQ(hour.arrivals, 60);
  EXPECT_EQ(hour.without, ServersNeeded(without, {{1, 20}}, 0.8));
  EXPECT_EQ(hour.with, ServersNeeded(with, {{1, 20}}, 0.8));
  EXPECT_LT(*hour.with, *hour.without);
  EXPECT_DOUBLE_EQ(hour.present, 6);
  EXPECT_DOUBLE_EQ(hour.answered_in_time, AnsweredWithin(with, 6, 20));
}

TEST(Need, QueuesWithoutATargetAreLeftOut) {
  const Policy policy = CompiledPolicy(kTwoLanguages);
  Week week;
  week.kinds = {Steady(KindOf("later"), 60, 300)};
  const Needs needs = Compute(week, policy, 0.8);
  ASSERT_EQ(needs.queues.size(), 2u);
  EXPECT_EQ(Named(needs.queues, "uk").hours[0].without, 0);
}

TEST(Need, ASkillPoolsTheQueuesThatCannotDoWithoutIt) {
  const Policy policy = CompiledPolicy(R"(
version: test-1
languages: [uk]
skills: [uk, returns, calm]
channels: {chat: {units: 1}}
sla: {live: {first_response: 20s}}
queues:
  - {name: a, needs: {uk: 50}, sla: live}
  - {name: b, needs: {uk: 50, returns: 10}, sla: live}
  - {name: c, who: {any: [{skill: returns}, {skill: calm}]}, sla: live}
otherwise: {queue: a}
)");
  Week week;
  week.kinds = {Steady(KindOf("a"), 30, 300), Steady(KindOf("b"), 30, 300),
                Steady(KindOf("c"), 30, 300)};
  const Needs needs = Compute(week, policy, 0.8);
  ASSERT_EQ(needs.skills.size(), 2u);  // c can do without either
  EXPECT_DOUBLE_EQ(Named(needs.skills, "uk").hours[0].arrivals, 60);
  EXPECT_DOUBLE_EQ(Named(needs.skills, "returns").hours[0].arrivals, 30);
}

TEST(Need, WhoHasSeveralAtOnceCountsForAsMany) {
  Policy policy = CompiledPolicy(kTwoLanguages);
  policy.channels[0].units = 2;
  Week week;
  week.kinds = {Steady(KindOf("uk"), 120, 300)};
  week.crews = {Always(Speaks({"uk"}), 4)};
  week.crews[0].units = 6;
  const HourNeed hour = Named(Compute(week, policy, 0.8).queues, "uk").hours[0];
  const int servers = *ServersNeeded({120.0 / 3600, 300, 0}, {{1, 20}}, 0.8);
  EXPECT_EQ(hour.without, (servers + 2) / 3);
  EXPECT_DOUBLE_EQ(hour.answered_in_time, AnsweredWithin({120.0 / 3600, 300, 0}, 12, 20));
}

TEST(Need, NobodyThereAnswersNobody) {
  const Policy policy = CompiledPolicy(kTwoLanguages);
  Week week;
  week.kinds = {Steady(KindOf("uk"), 60, 300)};
  week.crews = {Always(Speaks({"ro"}), 6)};
  const HourNeed hour = Named(Compute(week, policy, 0.8).queues, "uk").hours[0];
  EXPECT_DOUBLE_EQ(hour.present, 0);
  EXPECT_DOUBLE_EQ(hour.answered_in_time, 0);
}

}  // namespace
}  // namespace usher::staffing
