// Estimate: a mean over replications, and how far it may be off.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace usher::simulate {

struct Estimate {
  double mean = 0;             // 0 if there was nothing to take it of
  std::optional<double> ci95;  // half-width of the 95% interval; absent: one value tells no spread

  friend bool operator==(const Estimate&, const Estimate&) = default;
};

// By Student's t, the values taken as independent and about normal.
Estimate EstimateOf(const std::vector<double>& values);

// What |t| of so many degrees of freedom exceeds with a probability of 5%.
//
// Requires: degrees >= 1.
double StudentT95(std::size_t degrees);

}  // namespace usher::simulate
