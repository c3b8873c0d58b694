// Slab: values at fixed addresses, named by slot numbers that are used again.
//
// Threads: one.
// Memory:  as much as the most values that were there at once, in chunks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <vector>

#include "engine/bits.h"

namespace usher::engine {

template <class T>
class Slab {
 public:
  // A slot that holds T{}. References to other slots stay good.
  std::uint32_t Add() {
    ++size_;
    if (!free_.empty()) {
      const std::uint32_t slot = free_.back();
      free_.pop_back();
      used_.Put(slot);
      T* value = &(*this)[slot];
      std::destroy_at(value);
      ::new (static_cast<void*>(value)) T{};
      return slot;
    }
    const std::uint32_t slot = end_++;
    if (slot % kChunk == 0) chunks_.push_back(std::make_unique<T[]>(kChunk));
    used_.Put(slot);
    return slot;
  }

  // The value stays as it is until the slot is used again.
  void Remove(std::uint32_t slot) {
    used_.Remove(slot);
    free_.push_back(slot);
    --size_;
  }

  // Slots come from Add() alone. Nothing is checked: every step of the engine ends up here.
  T& operator[](std::uint32_t slot) { return chunks_.data()[slot / kChunk].get()[slot % kChunk]; }
  const T& operator[](std::uint32_t slot) const {
    return chunks_.data()[slot / kChunk].get()[slot % kChunk];
  }

  bool used(std::uint32_t slot) const { return used_.Has(slot); }
  std::uint32_t end() const { return end_; }
  std::size_t size() const { return size_; }

 private:
  static constexpr std::uint32_t kChunk = 256;

  std::vector<std::unique_ptr<T[]>> chunks_;
  Bits used_;
  std::vector<std::uint32_t> free_;
  std::uint32_t end_ = 0;
  std::size_t size_ = 0;
};

}  // namespace usher::engine
