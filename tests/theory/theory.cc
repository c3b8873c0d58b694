#include "theory/theory.h"

#include <cmath>
#include <cstddef>
#include <numbers>

namespace usher::theory {

double ErlangB(int n, double a) {
  double b = 1;
  for (int k = 1; k <= n; ++k) b = a * b / (k + a * b);
  return b;
}

double ErlangC(int n, double a) {
  const double b = ErlangB(n, a);
  return b / (1 - a / n * (1 - b));
}

double Waits::PAbove(double t) const { return p_wait * std::exp(-tail_rate * t); }

double Waits::Quantile(double q) const {
  return 1 - q >= p_wait ? 0 : std::log(p_wait / (1 - q)) / tail_rate;
}

Waits MMn(int n, double a, double handling) {
  Waits waits;
  waits.p_wait = ErlangC(n, a);
  waits.tail_rate = (n - a) / handling;
  waits.mean = waits.p_wait / waits.tail_rate;
  return waits;
}

WithAbandonment MMnM(int n, double a, double handling, double patience, double t) {
  const double theta = 1 / patience;
  const double alpha = n / handling / theta;
  // The chain of the number in the system, the states relative to that of n in it.
  double below = 0, busy_below = 0, weight = 1;
  for (int k = n; k > 0; --k) {
    weight *= k / a;
    below += weight;
    busy_below += weight * (k - 1);
  }
  WithAbandonment result;
  const double x = std::exp(-theta * t);
  double from_n = 0, queue = 0, above = 0;
  // Who finds q waiting is ahead of nobody: exp(-theta V) of its offered wait V is
  // Beta(alpha, q + 1), whose distribution function at x is a sum of q + 1 terms.
  double term = std::pow(x, alpha), beta = term;
  weight = 1;
  for (int q = 0; weight > 1e-18 || q < 10; ++q) {
    from_n += weight;
    queue += weight * q;
    above += weight * beta;
    term *= (alpha + q) / (q + 1) * (1 - x);
    beta += term;
    weight *= a / handling / (n / handling + (q + 1) * theta);
  }
  const double all = below + from_n;
  result.p_wait = from_n / all;
  result.queue_mean = queue / all;
  result.busy_mean = (busy_below + from_n * n) / all;
  result.wait_mean = result.queue_mean / (a / handling);
  result.p_abandon = theta * result.wait_mean;
  result.p_above = x * above / all;  // and has not left by then
  return result;
}

std::vector<double> PriorityWaits(int n, const std::vector<double>& loads, double handling) {
  double all = 0;
  for (const double load : loads) all += load;
  const double base = ErlangC(n, all) * handling / n;
  std::vector<double> waits;
  double above = 0;  // the share of the agents that higher classes take
  for (const double load : loads) {
    const double with = above + load / n;
    waits.push_back(base / ((1 - above) * (1 - with)));
    above = with;
  }
  return waits;
}

double TopPriorityPAbove(int n, const std::vector<double>& loads, double handling, double t) {
  double all = 0;
  for (const double load : loads) all += load;
  return ErlangC(n, all) * std::exp(-(n - loads[0]) / handling * t);
}

OneServer MLognormal1(double a, double handling, double scv) {
  const double rate = a / handling;
  const double second = handling * handling * (1 + scv);
  const double third = handling * handling * handling * std::pow(1 + scv, 3);
  OneServer result;
  result.mean = rate * second / (2 * (1 - a));
  // E[W^2] = 2 E[W]^2 + rate E[S^3] / (3 (1 - a))
  result.deviation = std::sqrt(result.mean * result.mean + rate * third / (3 * (1 - a)));
  return result;
}

double SineBusy(double a, double handling, double amplitude, double period, double t) {
  const double turn = 2 * std::numbers::pi / period;
  const double lag = turn * handling;
  return a * (1 + amplitude * (std::sin(turn * t) - lag * std::cos(turn * t)) / (1 + lag * lag));
}

}  // namespace usher::theory
