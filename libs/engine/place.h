// Place: what compares two waiting inquiries of one rank, lower first.
#pragma once

#include <cstdint>
#include <limits>

namespace usher::engine {

// The key of an inquiry behind its rank; members that an order has no use for are 0 in all of them.
struct Place {
  std::int64_t first = std::numeric_limits<std::int64_t>::max();   // lift, priority
  std::int64_t second = std::numeric_limits<std::int64_t>::max();  // due
  std::int64_t value = std::numeric_limits<std::int64_t>::max();
  std::int64_t placed_at = std::numeric_limits<std::int64_t>::max();
  std::uint64_t arrival = ~std::uint64_t{0};
  std::uint8_t before = 0xff;  // of `then`, before and after the value
  std::uint8_t after = 0xff;

  friend bool operator<(const Place& a, const Place& b) {
    if (a.first != b.first) return a.first < b.first;
    if (a.second != b.second) return a.second < b.second;
    if (a.before != b.before) return a.before < b.before;
    if (a.value != b.value) return a.value < b.value;
    if (a.after != b.after) return a.after < b.after;
    if (a.placed_at != b.placed_at) return a.placed_at < b.placed_at;
    return a.arrival < b.arrival;
  }
  friend bool operator==(const Place&, const Place&) = default;
};

}  // namespace usher::engine
