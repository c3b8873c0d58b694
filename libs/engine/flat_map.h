// FlatMap: from a key to a slot number, in one flat table. It can't be iterated, on purpose.
//
// Open addressing with linear probing; an erase shifts its run back, so there are no tombstones and
// a long life costs nothing. The table grows and never shrinks.
//
// Threads: one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "core/check.h"

namespace usher::engine {

constexpr std::uint32_t kNone = 0xffffffff;  // no slot

template <class Key, class Hash = std::hash<Key>>
class FlatMap {
 public:
  // The slot of `key`, kNone if there is none.
  std::uint32_t Find(const Key& key) const {
    if (size_ == 0) return kNone;
    const std::uint32_t hash = HashOf(key);
    for (std::size_t i = hash & mask_;; i = (i + 1) & mask_) {
      const Entry& entry = entries_[i];
      if (entry.slot == kNone) return kNone;
      if (entry.hash == hash && entry.key == key) return entry.slot;
    }
  }

  // Requires: `key` is not there, `slot` is not kNone.
  void Insert(const Key& key, std::uint32_t slot) {
    if ((size_ + 1) * 3 > entries_.size() * 2) Grow();
    Place({key, HashOf(key), slot});
    ++size_;
  }

  // Requires: `key` is there.
  void Erase(const Key& key) {
    const std::uint32_t hash = HashOf(key);
    std::size_t hole = hash & mask_;
    while (entries_[hole].hash != hash || !(entries_[hole].key == key)) {
      USHER_CHECK(entries_[hole].slot != kNone);
      hole = (hole + 1) & mask_;
    }
    for (std::size_t i = (hole + 1) & mask_; entries_[i].slot != kNone; i = (i + 1) & mask_) {
      const std::size_t home = entries_[i].hash & mask_;
      if (((i - home) & mask_) < ((i - hole) & mask_)) continue;  // would land before its home
      entries_[hole] = std::move(entries_[i]);
      hole = i;
    }
    entries_[hole] = Entry();
    --size_;
  }

  std::size_t size() const { return size_; }

 private:
  struct Entry {
    Key key{};
    std::uint32_t hash = 0;
    std::uint32_t slot = kNone;
  };

  static std::uint32_t HashOf(const Key& key) {
    const std::uint64_t hash = Hash()(key);
    return static_cast<std::uint32_t>(hash ^ (hash >> 32));
  }

  void Place(Entry entry) {
    std::size_t i = entry.hash & mask_;
    while (entries_[i].slot != kNone) i = (i + 1) & mask_;
    entries_[i] = std::move(entry);
  }

  void Grow() {
    std::vector<Entry> old(entries_.empty() ? 16 : entries_.size() * 2);
    old.swap(entries_);
    mask_ = entries_.size() - 1;
    for (Entry& entry : old) {
      if (entry.slot != kNone) Place(std::move(entry));
    }
  }

  std::vector<Entry> entries_;
  std::size_t mask_ = 0;
  std::size_t size_ = 0;
};

}  // namespace usher::engine
