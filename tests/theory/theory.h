// What queueing theory says exactly of a few desks. Times in seconds; `a` is the offered load:
// arrivals a second times mean handling.
//
// Threads: any.
#pragma once

#include <vector>

namespace usher::theory {

// M/G/n/n: the share that is lost (Erlang 1917), whatever the law of handling (Sevast'yanov 1957).
double ErlangB(int n, double a);

// M/M/n: the share that waits (Erlang 1917).
double ErlangC(int n, double a);

// M/M/n, first come first served. Requires: a < n.
struct Waits {
  double p_wait = 0;
  double mean = 0;
  double tail_rate = 0;  // P(wait > t) = p_wait * exp(-tail_rate * t)

  double PAbove(double t) const;
  double Quantile(double q) const;
};
Waits MMn(int n, double a, double handling);

// M/M/n+M, patience exponential (Palm 1957; Garnett, Mandelbaum, Reiman 2002).
struct WithAbandonment {
  double p_wait = 0;
  double p_abandon = 0;
  double wait_mean = 0;  // of all, served or not
  double queue_mean = 0;
  double busy_mean = 0;
  double p_above = 0;  // waited longer than `t` before service or leaving
};
WithAbandonment MMnM(int n, double a, double handling, double patience, double t);

// M/M/n, non-preemptive priorities, one law of handling for all; `loads` by class, the highest
// priority first (Cobham 1954; Kella, Yechiali 1985).
std::vector<double> PriorityWaits(int n, const std::vector<double>& loads, double handling);
// The same for the highest class: P(wait > t) (Davis 1966).
double TopPriorityPAbove(int n, const std::vector<double>& loads, double handling, double t);

// M/G/1, lognormal handling (Pollaczek 1930, Khinchine 1932; the second moment by Takacs 1962).
struct OneServer {
  double mean = 0;
  double deviation = 0;
};
OneServer MLognormal1(double a, double handling, double scv);

// M_t/M/infinity: the mean number busy at `t`, arrivals at rate a / handling * (1 + amplitude *
// sin(2 pi t / period)) (Eick, Massey, Whitt 1993).
double SineBusy(double a, double handling, double amplitude, double period, double t);

}  // namespace usher::theory
