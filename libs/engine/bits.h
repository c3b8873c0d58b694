// Bits: a set of small numbers, a bit each, that grows as numbers are put in.
//
// Threads: one.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace usher::engine {

class Bits {
 public:
  void Put(std::uint32_t number) {
    if (number / 64 >= words_.size()) words_.resize(number / 64 + 1);
    words_.data()[number / 64] |= std::uint64_t{1} << (number % 64);
  }
  void Remove(std::uint32_t number) {
    if (number / 64 < words_.size()) {
      words_.data()[number / 64] &= ~(std::uint64_t{1} << (number % 64));
    }
  }
  bool Has(std::uint32_t number) const { return (word(number / 64) >> (number % 64) & 1) != 0; }

  const std::uint64_t* words_at() const { return words_.data(); }
  std::size_t words() const { return words_.size(); }
  std::uint64_t word(std::size_t index) const {
    return index < words_.size() ? words_.data()[index] : 0;
  }

 private:
  std::vector<std::uint64_t> words_;
};

// Calls `visit` with the number of each bit of `word`, lowest first.
template <class Visit>
void ForEachBit(std::uint64_t word, Visit&& visit) {
  for (; word != 0; word &= word - 1) visit(static_cast<std::uint32_t>(std::countr_zero(word)));
}

}  // namespace usher::engine
