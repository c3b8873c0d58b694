#include "simulate/estimate.h"

#include <array>
#include <cmath>
#include <cstddef>

namespace usher::simulate {
namespace {

constexpr std::array kTable = {12.706204736, 4.302652730, 3.182446305, 2.776445105, 2.570581836,
                               2.446911851,  2.364624252, 2.306004135, 2.262157163, 2.228138852,
                               2.200985160,  2.178812830, 2.160368656, 2.144786688, 2.131449546,
                               2.119905299,  2.109815578, 2.100922040, 2.093024054, 2.085963447};
constexpr double kNormal = 1.959963985;

}  // namespace

double StudentT95(std::size_t degrees) {
  if (degrees <= kTable.size()) return kTable[degrees - 1];
  // The expansion about the normal law (Abramowitz, Stegun 26.7.5); from 21 on good to 7 digits.
  const double n = static_cast<double>(degrees);
  const double z = kNormal;
  const double z2 = z * z;
  return z * (1 + (z2 + 1) / (4 * n) + ((5 * z2 + 16) * z2 + 3) / (96 * n * n) +
              (((3 * z2 + 19) * z2 + 17) * z2 - 15) / (384 * n * n * n));
}

Estimate EstimateOf(const std::vector<double>& values) {
  Estimate estimate;
  if (values.empty()) {
    estimate.ci95 = 0;
    return estimate;
  }
  const double count = static_cast<double>(values.size());
  for (const double value : values) estimate.mean += value;
  estimate.mean /= count;
  if (values.size() < 2) return estimate;
  double squares = 0;
  for (const double value : values) {
    squares += (value - estimate.mean) * (value - estimate.mean);
  }
  estimate.ci95 = StudentT95(values.size() - 1) * std::sqrt(squares / (count - 1) / count);
  return estimate;
}

}  // namespace usher::simulate
