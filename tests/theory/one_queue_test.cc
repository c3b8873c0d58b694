// One queue, all agents alike: Erlang's formulas and their relatives.
#include <gtest/gtest.h>

#include "theory/near.h"
#include "theory/theory.h"

namespace usher::theory {
namespace {

using simulate::Measure;
using simulate::Report;

TEST(OneQueue, WaitsAsErlangCSays) {
  const Report report = Play(R"(seed: 1
replications: 10
warmup: {inquiries: 1000}
stop: {inquiries: 16000}
classes: [{name: a, arrivals: {poisson: 60/h}, handling: {exp: 300s}}]
agents: [{name: g, count: 8}]
report: {thresholds: [20s, 60s]}
)");
  const Waits exact = MMn(8, 5, 300);
  ExpectNear(report.all[Measure::kPWait], exact.p_wait, 0.05, "P(wait)");
  ExpectNear(report.all[Measure::kWaitMean], exact.mean, 0.12, "mean wait");
  ExpectNear(report.all[Measure::kQueueMean], exact.mean / 60, 0.12, "queue");
  ExpectNear(report.all[Measure::kBusyMean], 5, 0.02, "busy");
  ExpectNear(report.all.p_wait_gt[0], exact.PAbove(20), 0.06, "P(wait > 20s)");
  ExpectNear(report.all.p_wait_gt[1], exact.PAbove(60), 0.08, "P(wait > 60s)");
  ExpectNear(report.agents[0].occupancy, 5.0 / 8, 0.02, "occupancy");
}

TEST(OneQueue, WaitsAsErlangCSaysWithManyAgents) {
  const Report report = Play(R"(seed: 2
replications: 10
warmup: {inquiries: 1000}
stop: {inquiries: 16000}
classes: [{name: a, arrivals: {poisson: 2880/h}, handling: {exp: 60s}}]
agents: [{name: g, count: 50}]
)");
  const Waits exact = MMn(50, 48, 60);
  ExpectNear(report.all[Measure::kPWait], exact.p_wait, 0.1, "P(wait)");
  ExpectNear(report.all[Measure::kWaitMean], exact.mean, 0.4, "mean wait");
  ExpectNear(report.all[Measure::kBusyMean], 48, 0.015, "busy");
}

TEST(OneQueue, IsLeftAsErlangASays) {
  const Report report = Play(R"(seed: 3
replications: 10
warmup: {inquiries: 1000}
stop: {inquiries: 16000}
classes:
  - {name: a, arrivals: {poisson: 2880/h}, handling: {exp: 60s}, patience: {exp: 120s}}
agents: [{name: g, count: 50}]
report: {thresholds: [10s]}
)");
  const WithAbandonment exact = MMnM(50, 48, 60, 120, 10);
  ExpectNear(report.all[Measure::kPAbandoned], exact.p_abandon, 0.15, "P(abandon)");
  ExpectNear(report.all[Measure::kPWait], exact.p_wait, 0.1, "P(wait)");
  ExpectNear(report.all[Measure::kWaitMean], exact.wait_mean, 0.16, "mean wait");
  ExpectNear(report.all[Measure::kQueueMean], exact.queue_mean, 0.17, "queue");
  ExpectNear(report.all.p_wait_gt[0], exact.p_above, 0.2, "P(wait > 10s)");
  ExpectNear(report.agents[0].occupancy, exact.busy_mean / 50, 0.01, "occupancy");
}

TEST(OneQueue, LosesAsErlangBSaysWhateverTheLaw) {
  const Report report = Play(R"(seed: 4
replications: 10
warmup: {inquiries: 1000}
stop: {inquiries: 12000}
places: 8
classes:
  - {name: a, arrivals: {poisson: 72/h}, handling: {lognormal: {mean: 300s, scv: 1.5}}}
agents: [{name: g, count: 8}]
)");
  const double exact = ErlangB(8, 6);
  ExpectNear(report.all[Measure::kPBlocked], exact, 0.05, "P(blocked)");
  ExpectNear(report.all[Measure::kBusyMean], 6 * (1 - exact), 0.01, "busy");
  EXPECT_EQ(report.all[Measure::kPWait].mean, 0);
}

TEST(OneQueue, WaitsForALoneAgentAsPollaczekAndKhinchineSay) {
  const Report report = Play(R"(seed: 5
replications: 10
warmup: {inquiries: 1000}
stop: {inquiries: 25000}
classes:
  - {name: a, arrivals: {poisson: 25.2/h}, handling: {lognormal: {mean: 100s, scv: 1.2}}}
agents: [{name: g, count: 1}]
)");
  const OneServer exact = MLognormal1(0.7, 100, 1.2);
  ExpectNear(report.all[Measure::kWaitMean], exact.mean, 0.05, "mean wait");
  ExpectNear(report.all[Measure::kWaitSd], exact.deviation, 0.1, "deviation of the wait");
  ExpectNear(report.all[Measure::kPWait], 0.7, 0.01, "P(wait)");
}

TEST(OneQueue, FollowsASineWithALag) {
  const Report report = Play(R"(seed: 6
replications: 10
warmup: {time: 1h}
stop: {time: 24h}
classes:
  - name: a
    arrivals: {sine: {mean: 600/h, amplitude: 0.5, period: 1h}}
    handling: {exp: 240s}
agents: [{name: g, count: 200}]
report: {busy_at: [0m, 15m, 30m, 45m]}
)");
  ASSERT_EQ(report.busy_at.size(), 4u);
  for (const auto& [time, busy] : report.busy_at) {
    const double t = static_cast<double>(time.count()) / 1e6;
    ExpectNear(busy, SineBusy(40, 240, 0.5, 3600, t), 0.04, simulate::SecondsText(time));
  }
  EXPECT_EQ(report.all[Measure::kPWait].mean, 0);
}

TEST(OneQueue, WaitsForOffersAndWrapUpsLikeForWork) {
  // An agent is held from the offer on, and by the wrap-up after the end.
  const Report report = Play(R"(seed: 7
replications: 10
warmup: {inquiries: 1000}
stop: {inquiries: 16000}
offers: {accept: {fixed: 20s}, timeout: 60s}
wrap_up: 30s
classes: [{name: a, arrivals: {poisson: 36/h}, handling: {fixed: 20s}}]
agents: [{name: g, count: 1}]
)");
  // 70s held for each, all fixed: the wait to the offer is that of M/D/1, and 20s more.
  const double queueing = MLognormal1(0.7, 70, 0).mean;
  ExpectNear(report.all[Measure::kWaitMean], queueing + 20, 0.05, "mean wait");
  ExpectNear(report.agents[0].occupancy, 0.7, 0.01, "occupancy");
}

}  // namespace
}  // namespace usher::theory
