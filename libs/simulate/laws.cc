#include "simulate/laws.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace usher::simulate {
namespace {

constexpr double kLongestUs = 1e15;  // thirty years: sums of a few stay far from the clock's end

template <std::size_t kSize>
double Polynomial(const std::array<double, kSize>& coefficients, double x) {
  double value = 0;
  for (std::size_t i = kSize; i-- > 0;) value = value * x + coefficients[i];
  return value;
}

// Numerators and denominators of AS 241 for the middle, the shoulders and the tails.
constexpr std::array kMiddleTop = {3.3871328727963666080e0,  1.3314166789178437745e+2,
                                   1.9715909503065514427e+3, 1.3731693765509461125e+4,
                                   4.5921953931549871457e+4, 6.7265770927008700853e+4,
                                   3.3430575583588128105e+4, 2.5090809287301226727e+3};
constexpr std::array kMiddleBottom = {1.0,
                                      4.2313330701600911252e+1,
                                      6.8718700749205790830e+2,
                                      5.3941960214247511077e+3,
                                      2.1213794301586595867e+4,
                                      3.9307895800092710610e+4,
                                      2.8729085735721942674e+4,
                                      5.2264952788528545610e+3};
constexpr std::array kShoulderTop = {1.42343711074968357734e0,  4.63033784615654529590e0,
                                     5.76949722146069140550e0,  3.64784832476320460504e0,
                                     1.27045825245236838258e0,  2.41780725177450611770e-1,
                                     2.27238449892691845833e-2, 7.74545014278341407640e-4};
constexpr std::array kShoulderBottom = {1.0,
                                        2.05319162663775882187e0,
                                        1.67638483018380384940e0,
                                        6.89767334985100004550e-1,
                                        1.48103976427480074590e-1,
                                        1.51986665636164571966e-2,
                                        5.47593808499534494600e-4,
                                        1.05075007164441684324e-9};
constexpr std::array kTailTop = {6.65790464350110377720e0,  5.46378491116411436990e0,
                                 1.78482653991729133580e0,  2.96560571828504891230e-1,
                                 2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                 2.71155556874348757815e-5, 2.01033439929228813265e-7};
constexpr std::array kTailBottom = {1.0,
                                    5.99832206555887937690e-1,
                                    1.36929880922735805310e-1,
                                    1.48753612908506148525e-2,
                                    7.86869131145613259100e-4,
                                    1.84631831751005468180e-5,
                                    1.42151175831644588870e-7,
                                    2.04426310338993978564e-15};

}  // namespace

double NormalQuantile(double p) {
  const double q = p - 0.5;
  if (std::abs(q) <= 0.425) {
    const double r = 0.180625 - q * q;
    return q * Polynomial(kMiddleTop, r) / Polynomial(kMiddleBottom, r);
  }
  const double r = std::sqrt(-std::log(q < 0 ? p : 1 - p));
  const double far = r <= 5
                         ? Polynomial(kShoulderTop, r - 1.6) / Polynomial(kShoulderBottom, r - 1.6)
                         : Polynomial(kTailTop, r - 5) / Polynomial(kTailBottom, r - 5);
  return q < 0 ? -far : far;
}

Sampler::Sampler(const Law& law) : kind_(law.kind), scale_(law.mean_us) {
  if (kind_ != Law::Kind::kLognormal) return;
  const double variance = std::log1p(law.scv);  // of the logarithm
  sigma_ = std::sqrt(variance);
  scale_ = law.mean_us * std::exp(-variance / 2);
}

Duration Sampler::At(double unit) const {
  double length = scale_;
  if (kind_ == Law::Kind::kExponential) length *= -std::log1p(-unit);
  if (kind_ == Law::Kind::kLognormal) length *= std::exp(sigma_ * NormalQuantile(unit));
  return Duration(std::llround(std::min(length, kLongestUs)));
}

double GammaFactor(double cv, Rng& rng) {
  const double shape = 1 / (cv * cv);
  // A shape below 1 is drawn one higher and brought down by a power of a uniform number.
  const double raised = shape < 1 ? shape + 1 : shape;
  const double d = raised - 1.0 / 3;
  const double c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double x = NormalQuantile(rng.Unit());
    const double root = 1 + c * x;
    if (root <= 0) continue;
    const double v = root * root * root;
    if (std::log(rng.Unit()) >= 0.5 * x * x + d - d * v + d * std::log(v)) continue;
    const double lift = shape < 1 ? std::pow(rng.Unit(), 1 / shape) : 1;
    return d * v * lift / shape;
  }
}

}  // namespace usher::simulate
