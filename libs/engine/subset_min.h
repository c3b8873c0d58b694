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
    const Block* block = Find(slot / 64);
    return block != nullptr && (block->filled >> (slot % 64) & 1) != 0;
  }

  // Fills `slot`, which is empty.
  Value& Put(std::uint32_t slot, const Key& key) {
    if (slot / 64 >= blocks_.size()) blocks_.resize(slot / 64 + 1);
    std::unique_ptr<Block>& block = blocks_[slot / 64];
    if (block == nullptr) block = std::make_unique<Block>();
    block->floor = block->filled == 0 ? key : std::min(block->floor, key);
    block->filled |= std::uint64_t{1} << (slot % 64);
    block->keys[slot % 64] = key;
    block->values[slot % 64] = Value();
    ++size_;
    return block->values[slot % 64];
  }

  void SetKey(std::uint32_t slot, const Key& key) {
    Block& block = *blocks_[slot / 64];
    block.keys[slot % 64] = key;
    block.floor = std::min(block.floor, key);
  }

  void Remove(std::uint32_t slot) {
    blocks_[slot / 64]->filled &= ~(std::uint64_t{1} << (slot % 64));
    --size_;
  }

  Value& operator[](std::uint32_t slot) { return blocks_[slot / 64]->values[slot % 64]; }
  const Key& key(std::uint32_t slot) const { return blocks_[slot / 64]->keys[slot % 64]; }
  std::size_t size() const { return size_; }
  std::size_t blocks() const { return blocks_.size(); }

  // For each filled slot of block `index` in `allowed` whose key is below `best`: `visit(slot,
  // value)`. It may lower `best`, which bounds the rest of the search.
  template <class Visit>
  void SearchBlock(std::size_t index, std::uint64_t allowed, Key& best, Visit&& visit) {
    Block* block = Find(index);
    if (block == nullptr) return;
    const std::uint64_t both = block->filled & allowed;
    if (both == 0 || !(block->floor < best)) return;
    const Key before = best;
    ForEachBit(both, [&](std::uint32_t bit) {
      if (!(block->keys[bit] < best)) return;
      visit(static_cast<std::uint32_t>(index * 64 + bit), block->values[bit]);
    });
    if (before < best || best < before) return;
    Key floor = block->keys[static_cast<std::size_t>(std::countr_zero(block->filled))];
    ForEachBit(block->filled,
               [&](std::uint32_t bit) { floor = std::min(floor, block->keys[bit]); });
    block->floor = floor;
  }

 private:
  struct Block {
    std::uint64_t filled = 0;
    Key floor{};
    std::array<Key, 64> keys{};
    std::array<Value, 64> values{};
  };

  Block* Find(std::size_t index) { return index < blocks_.size() ? blocks_[index].get() : nullptr; }
  const Block* Find(std::size_t index) const {
    return index < blocks_.size() ? blocks_[index].get() : nullptr;
  }

  std::vector<std::unique_ptr<Block>> blocks_;
  std::size_t size_ = 0;
};

}  // namespace usher::engine
