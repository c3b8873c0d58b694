// SubsetMin: slots with keys; finds the least key among the slots that are also in a given set.
//
// Slots stand in blocks of 64. A block knows which of its slots are filled (one word, to be met
// with a word of the given set) and a floor that none of its keys is below. A search skips what
// does not meet and what can't beat the best so far, so it touches a few words and a few keys. A
// floor that proved too low is raised by whoever was misled by it.
//
// Threads: one.
// Cost:    Put, SetKey, Remove O(1); Search O(blocks) words, and the keys that could be best.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "engine/bits.h"

namespace usher::engine {

template <class Key, class Value>
class SubsetMin {
 public:
  bool Has(std::uint32_t slot) const {
    return slot / 64 < filled_.size() && (filled_.data()[slot / 64] >> (slot % 64) & 1) != 0;
  }

  // Fills `slot`, which is empty.
  Value& Put(std::uint32_t slot, const Key& key) {
    const std::size_t index = slot / 64;
    if (index >= filled_.size()) {
      filled_.resize(index + 1);
      floors_.resize(index + 1);
      blocks_.resize(index + 1);
    }
    if (blocks_[index] == nullptr) blocks_[index] = std::make_unique<Block>();
    Floor& floor = floors_[index];
    if (filled_[index] == 0) floor = {key, true};
    floor.key = std::min(floor.key, key);
    filled_[index] |= std::uint64_t{1} << (slot % 64);
    Block& block = *blocks_[index];
    block.keys[slot % 64] = key;
    block.values[slot % 64] = Value();
    ++size_;
    return block.values[slot % 64];
  }

  void SetKey(std::uint32_t slot, const Key& key) {
    Key& kept = BlockOf(slot).keys.data()[slot % 64];
    Floor& floor = floors_.data()[slot / 64];
    if (kept < key && !(floor.key < kept)) floor.reached = false;
    floor.key = std::min(floor.key, key);
    kept = key;
  }

  void Remove(std::uint32_t slot) {
    Floor& floor = floors_.data()[slot / 64];
    if (!(floor.key < key(slot))) floor.reached = false;
    filled_.data()[slot / 64] &= ~(std::uint64_t{1} << (slot % 64));
    --size_;
  }

  Value& operator[](std::uint32_t slot) { return BlockOf(slot).values.data()[slot % 64]; }
  const Key& key(std::uint32_t slot) const { return BlockOf(slot).keys.data()[slot % 64]; }
  std::size_t size() const { return size_; }
  std::size_t blocks() const { return filled_.size(); }

  // Which slots of block `index` are filled.
  std::uint64_t filled(std::size_t index) const {
    return index < filled_.size() ? filled_.data()[index] : 0;
  }

  // For each filled slot of block `index` in `allowed` whose key is below `best`:
  // `visit(key, value)`. It may lower `best`, which bounds the rest of the search.
  template <class Visit>
  void SearchBlock(std::size_t index, std::uint64_t allowed, Key& best, Visit&& visit) {
    if (index >= filled_.size()) return;
    const std::uint64_t filled = filled_.data()[index];
    const std::uint64_t both = filled & allowed;
    Floor& known = floors_.data()[index];
    if (both == 0 || !(known.key < best)) return;
    Block& block = *blocks_.data()[index];
    const Key* const keys = block.keys.data();
    const Key before = best;
    ForEachBit(both, [&](std::uint32_t bit) {
      if (!(keys[bit] < best)) return;
      visit(keys[bit], block.values.data()[bit]);
    });
    if (best < before || known.reached) return;
    Key floor = keys[std::countr_zero(filled)];
    ForEachBit(filled, [&](std::uint32_t bit) { floor = std::min(floor, keys[bit]); });
    known = {floor, true};
  }

 private:
  struct Floor {
    Key key;
    bool reached = false;  // some key is as low
  };
  struct Block {
    std::array<Key, 64> keys{};
    std::array<Value, 64> values{};
  };

  Block& BlockOf(std::uint32_t slot) const { return *blocks_.data()[slot / 64].get(); }

  // By block; what most searches need of one stands close together.
  std::vector<std::uint64_t> filled_;
  std::vector<Floor> floors_;
  std::vector<std::unique_ptr<Block>> blocks_;
  std::size_t size_ = 0;
};

}  // namespace usher::engine
