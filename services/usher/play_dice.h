// Dice: the chance of a played day. Seeded, and the same on every machine and with every compiler.
//
// Threads: one.
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <string_view>
#include <vector>

#include "core/hash.h"

namespace usher::play {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(Mix64(seed + 0x9e3779b97f4a7c15ULL)) {}

  // The dice of one thing (an offer, an inquiry): what is drawn for it hangs on nothing else.
  static Dice Of(std::uint64_t seed, std::string_view thing) {
    return Dice(Hash64(thing, kFnv64Offset ^ Mix64(seed)));
  }

  // SplitMix64 (Steele, Lea, Flood; public domain).
  std::uint64_t Next() {
    state_ += 0x9e3779b97f4a7c15ULL;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }

  // In [0, 1).
  double Unit() { return static_cast<double>(Next() >> 11) * 0x1.0p-53; }

  bool Chance(double probability) { return Unit() < probability; }

  // In [0, bound). Requires: bound > 0.
  std::uint64_t Below(std::uint64_t bound) { return Next() % bound; }

  double Exponential(double mean) { return -mean * std::log1p(-Unit()); }

  // With this mean; `sigma` is the deviation of the logarithm.
  double Lognormal(double mean, double sigma) {
    const double radius = std::sqrt(-2.0 * std::log1p(-Unit()));
    const double normal = radius * std::cos(2.0 * std::numbers::pi * Unit());
    return mean * std::exp(sigma * normal - sigma * sigma / 2.0);
  }

  // An index, each as likely as its weight. Requires: some weight is above 0.
  std::size_t Pick(const std::vector<double>& weights) {
    double total = 0;
    for (const double weight : weights) total += weight;
    double left = Unit() * total;
    std::size_t last = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      if (weights[i] <= 0) continue;
      last = i;
      left -= weights[i];
      if (left < 0) break;
    }
    return last;
  }

 private:
  std::uint64_t state_;
};

}  // namespace usher::play
