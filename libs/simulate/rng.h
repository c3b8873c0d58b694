// Rng: a stream of chance, the same on every machine and with every compiler.
//
// Each class, purpose and replication has a stream of its own, so that what is drawn for one
// inquiry hangs on nothing that the routing does: two rules compared meet the same customers.
//
// Threads: one.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "core/hash.h"

namespace usher::simulate {

constexpr std::uint64_t kGolden = 0x9e3779b97f4a7c15ULL;

// SplitMix64 (Steele, Lea, Flood 2014; public domain): moves `state` on and returns a number.
constexpr std::uint64_t SplitMix(std::uint64_t& state) {
  state += kGolden;
  std::uint64_t z = state;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

// In (0, 1): never an end, so that a law's inverse is finite.
constexpr double UnitOf(std::uint64_t bits) {
  return (static_cast<double>(bits >> 11) + 0.5) * 0x1.0p-53;
}

// One key from several numbers.
constexpr std::uint64_t KeyOf(std::uint64_t a, std::uint64_t b) {
  return Mix64(a + kGolden * (Mix64(b + 1) | 1));
}

// A number in (0, 1) that belongs to `key` alone, without a stream.
constexpr double UnitAt(std::uint64_t key) { return UnitOf(SplitMix(key)); }

// xoshiro256++ (Blackman, Vigna 2019; public domain), its state filled by SplitMix64.
class Rng {
 public:
  explicit Rng(std::uint64_t seed) {
    for (std::uint64_t& word : state_) word = SplitMix(seed);
  }

  std::uint64_t Next() {
    const std::uint64_t result = std::rotl(state_[0] + state_[3], 23) + state_[0];
    const std::uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }

  double Unit() { return UnitOf(Next()); }

 private:
  std::array<std::uint64_t, 4> state_{};
};

}  // namespace usher::simulate
