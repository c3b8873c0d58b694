// Links: the open inquiries that share a key (a customer, an order), found by it.
//
// Threads: one.
// Cost:    Put and Remove O(1).
#pragma once

#include <cstdint>
#include <vector>

#include "engine/slot_index.h"

namespace usher::engine {

template <class Key>
class Links {
 public:
  // Requires: `key` is not none and `slot` is in no list of this.
  void Put(const Key& key, std::uint32_t slot) {
    if (slot >= links_.size()) links_.resize(slot + std::size_t{1});
    const std::uint32_t head = First(key);
    if (head != kNone) {
      heads_.Replace(key, head, slot);
      links_[head].previous = slot;
    } else {
      heads_.Insert(key, slot);
    }
    links_[slot] = {key, kNone, head};
  }
  void Remove(std::uint32_t slot) {
    const Link link = links_[slot];
    if (link.next != kNone) links_[link.next].previous = link.previous;
    if (link.previous != kNone) {
      links_[link.previous].next = link.next;
    } else if (link.next != kNone) {
      heads_.Replace(link.key, slot, link.next);
    } else {
      heads_.Erase(link.key, slot);
    }
    links_[slot] = Link();
  }
  // kNone if there is none; then on by Next(), in no order that counts.
  std::uint32_t First(const Key& key) const {
    return heads_.Find(key, [this](std::uint32_t slot) -> const Key& { return links_[slot].key; });
  }
  std::uint32_t Next(std::uint32_t slot) const { return links_[slot].next; }

 private:
  struct Link {
    Key key;
    std::uint32_t previous = kNone;
    std::uint32_t next = kNone;
  };

  std::vector<Link> links_;  // by inquiry
  SlotIndex<Key> heads_;
};

}  // namespace usher::engine
