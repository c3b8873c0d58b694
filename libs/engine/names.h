// Names: short names as dense numbers, each kept while someone refers to it.
//
// Threads: one.
// Memory:  as many names as are in use; numbers are used again.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/slab.h"
#include "engine/slot_index.h"

namespace usher::engine {

template <class NameType>
class Names {
 public:
  // The number of `name`, with one more reference to it.
  std::uint32_t Add(const NameType& name) {
    std::uint32_t slot = Find(name);
    if (slot == kNone) {
      slot = entries_.Add();
      entries_[slot].name = name;
      slots_.Insert(name, slot);
    }
    ++entries_[slot].references;
    return slot;
  }

  // The number of `name`; kNone if nobody refers to it.
  std::uint32_t Find(const NameType& name) const {
    return slots_.Find(name,
                       [this](std::uint32_t slot) -> const NameType& { return (*this)[slot]; });
  }

  void Hold(std::uint32_t slot) { ++entries_[slot].references; }

  void Drop(std::uint32_t slot) {
    if (--entries_[slot].references > 0) return;
    slots_.Erase(entries_[slot].name, slot);
    entries_.Remove(slot);
  }

  const NameType& operator[](std::uint32_t slot) const { return entries_[slot].name; }
  std::size_t size() const { return entries_.size(); }
  std::uint32_t end() const { return entries_.end(); }  // above every number in use

 private:
  struct Entry {
    NameType name;
    std::uint64_t references = 0;
  };

  Slab<Entry> entries_;
  SlotIndex<NameType> slots_;
};

}  // namespace usher::engine
