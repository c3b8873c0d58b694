// Law: how long something takes, by chance. Drawn by inversion: one number in (0, 1) is one
// duration, so that the same number under two laws gives two durations that go together.
//
// Threads: any.
#pragma once

#include <cstdint>

#include "core/time.h"
#include "simulate/rng.h"

namespace usher::simulate {

struct Law {
  enum class Kind : std::uint8_t { kFixed, kExponential, kLognormal };

  Kind kind = Kind::kFixed;
  double mean_us = 0;
  double scv = 0;  // squared coefficient of variation; kLognormal only

  static Law Fixed(Duration mean) { return {Kind::kFixed, static_cast<double>(mean.count()), 0}; }
  static Law Exponential(Duration mean) {
    return {Kind::kExponential, static_cast<double>(mean.count()), 0};
  }
  static Law Lognormal(Duration mean, double scv) {
    return {Kind::kLognormal, static_cast<double>(mean.count()), scv};
  }

  friend bool operator==(const Law&, const Law&) = default;
};

// A law ready to be drawn from.
class Sampler {
 public:
  Sampler() = default;
  explicit Sampler(const Law& law);

  // Requires: 0 < unit < 1. Rounded to whole microseconds, never negative.
  Duration At(double unit) const;

 private:
  Law::Kind kind_ = Law::Kind::kFixed;
  double scale_ = 0;  // the mean, or the median of a lognormal law
  double sigma_ = 0;
};

// The standard normal law's quantile (Wichura 1988, algorithm AS 241), to 16 digits.
//
// Requires: 0 < p < 1.
double NormalQuantile(double p);

// A gamma factor with mean 1 and this coefficient of variation (Marsaglia, Tsang 2000).
//
// Requires: cv > 0.
double GammaFactor(double cv, Rng& rng);

}  // namespace usher::simulate
