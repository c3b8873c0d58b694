// Several queues and groups of agents: overflow by Erlang, and small desks solved exactly.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "theory/chain.h"
#include "theory/near.h"
#include "theory/theory.h"

namespace usher::theory {
namespace {

using simulate::Measure;
using simulate::Report;

void ExpectExact(const Report& report, const ExactDesk& exact) {
  ASSERT_EQ(report.classes.size(), exact.classes.size());
  for (std::size_t i = 0; i < exact.classes.size(); ++i) {
    const simulate::Scope& scope = report.classes[i];
    const ExactClass& its = exact.classes[i];
    ExpectNear(scope[Measure::kPBlocked], its.p_blocked, 0.15, scope.name + ": P(blocked)");
    ExpectNear(scope[Measure::kPWait], its.p_wait, 0.06, scope.name + ": P(wait)");
    ExpectNear(scope[Measure::kWaitMean], its.wait_mean, 0.1, scope.name + ": mean wait");
    ExpectNear(scope[Measure::kQueueMean], its.queue_mean, 0.1, scope.name + ": queue");
    if (its.p_abandoned > 0) {
      ExpectNear(scope[Measure::kPAbandoned], its.p_abandoned, 0.1, scope.name + ": P(abandon)");
    }
  }
  for (std::size_t i = 0; i < exact.occupancy.size(); ++i) {
    ExpectNear(report.agents[i].occupancy, exact.occupancy[i], 0.03,
               report.agents[i].name + ": occupancy");
  }
}

// The agents of group 0 take class a, those of group 1 both.
constexpr const char kN[] = R"(replications: 10
warmup: {inquiries: 500}
stop: {inquiries: 10000}
places: 7
classes:
  - {name: a, arrivals: {poisson: 36/h}, needs: [a], priority: 3, handling: {exp: 100s}}
  - {name: b, arrivals: {poisson: 25.2/h}, needs: [b], priority: 7, handling: {exp: 100s}}
agents:
  - {name: g1, count: 1, skills: {a: 50}}
  - {name: g2, count: 2, skills: {a: 60, b: 40}, handling: {a: {exp: 150s}}}
)";

SmallDesk N() {
  SmallDesk desk;
  desk.places = 7;
  desk.arrivals = {0.01, 0.007};
  desk.leaving = {0, 0};
  desk.priorities = {3, 7};
  desk.agents = {0, 1, 1};
  desk.rates = {{1 / 100.0, 1 / 150.0}, {0, 1 / 100.0}};
  desk.levels = {{50, 60}, {0, 40}};
  desk.skills = {1, 2};
  return desk;
}

TEST(Chain, OfOneQueueIsErlangs) {
  SmallDesk desk;
  desk.places = 60;
  desk.arrivals = {0.02};
  desk.leaving = {0};
  desk.priorities = {5};
  desk.agents = {0, 0, 0};
  desk.rates = {{0.01}};
  desk.skills = {1};
  const ExactDesk exact = Solve(desk);
  EXPECT_NEAR(exact.classes[0].p_wait, ErlangC(3, 2), 1e-6);
  EXPECT_NEAR(exact.classes[0].wait_mean, MMn(3, 2, 100).mean, 1e-4);
  EXPECT_NEAR(exact.occupancy[0], 2.0 / 3, 1e-6);
  desk.leaving = {0.005};
  const WithAbandonment leaving = MMnM(3, 2, 100, 200, 0);
  EXPECT_NEAR(Solve(desk).classes[0].p_abandoned, leaving.p_abandon, 1e-6);
  desk.places = 3;
  EXPECT_NEAR(Solve(desk).classes[0].p_blocked, ErlangB(3, 2), 1e-9);
}

TEST(Chain, TellsTheRulesApart) {
  // What follows would prove little if every rule came to the same.
  SmallDesk desk = N();
  const ExactDesk longest_idle = Solve(desk);
  EXPECT_GT(longest_idle.states, 100u);
  desk.pick = SmallDesk::Pick::kFewestSkills;
  const ExactDesk fewest = Solve(desk);
  EXPECT_GT(fewest.occupancy[0], longest_idle.occupancy[0] * 1.1);
  desk.order = SmallDesk::Order::kPriority;
  EXPECT_LT(Solve(desk).classes[1].wait_mean, fewest.classes[1].wait_mean * 0.9);
  desk.order = SmallDesk::Order::kAgentLevel;
  EXPECT_GT(Solve(desk).classes[1].wait_mean, fewest.classes[1].wait_mean * 1.1);
}

TEST(Skills, KeepRareOnesFreeByTheDefaultRules) {
  SmallDesk desk = N();
  desk.pick = SmallDesk::Pick::kFewestSkills;
  desk.order = SmallDesk::Order::kPriority;
  ExpectExact(Play("seed: 1\n" + std::string(kN)), Solve(desk));
}

TEST(Skills, FirstComeFirstServedByTheLongestIdle) {
  ExpectExact(Play("seed: 2\norder: fifo\npick: longest_idle\n" + std::string(kN)), Solve(N()));
}

TEST(Skills, GoToTheBestLevel) {
  SmallDesk desk = N();
  desk.pick = SmallDesk::Pick::kBestLevel;
  ExpectExact(Play("seed: 3\norder: fifo\npick: best_level\n" + std::string(kN)), Solve(desk));
}

TEST(Skills, AreServedInTheOrderOfTheAgentsLevels) {
  SmallDesk desk = N();
  desk.order = SmallDesk::Order::kAgentLevel;
  ExpectExact(Play("seed: 4\norder: agent_level\npick: longest_idle\n" + std::string(kN)),
              Solve(desk));
}

TEST(Skills, OverlapInTheMiddle) {
  // W: three classes, two groups, the class in the middle with both; customers leave.
  const Report report = Play(R"(seed: 5
replications: 10
warmup: {inquiries: 500}
stop: {inquiries: 10000}
places: 6
order: fifo
pick: longest_idle
classes:
  - {name: a, arrivals: {poisson: 18/h}, needs: [a], patience: {exp: 200s}, handling: {exp: 100s}}
  - {name: b, arrivals: {poisson: 36/h}, needs: [b], patience: {exp: 100s}, handling: {exp: 80s}}
  - {name: c, arrivals: {poisson: 25.2/h}, needs: [c], patience: {exp: 400s}, handling: {exp: 60s}}
agents:
  - {name: left, count: 1, skills: [a, b]}
  - {name: right, count: 1, skills: [b, c], handling: {b: {exp: 120s}}}
)");
  SmallDesk desk;
  desk.places = 6;
  desk.arrivals = {0.005, 0.01, 0.007};
  desk.leaving = {1 / 200.0, 1 / 100.0, 1 / 400.0};
  desk.priorities = {5, 5, 5};
  desk.agents = {0, 1};
  desk.rates = {{1 / 100.0, 0}, {1 / 80.0, 1 / 120.0}, {0, 1 / 60.0}};
  desk.skills = {2, 2};
  ExpectExact(report, Solve(desk));
}

TEST(Skills, PreferGroupsLevelByLevel) {
  // Class a may go to g2 first and to g3 if need be, never to g1.
  const Report report = Play(R"(seed: 6
replications: 10
warmup: {inquiries: 500}
stop: {inquiries: 10000}
places: 6
order: fifo
pick: longest_idle
classes:
  - {name: a, arrivals: {poisson: 36/h}, groups: [[g2], [g3]], handling: {exp: 100s}}
  - {name: b, arrivals: {poisson: 25.2/h}, groups: [[g1, g3], [g2]], handling: {exp: 120s}}
agents:
  - {name: g1, count: 1}
  - {name: g2, count: 1}
  - {name: g3, count: 1}
)");
  SmallDesk desk;
  desk.places = 6;
  desk.arrivals = {0.01, 0.007};
  desk.leaving = {0, 0};
  desk.priorities = {5, 5};
  desk.agents = {0, 1, 2};
  desk.rates = {{0, 1 / 100.0, 1 / 100.0}, {1 / 120.0, 1 / 120.0, 1 / 120.0}};
  desk.skills = {0, 0, 0};
  desk.preferences = {{{1}, {2}}, {{0, 2}, {1}}};
  ExpectExact(report, Solve(desk));
}

// Overflow: who finds the first group busy goes to the second, who finds both busy is lost. The
// first group is a loss system of its own, both together are one, whatever the law of handling.
void ExpectOverflow(const Report& report) {
  const double first = 8 * (1 - ErlangB(6, 8));
  const double both = 8 * (1 - ErlangB(10, 8));
  ExpectNear(report.all[Measure::kPBlocked], ErlangB(10, 8), 0.05, "P(blocked)");
  ExpectNear(report.agents[0].occupancy, first / 6, 0.015, "first group");
  ExpectNear(report.agents[1].occupancy, (both - first) / 4, 0.025, "second group");
}

TEST(Overflow, CarriesWhatErlangBSaysFromGroupToGroup) {
  ExpectOverflow(Play(R"(seed: 7
replications: 10
warmup: {inquiries: 1000}
stop: {inquiries: 12000}
places: 10
classes:
  - name: a
    arrivals: {poisson: 96/h}
    groups: [[second], [first]]
    handling: {lognormal: {mean: 300s, scv: 1.5}}
agents:
  - {name: second, count: 6, skills: [x, y]}
  - {name: first, count: 4}
)"));
}

TEST(Overflow, CarriesWhatErlangBSaysFromFewSkillsToMany) {
  ExpectOverflow(Play(R"(seed: 8
replications: 10
warmup: {inquiries: 1000}
stop: {inquiries: 12000}
places: 10
classes:
  - name: a
    arrivals: {poisson: 96/h}
    needs: [x]
    handling: {lognormal: {mean: 300s, scv: 1.5}}
agents:
  - {name: plain, count: 6, skills: [x]}
  - {name: rare, count: 4, skills: [x, y]}
)"));
}

}  // namespace
}  // namespace usher::theory
