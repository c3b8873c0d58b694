// Dice: a small random source with a fixed sequence, the same on every machine.
//
// splitmix64 (Steele, Lea, Flood 2014). Threads: one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace usher::kit {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}

  std::uint64_t Next() {
    state_ += 0x9e3779b97f4a7c15ULL;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }

  std::uint64_t Below(std::uint64_t bound) { return Next() % bound; }
  bool Chance(std::uint64_t percent) { return Below(100) < percent; }

  template <class T, std::size_t N>
  const T& Pick(const T (&list)[N]) {
    return list[Below(N)];
  }
  template <class T>
  const T& Pick(const std::vector<T>& list) {
    return list[Below(list.size())];
  }

 private:
  std::uint64_t state_;
};

}  // namespace usher::kit
