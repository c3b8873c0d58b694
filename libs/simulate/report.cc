#include "simulate/report.h"

#include <algorithm>
#include <cmath>

namespace usher::simulate {
namespace {

constexpr double kSecondUs = 1e6;

double Share(std::uint64_t part, std::uint64_t of) {
  return of == 0 ? 0 : static_cast<double>(part) / static_cast<double>(of);
}

void Sum(ClassTally& into, const ClassTally& from) {
  into.arrived += from.arrived;
  into.blocked += from.blocked;
  into.abandoned += from.abandoned;
  into.served += from.served;
  into.unserved += from.unserved;
  into.targeted += from.targeted;
  into.breached += from.breached;
  into.offers += from.offers;
  into.lateness_us += from.lateness_us;
  into.served_wait_us += from.served_wait_us;
  into.abandoned_wait_us += from.abandoned_wait_us;
  into.waiting_sum += from.waiting_sum;
  into.busy_sum += from.busy_sum;
}

// The least wait that a share `q` of the waits are not above. Moves the waits about.
double QuantileS(std::vector<std::int64_t>& waits, double q) {
  const double rank = std::ceil(q * static_cast<double>(waits.size()) - 1e-9);
  const std::size_t place = rank < 1 ? 0 : static_cast<std::size_t>(rank) - 1;
  const auto at = waits.begin() + static_cast<std::ptrdiff_t>(place);
  std::nth_element(waits.begin(), at, waits.end());
  return static_cast<double>(*at) / kSecondUs;
}

double DeviationS(const std::vector<std::int64_t>& waits, double mean_s) {
  if (waits.size() < 2) return 0;
  double squares = 0;
  for (const std::int64_t wait : waits) {
    const double off = static_cast<double>(wait) / kSecondUs - mean_s;
    squares += off * off;
  }
  return std::sqrt(squares / static_cast<double>(waits.size() - 1));
}

}  // namespace

Collector::Collector(const Scenario& scenario)
    : scenario_(scenario),
      classes_(scenario.classes.size()),
      groups_(scenario.agents.size()),
      busy_at_(scenario.busy_at.size()) {
  all_.p_wait_gt.resize(scenario.thresholds.size());
  for (ScopeValues& values : classes_) values.p_wait_gt.resize(scenario.thresholds.size());
}

void Collector::Add(Tally& tally) {
  ++replications_;
  commands_ += tally.commands;
  simulated_s_ += static_cast<double>(tally.simulated.count()) / kSecondUs;
  const double window_us = static_cast<double>((tally.closed - tally.opened).count());
  ClassTally all;
  for (std::size_t i = 0; i < classes_.size(); ++i) {
    Sum(all, tally.classes[i]);
    all.waits_us.insert(all.waits_us.end(), tally.classes[i].waits_us.begin(),
                        tally.classes[i].waits_us.end());
    AddScope(classes_[i], tally.classes[i], window_us);
  }
  AddScope(all_, all, window_us);
  AddGroups(tally);
  for (std::size_t i = 0; i < busy_at_.size(); ++i) {
    if (tally.busy_at_count[i] == 0) continue;
    busy_at_[i].push_back(static_cast<double>(tally.busy_at_sum[i]) /
                          static_cast<double>(tally.busy_at_count[i]));
  }
}

void Collector::AddScope(ScopeValues& values, ClassTally& tally, double window_us) {
  Sum(values.sums, tally);
  const auto add = [&](Measure measure, double value) {
    values.measures[static_cast<std::size_t>(measure)].push_back(value);
  };
  const auto mean_s = [&](std::int64_t sum_us, std::uint64_t count) {
    return static_cast<double>(sum_us) / static_cast<double>(count) / kSecondUs;
  };
  if (tally.arrived > 0) {
    add(Measure::kPBlocked, Share(tally.blocked, tally.arrived));
    add(Measure::kPAbandoned, Share(tally.abandoned, tally.arrived));
  }
  if (window_us > 0) {
    add(Measure::kQueueMean, static_cast<double>(tally.waiting_sum) / window_us);
    add(Measure::kBusyMean, static_cast<double>(tally.busy_sum) / window_us);
  }
  if (tally.targeted > 0) add(Measure::kPBreached, Share(tally.breached, tally.targeted));
  if (tally.breached > 0) add(Measure::kLatenessMean, mean_s(tally.lateness_us, tally.breached));
  if (tally.served > 0) add(Measure::kWaitServedMean, mean_s(tally.served_wait_us, tally.served));
  if (tally.abandoned > 0) {
    add(Measure::kWaitAbandonedMean, mean_s(tally.abandoned_wait_us, tally.abandoned));
  }
  const std::uint64_t admitted = tally.arrived - tally.blocked;
  if (admitted > 0) add(Measure::kOffersPerInquiry, Share(tally.offers, admitted));
  std::vector<std::int64_t>& waits = tally.waits_us;
  if (waits.empty()) return;
  const auto above = [&](Duration threshold) {
    const auto count = std::count_if(waits.begin(), waits.end(),
                                     [&](std::int64_t wait) { return wait > threshold.count(); });
    return Share(static_cast<std::uint64_t>(count), waits.size());
  };
  const double mean = mean_s(tally.served_wait_us + tally.abandoned_wait_us, waits.size());
  add(Measure::kPWait, above(Duration(0)));
  add(Measure::kWaitMean, mean);
  add(Measure::kWaitSd, DeviationS(waits, mean));
  for (std::size_t i = 0; i < values.p_wait_gt.size(); ++i) {
    values.p_wait_gt[i].push_back(above(scenario_.thresholds[i]));
  }
  for (std::size_t i = 0; i < kQuantiles.size(); ++i) {
    values.quantiles[i].push_back(QuantileS(waits, kQuantiles[i]));
  }
}

void Collector::AddGroups(const Tally& tally) {
  struct Range {
    double sum = 0;
    double least = 0;
    double most = 0;
    std::size_t count = 0;
  };
  std::vector<Range> ranges(groups_.size());
  for (const AgentTally& agent : tally.agents) {
    groups_[agent.group].served += agent.served;
    if (agent.present_sum == 0) continue;  // not at work in the window
    const double occupancy =
        static_cast<double>(agent.held_sum) / static_cast<double>(agent.present_sum);
    Range& range = ranges[agent.group];
    range.least = range.count == 0 ? occupancy : std::min(range.least, occupancy);
    range.most = range.count == 0 ? occupancy : std::max(range.most, occupancy);
    range.sum += occupancy;
    ++range.count;
  }
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    if (ranges[i].count == 0) continue;
    groups_[i].occupancy.push_back(ranges[i].sum / static_cast<double>(ranges[i].count));
    groups_[i].spread.push_back(ranges[i].most - ranges[i].least);
  }
}

Scope Collector::ToScope(const std::string& name, const ScopeValues& values) const {
  Scope scope;
  scope.name = name;
  scope.arrived = values.sums.arrived;
  scope.blocked = values.sums.blocked;
  scope.abandoned = values.sums.abandoned;
  scope.served = values.sums.served;
  scope.unserved = values.sums.unserved;
  scope.breached = values.sums.breached;
  for (std::size_t i = 0; i < kMeasures; ++i) scope.measures[i] = EstimateOf(values.measures[i]);
  for (const auto& shares : values.p_wait_gt) scope.p_wait_gt.push_back(EstimateOf(shares));
  for (std::size_t i = 0; i < kQuantiles.size(); ++i) {
    scope.wait_quantile_s[i] = EstimateOf(values.quantiles[i]);
  }
  return scope;
}

Report Collector::Finish() const {
  Report report;
  report.name = scenario_.name;
  report.replications = replications_;
  report.inquiries = all_.sums.arrived;
  report.commands = commands_;
  report.commands_per_s = simulated_s_ > 0 ? static_cast<double>(commands_) / simulated_s_ : 0;
  report.all = ToScope("all", all_);
  for (std::size_t i = 0; i < classes_.size(); ++i) {
    report.classes.push_back(ToScope(scenario_.classes[i].name, classes_[i]));
  }
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    report.agents.push_back({scenario_.agents[i].name, scenario_.agents[i].count,
                             EstimateOf(groups_[i].occupancy), EstimateOf(groups_[i].spread),
                             groups_[i].served});
  }
  report.thresholds = scenario_.thresholds;
  for (std::size_t i = 0; i < busy_at_.size(); ++i) {
    report.busy_at.emplace_back(scenario_.busy_at[i], EstimateOf(busy_at_[i]));
  }
  return report;
}

}  // namespace usher::simulate
