// Rows: which rows of the state have changed, for the hash of the state and for a copy that is
// being taken of it; and the hashes of the rows, as they were when they were last read.
//
// A row is named by its slot. Whoever changes one marks it; marking twice is marking once.
//
// Threads: one.
// Memory:  8 bytes and 3 bits a slot.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/bits.h"

namespace usher::engine {

class Rows {
 public:
  void Mark(std::uint32_t slot) {
    if (slot / 64 >= changed_.size()) Grow(slot);
    changed_[slot / 64] |= BitOf(slot);
  }

  // The row as it is now has this hash; 0: there is none.
  void SetHash(std::uint32_t slot, std::uint64_t hash) {
    if (slot / 64 >= changed_.size()) Grow(slot);
    sum_ += hash - hashes_[slot];
    hashes_[slot] = hash;
    changed_[slot / 64] &= ~BitOf(slot);
  }

  // Takes the hashes of all that are marked: `hash_of(slot)`. Returns the sum of all hashes.
  template <class HashOf>
  std::uint64_t Sum(HashOf&& hash_of) {
    for (std::size_t word = 0; word < changed_.size(); ++word) {
      const std::uint64_t marked = changed_[word];
      if (marked == 0) continue;
      if (copying_) wanted_[word] |= marked;
      ForEachBit(marked, [&](std::uint32_t bit) {
        const auto slot = static_cast<std::uint32_t>(word * 64 + bit);
        SetHash(slot, hash_of(slot));
      });
    }
    return sum_;
  }

  // From now on until EndCopy() every row below `end`, and every one that is marked, is wanted.
  void BeginCopy(std::uint32_t end) {
    if (end > 0) Grow(end - 1);
    copying_ = true;
    wanted_.assign(changed_.size(), ~std::uint64_t{0});
    copied_.assign(changed_.size(), 0);
    next_ = 0;
  }
  void EndCopy() {
    copying_ = false;
    wanted_ = {};
    copied_ = {};
  }
  bool copying() const { return copying_; }

  // Copies rows that are wanted, `most` at most: `copy(slot, again)` returns the hash, or 0 if
  // there is no such row; `again`: one of that slot was copied before. Returns how many rows it
  // copied.
  template <class Copy>
  std::size_t CopySome(std::size_t most, Copy&& copy);

  // How many rows are wanted.
  std::size_t wanted() const {
    std::size_t count = 0;
    for (std::size_t word = 0; word < wanted_.size(); ++word) {
      count += static_cast<std::size_t>(std::popcount(wanted_[word] | changed_[word]));
    }
    return count;
  }

 private:
  static std::uint64_t BitOf(std::uint32_t slot) { return std::uint64_t{1} << (slot % 64); }

  void Grow(std::uint32_t slot) {
    const std::size_t words = std::max<std::size_t>(slot / 64 + std::size_t{1}, changed_.size());
    changed_.resize(words);
    hashes_.resize(words * 64);
    if (!copying_) return;
    wanted_.resize(words);
    copied_.resize(words);
  }

  std::vector<std::uint64_t> changed_;  // bits: the hash is that of an older row
  std::vector<std::uint64_t> hashes_;
  std::uint64_t sum_ = 0;
  bool copying_ = false;
  std::vector<std::uint64_t> wanted_;  // bits, while a copy is taken: beside those that changed
  std::vector<std::uint64_t> copied_;
  std::size_t next_ = 0;  // word
};

template <class Copy>
std::size_t Rows::CopySome(std::size_t most, Copy&& copy) {
  std::size_t copied = 0;
  for (std::size_t left = changed_.size(); left > 0; --left) {
    if (next_ >= changed_.size()) next_ = 0;
    for (std::uint64_t bits = wanted_[next_] | changed_[next_]; bits != 0; bits &= bits - 1) {
      if (copied >= most) return copied;
      const auto slot =
          static_cast<std::uint32_t>(next_ * 64 + static_cast<unsigned>(std::countr_zero(bits)));
      const bool again = (copied_[next_] & BitOf(slot)) != 0;
      const std::uint64_t hash = copy(slot, again);
      SetHash(slot, hash);
      wanted_[next_] &= ~BitOf(slot);
      if (hash == 0) continue;
      copied_[next_] |= BitOf(slot);
      ++copied;
    }
    ++next_;
  }
  return copied;
}

}  // namespace usher::engine
