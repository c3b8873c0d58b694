// One queue of several priorities: Cobham's formula.
#include <gtest/gtest.h>

#include <vector>

#include "theory/near.h"
#include "theory/theory.h"

namespace usher::theory {
namespace {

using simulate::Measure;
using simulate::Report;

std::string ThreeClasses(const std::string& order) {
  return order + R"(seed: 1
replications: 10
warmup: {inquiries: 2000}
stop: {inquiries: 20000}
classes:
  - {name: high, arrivals: {poisson: 12/h}, priority: 9, handling: {exp: 300s}}
  - {name: mid, arrivals: {poisson: 18/h}, priority: 5, handling: {exp: 300s}}
  - {name: low, arrivals: {poisson: 12/h}, priority: 0, handling: {exp: 300s}}
agents: [{name: g, count: 4}]
report: {thresholds: [60s]}
)";
}

void ExpectCobham(const Report& report) {
  const std::vector<double> loads = {1, 1.5, 1};
  const std::vector<double> waits = PriorityWaits(4, loads, 300);
  ASSERT_EQ(report.classes.size(), 3u);
  ExpectNear(report.classes[0][Measure::kWaitMean], waits[0], 0.04, "high");
  ExpectNear(report.classes[1][Measure::kWaitMean], waits[1], 0.05, "mid");
  ExpectNear(report.classes[2][Measure::kWaitMean], waits[2], 0.2, "low");
  ExpectNear(report.classes[0].p_wait_gt[0], TopPriorityPAbove(4, loads, 300, 60), 0.04,
             "P(high waits > 60s)");
  for (const simulate::Scope& scope : report.classes) {
    ExpectNear(scope[Measure::kPWait], ErlangC(4, 3.5), 0.03, "P(wait) of " + scope.name);
  }
  // One law of handling for all: in the mean nobody waits longer for it.
  ExpectNear(report.all[Measure::kWaitMean], MMn(4, 3.5, 300).mean, 0.15, "all");
}

TEST(Priorities, WaitAsCobhamSays) { ExpectCobham(Play(ThreeClasses("order: priority\n"))); }

TEST(Priorities, WaitAsCobhamSaysByTheDefaultOrder) { ExpectCobham(Play(ThreeClasses(""))); }

TEST(Priorities, DoNotCountInFifo) {
  const Report report = Play(ThreeClasses("order: fifo\n"));
  const double exact = MMn(4, 3.5, 300).mean;
  for (const simulate::Scope& scope : report.classes) {
    ExpectNear(scope[Measure::kWaitMean], exact, 0.15, scope.name);
  }
}

}  // namespace
}  // namespace usher::theory
