// Dice: a small random source with a fixed sequence, the same on every machine; or bytes that
// somebody else chose, to the same end.
//
// splitmix64 (Steele, Lea, Flood 2014). Threads: one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace usher::kit {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}

  // Two bytes a throw; all zeros once they are used up. Borrows the bytes.
  explicit Dice(std::string_view bytes) : bytes_(bytes), by_bytes_(true) {}

  // Are the bytes used up? Never so by a seed.
  bool done() const { return by_bytes_ && bytes_.empty(); }

  std::uint64_t Next() {
    if (by_bytes_) return NextBytes();
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
  std::uint64_t NextBytes() {
    std::uint64_t value = 0;
    for (int i = 0; i < 2 && !bytes_.empty(); ++i) {
      value = value << 8 | static_cast<unsigned char>(bytes_.front());
      bytes_.remove_prefix(1);
    }
    return value;
  }

  std::uint64_t state_ = 0;
  std::string_view bytes_;
  bool by_bytes_ = false;
};

}  // namespace usher::kit
