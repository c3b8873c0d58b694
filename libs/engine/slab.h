// Slab: values at fixed addresses, named by slot numbers that are used again.
//
// Threads: one.
// Memory:  as much as the most values that were there at once, in chunks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

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
      used_[slot] = true;
      (*this)[slot] = T{};
      return slot;
    }
    const auto slot = static_cast<std::uint32_t>(used_.size());
    if (slot % kChunk == 0) chunks_.push_back(std::make_unique<T[]>(kChunk));
    used_.push_back(true);
    return slot;
  }

  // The value stays as it is until the slot is used again.
  void Remove(std::uint32_t slot) {
    used_[slot] = false;
    free_.push_back(slot);
    --size_;
  }

  T& operator[](std::uint32_t slot) { return chunks_[slot / kChunk][slot % kChunk]; }
  const T& operator[](std::uint32_t slot) const { return chunks_[slot / kChunk][slot % kChunk]; }

  bool used(std::uint32_t slot) const { return used_[slot]; }
  std::uint32_t end() const { return static_cast<std::uint32_t>(used_.size()); }
  std::size_t size() const { return size_; }

 private:
  static constexpr std::uint32_t kChunk = 256;

  std::vector<std::unique_ptr<T[]>> chunks_;
  std::vector<bool> used_;
  std::vector<std::uint32_t> free_;
  std::size_t size_ = 0;
};

}  // namespace usher::engine
