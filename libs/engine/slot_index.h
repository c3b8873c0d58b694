// SlotIndex: finds the slot of a key. The keys themselves stay where the slots are; the index keeps
// eight bytes for each. It can't be iterated, on purpose.
//
// Open addressing with linear probing; an erase shifts its run back, so there are no tombstones and
// a long life costs nothing. The table grows and never shrinks.
//
// Threads: one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "core/check.h"
#include "core/hash.h"
#include "core/id.h"

namespace usher::engine {

constexpr std::uint32_t kNone = 0xffffffff;  // no slot

// Every bit of a key has to reach the low bits, or neighbours crowd the table.
template <class Key>
struct SlotHash {
  std::uint64_t operator()(const Key& key) const { return Mix64(std::hash<Key>()(key)); }
};

template <class Tag>
struct SlotHash<Id<Tag>> {
  std::uint64_t operator()(const Id<Tag>& id) const {
    return Mix64(id.bits.high * 0x9e3779b97f4a7c15ULL + id.bits.low);
  }
};

template <class Tag>
struct SlotHash<Serial<Tag>> {
  std::uint64_t operator()(const Serial<Tag>& serial) const { return Mix64(serial.number); }
};

template <class Tag>
struct SlotHash<Name<Tag>> {
  std::uint64_t operator()(const Name<Tag>& name) const {
    const auto words = name.words();
    return Mix64(words[0] * 0x9e3779b97f4a7c15ULL + words[1] * 0xc2b2ae3d27d4eb4fULL +
                 words[2] * 0x165667b19e3779f9ULL + words[3] * 0xd6e8feb86659fd93ULL +
                 words[4] * 0xa0761d6478bd642fULL);
  }
};

template <class Key, class Hash = SlotHash<Key>>
class SlotIndex {
 public:
  // The slot of `key`, kNone if it is not there. `key_at(slot)` is the key of a slot.
  template <class KeyAt>
  std::uint32_t Find(const Key& key, KeyAt&& key_at) const {
    if (size_ == 0) return kNone;
    const std::uint32_t hash = HashOf(key);
    const Entry* const entries = entries_.data();
    for (std::size_t i = hash & mask_;; i = (i + 1) & mask_) {
      const Entry entry = entries[i];
      if (entry.slot == kNone) return kNone;
      if (entry.hash == hash && key_at(entry.slot) == key) return entry.slot;
    }
  }

  // The slot of a key that is probably this one; kNone if the key is surely not there.
  std::uint32_t Likely(const Key& key) const {
    if (size_ == 0) return kNone;
    const std::uint32_t hash = HashOf(key);
    const Entry* const entries = entries_.data();
    for (std::size_t i = hash & mask_; entries[i].slot != kNone; i = (i + 1) & mask_) {
      if (entries[i].hash == hash) return entries[i].slot;
    }
    return kNone;
  }

  // So many keys will be there: the table need not grow on the way.
  void Reserve(std::size_t keys) {
    while ((keys + 1) * 3 > entries_.size() * 2) Grow();
  }

  // Requires: `key` is not there, `slot` is not kNone.
  void Insert(const Key& key, std::uint32_t slot) {
    if ((size_ + 1) * 3 > entries_.size() * 2) Grow();
    Place({HashOf(key), slot});
    ++size_;
  }

  // Requires: `key` is there, at `slot`. It is at `next` from now on.
  void Replace(const Key& key, std::uint32_t slot, std::uint32_t next) {
    entries_.data()[PlaceOf(key, slot)].slot = next;
  }

  // Requires: `key` is there, at `slot`.
  void Erase(const Key& key, std::uint32_t slot) {
    Entry* const entries = entries_.data();
    std::size_t hole = PlaceOf(key, slot);
    for (std::size_t i = (hole + 1) & mask_; entries[i].slot != kNone; i = (i + 1) & mask_) {
      const std::size_t home = entries[i].hash & mask_;
      if (((i - home) & mask_) < ((i - hole) & mask_)) continue;  // would land before its home
      entries[hole] = entries[i];
      hole = i;
    }
    entries[hole] = Entry();
    --size_;
  }

  // `key` will be looked up soon: its place comes into the cache meanwhile.
  void Prefetch(const Key& key) const {
    if (size_ > 0) __builtin_prefetch(entries_.data() + (HashOf(key) & mask_));
  }

  std::size_t size() const { return size_; }

 private:
  struct Entry {
    std::uint32_t hash = 0;
    std::uint32_t slot = kNone;
  };

  static std::uint32_t HashOf(const Key& key) {
    const std::uint64_t hash = Hash()(key);
    return static_cast<std::uint32_t>(hash ^ (hash >> 32));
  }

  // Where the key stands that is at `slot`.
  std::size_t PlaceOf(const Key& key, std::uint32_t slot) const {
    const Entry* const entries = entries_.data();
    std::size_t place = HashOf(key) & mask_;
    while (entries[place].slot != slot) {
      USHER_CHECK(entries[place].slot != kNone);
      place = (place + 1) & mask_;
    }
    return place;
  }

  void Place(Entry entry) {
    Entry* const entries = entries_.data();
    std::size_t i = entry.hash & mask_;
    while (entries[i].slot != kNone) i = (i + 1) & mask_;
    entries[i] = entry;
  }

  void Grow() {
    std::vector<Entry> old(entries_.empty() ? 16 : entries_.size() * 2);
    old.swap(entries_);
    mask_ = entries_.size() - 1;
    for (const Entry& entry : old) {
      if (entry.slot != kNone) Place(entry);
    }
  }

  std::vector<Entry> entries_;
  std::size_t mask_ = 0;
  std::size_t size_ = 0;
};

}  // namespace usher::engine
