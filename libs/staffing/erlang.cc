#include "staffing/erlang.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace usher::staffing {
namespace {

constexpr int kSteps = 48;          // of Simpson's rule, for each panel; even
constexpr double kNegligible = 40;  // e^-40 of the peak

double ErlangB(int servers, double erlangs) {
  double blocked = 1;
  for (int k = 1; k <= servers; ++k) blocked = erlangs * blocked / (k + erlangs * blocked);
  return blocked;
}

// Weighs the times that somebody who must wait would have to wait: exp(Exponent(x)) dx, to a factor
// that all weights share.
class OfferedWait {
 public:
  OfferedWait(const Load& load, int servers)
      : arrivals_(load.arrivals), drain_(servers / load.handling), patience_(load.patience) {
    if (patience_ > 0 && arrivals_ > drain_) peak_ = patience_ * std::log(arrivals_ / drain_);
    top_ = Exponent(peak_);
    scale_ = 1 / drain_;
    if (patience_ > 0) scale_ = std::min(scale_, patience_);
  }

  // Weights are multiplied by exp(-top()).
  double top() const { return top_; }

  // The weight of those who must wait for up to `until`; `served`: only of those who stay so long.
  double Weight(double until, bool served) const {
    double sum = 0;
    double from = 0;
    double width = scale_;  // short where it begins, then twice as long each time
    while (from < until && (from < peak_ || Exponent(from) > top_ - kNegligible)) {
      const double to = std::min(from + width, until);
      sum += Panel(from, to, served);
      from = to;
      width *= 2;
    }
    return arrivals_ * sum;
  }

 private:
  double Panel(double from, double to, bool served) const {
    const double step = (to - from) / kSteps;
    double sum = Density(from, served) + Density(to, served);
    for (int i = 1; i < kSteps; ++i) {
      sum += Density(from + i * step, served) * (i % 2 == 1 ? 4 : 2);
    }
    return sum * step / 3;
  }
  double Exponent(double x) const {
    const double come = patience_ > 0 ? patience_ * -std::expm1(-x / patience_) : x;
    return arrivals_ * come - drain_ * x;
  }
  double Density(double x, bool served) const {
    const double stays = served && patience_ > 0 ? x / patience_ : 0;
    return std::exp(Exponent(x) - top_ - stays);
  }

  double arrivals_;
  double drain_;
  double patience_;
  double peak_ = 0;
  double top_ = 0;
  double scale_ = 0;
};

double ServedWithin(const Load& load, int servers, double target) {
  const OfferedWait wait(load, servers);
  // The weight of a full line over that of all states in which nobody waits.
  const double full = std::exp(std::log(ErlangB(servers - 1, load.erlangs())) + wait.top());
  const double all = wait.Weight(std::numeric_limits<double>::infinity(), false);
  return (1 + full * wait.Weight(target, true)) / (1 + full * all);
}

bool Carried(const Load& load, int servers) {
  return servers > 0 && (load.patience > 0 || load.erlangs() < servers);
}

}  // namespace

double AnsweredWithin(const Load& load, int servers, double target) {
  if (load.arrivals <= 0 || load.handling <= 0) return servers > 0 || load.arrivals <= 0 ? 1 : 0;
  if (!Carried(load, servers)) return 0;
  return ServedWithin(load, servers, target);
}

std::optional<int> ServersNeeded(const Load& load, const std::vector<Part>& parts, double wanted,
                                 int most) {
  if (load.arrivals <= 0) return 0;
  const auto enough = [&](int servers) {
    double within = 0;
    for (const Part& part : parts) {
      within += part.share * AnsweredWithin(load, servers, part.target);
    }
    return within >= wanted;
  };
  int few = 0;
  int many = 1;
  while (!enough(many)) {
    if (many == most) return std::nullopt;
    few = many;
    many = std::min(2 * many, most);
  }
  while (many - few > 1) {
    const int middle = few + (many - few) / 2;
    (enough(middle) ? many : few) = middle;
  }
  return many;
}

}  // namespace usher::staffing
