// Book: what is remembered of customers and conversations that went, the oldest giving way.
//
// An entry has a key; several may share it. The newest of a key is found at once, the others by
// Older().
//
// Threads: one.
// Memory:  `most` entries.
#pragma once

#include <cstdint>

#include "core/time.h"
#include "engine/slab.h"
#include "engine/slot_index.h"
#include "model/names.h"

namespace usher::engine {

template <class Key, class What>
class Book {
 public:
  struct Entry {
    Key key;
    What what;
    std::uint32_t agent = kNone;
    Instant at;
    std::uint32_t older = kNone;  // of all
    std::uint32_t newer = kNone;
    std::uint32_t older_of_key = kNone;
  };

  explicit Book(std::uint32_t most) : most_(most) {}

  // Requires: most > 0. What is dropped for it is told by `drop(entry)`.
  template <class Drop>
  void Add(const Key& key, const What& what, std::uint32_t agent, Instant at, Drop&& drop) {
    AddTo(Newest(key), key, what, agent, at, drop);
  }
  // The same, in place of what is known of the key for which `same(entry)` holds.
  template <class Same, class Drop>
  void Renew(const Key& key, const What& what, std::uint32_t agent, Instant at, Same&& same,
             Drop&& drop) {
    const std::uint32_t head = Newest(key);
    std::uint32_t known = head;
    while (known != kNone && !same(entries_[known])) known = entries_[known].older_of_key;
    if (known != kNone) Remove(known, drop);
    AddTo(known == kNone ? head : Newest(key), key, what, agent, at, drop);
  }

  template <class Drop>
  void Remove(std::uint32_t slot, Drop&& drop) {
    const Entry entry = entries_[slot];
    (entry.older == kNone ? oldest_ : entries_[entry.older].newer) = entry.newer;
    (entry.newer == kNone ? newest_ : entries_[entry.newer].older) = entry.older;
    const std::uint32_t head = Newest(entry.key);
    if (head == slot && entry.older_of_key != kNone) {
      heads_.Replace(entry.key, slot, entry.older_of_key);
    } else if (head == slot) {
      heads_.Erase(entry.key, slot);
    } else {
      std::uint32_t before = head;
      while (entries_[before].older_of_key != slot) before = entries_[before].older_of_key;
      entries_[before].older_of_key = entry.older_of_key;
    }
    entries_.Remove(slot);
    drop(entry);
  }

  std::uint32_t Newest(const Key& key) const {
    return heads_.Find(key,
                       [this](std::uint32_t slot) -> const Key& { return entries_[slot].key; });
  }
  // The newest with that key and what; kNone if there is none.
  std::uint32_t Find(const Key& key, const What& what) const {
    std::uint32_t slot = Newest(key);
    while (slot != kNone && !(entries_[slot].what == what)) slot = entries_[slot].older_of_key;
    return slot;
  }
  void Prefetch(const Key& key) const { heads_.Prefetch(key); }

  const Entry& operator[](std::uint32_t slot) const { return entries_[slot]; }
  std::uint32_t oldest() const { return oldest_; }
  std::size_t size() const { return entries_.size(); }

 private:
  template <class Drop>
  void AddTo(std::uint32_t head, const Key& key, const What& what, std::uint32_t agent, Instant at,
             Drop&& drop) {
    if (entries_.size() >= most_) {
      Remove(oldest_, drop);
      if (head != kNone) head = Newest(key);                         // it may have been the oldest
      if (oldest_ != kNone) heads_.Prefetch(entries_[oldest_].key);  // the next to go
    }
    const std::uint32_t slot = entries_.Add();
    Entry& entry = entries_[slot];
    entry.key = key;
    entry.what = what;
    entry.agent = agent;
    entry.at = at;
    entry.older = newest_;
    entry.older_of_key = head;
    if (head != kNone) {
      heads_.Replace(key, head, slot);
    } else {
      heads_.Insert(key, slot);
    }
    (newest_ == kNone ? oldest_ : entries_[newest_].newer) = slot;
    newest_ = slot;
  }

  std::uint32_t most_;
  Slab<Entry> entries_;
  SlotIndex<Key> heads_;
  std::uint32_t oldest_ = kNone;
  std::uint32_t newest_ = kNone;
};

}  // namespace usher::engine
