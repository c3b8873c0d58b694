#include "quality/figures.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace usher::quality {
namespace {

double Seconds(Duration time) { return static_cast<double>(time.count()) / 1e6; }

// The least value that so large a share does not exceed.
double Quantile(const std::vector<Duration>& sorted, double share) {
  if (sorted.empty()) return 0;
  const double rank = std::ceil(share * static_cast<double>(sorted.size()));
  return Seconds(sorted[static_cast<std::size_t>(std::max(rank, 1.0)) - 1]);
}

double SpreadOf(const std::vector<AgentSpec>& staff, const std::vector<Duration>& worked) {
  std::map<std::uint32_t, std::vector<double>> groups;
  for (std::size_t i = 0; i < staff.size(); ++i) {
    groups[staff[i].group].push_back(Seconds(worked[i]));
  }
  double sum = 0;
  double count = 0;
  for (const auto& [group, hours] : groups) {
    const auto [least, most] = std::minmax_element(hours.begin(), hours.end());
    double mean = 0;
    for (const double each : hours) mean += each / static_cast<double>(hours.size());
    if (hours.size() < 2 || mean == 0) continue;
    sum += (*most - *least) / mean;
    ++count;
  }
  return count == 0 ? 0 : sum / count;
}

}  // namespace

Figures FiguresOf(const std::vector<Inquiry>& day, const std::vector<AgentSpec>& staff,
                  const Result& result) {
  Figures figures;
  figures.inquiries = static_cast<double>(day.size());
  figures.commands = static_cast<double>(result.commands);
  figures.spread = SpreadOf(staff, result.worked);
  if (day.empty()) return figures;
  std::vector<Duration> waits;
  for (std::size_t i = 0; i < day.size(); ++i) {
    const Outcome& outcome = result.outcomes[i];
    const Duration wait = waits.emplace_back(outcome.Wait(day[i]));
    figures.wait_mean += Seconds(wait);
    figures.offers += outcome.offers;
    if (outcome.left != kNever) ++figures.left;
    if (!outcome.Breached(day[i])) continue;
    ++figures.breaches;
    ++figures.breaches_of[static_cast<std::size_t>(day[i].kind)];
    figures.lateness_mean += Seconds(wait - day[i].target());
  }
  figures.wait_mean /= figures.inquiries;
  figures.offers /= figures.inquiries;
  figures.left /= figures.inquiries;
  if (figures.breaches > 0) figures.lateness_mean /= figures.breaches;
  std::sort(waits.begin(), waits.end());
  figures.wait_p50 = Quantile(waits, .50);
  figures.wait_p95 = Quantile(waits, .95);
  figures.wait_p99 = Quantile(waits, .99);
  figures.wait_max = Seconds(waits.back());
  return figures;
}

simulate::Estimate MeanOf(const std::vector<Figures>& plays, double Figures::*figure) {
  std::vector<double> values;
  for (const Figures& play : plays) values.push_back(play.*figure);
  return simulate::EstimateOf(values);
}

simulate::Estimate DifferenceOf(const std::vector<Figures>& plays,
                                const std::vector<Figures>& others, double Figures::*figure) {
  std::vector<double> values;
  for (std::size_t i = 0; i < plays.size(); ++i) {
    values.push_back(plays[i].*figure - others[i].*figure);
  }
  return simulate::EstimateOf(values);
}

}  // namespace usher::quality
