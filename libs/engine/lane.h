// Lane: waiting inquiries that differ in nothing but their age, oldest first; or, sorted by a tree,
// those of a cell that has many lanes.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <set>
#include <utility>

#include "engine/place.h"
#include "engine/slot_index.h"

namespace usher::engine {

constexpr std::int64_t kNotRipening = std::numeric_limits<std::int64_t>::max();

struct Lane {
  std::int64_t span = 0;  // or the constant `second`
  std::int64_t first = 0;
  std::int64_t value = 0;
  std::uint32_t head = kNone;
  std::uint32_t tail = kNone;
  std::uint32_t next = kNone;  // lane of the same cell
  std::uint32_t set = kNone;
  std::uint32_t strict = kNone;
  std::uint32_t tree = kNone;  // in trees_: sorted there, not linked
  std::uint8_t rank = 0;
  std::uint8_t kind = 0;
  std::uint8_t size = 0;
  std::uint8_t before = 0;
  std::uint8_t after = 0;
  bool lifts = false;
  bool spans = false;
  Place best;                                // of the head, without the lift
  std::int64_t ripens_after = kNotRipening;  // the placing
  std::int64_t watched_from = kNotRipening;  // in `ripening_` with this time, or not at all
  std::pair<std::int64_t, std::uint64_t> newest = {std::numeric_limits<std::int64_t>::min(), 0};
};

struct Tree {
  std::set<std::pair<Place, std::uint32_t>> sorted;
  std::map<std::uint32_t, Place> places;  // by inquiry
};

}  // namespace usher::engine
