// AppendTimes: how long appends took, from the hand-over to the acknowledgement, counted by edges.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "core/time.h"

namespace usher::log {

struct AppendTimes {
  // A log on a disk of its own answers within the first ones, brokers with copies after some more.
  static constexpr std::array<std::int64_t, 14> kEdgesUs = {
      500,     1'000,   2'500,   5'000,     10'000,    25'000,    50'000,
      100'000, 250'000, 500'000, 1'000'000, 2'500'000, 5'000'000, 10'000'000};

  std::array<std::uint64_t, kEdgesUs.size()> within{};  // each under its smallest edge alone
  std::uint64_t count = 0;                              // with those above all edges
  std::int64_t sum_us = 0;

  void Take(Duration time) {
    const auto edge = std::lower_bound(kEdgesUs.begin(), kEdgesUs.end(), time.count());
    if (edge != kEdgesUs.end()) ++within[static_cast<std::size_t>(edge - kEdgesUs.begin())];
    ++count;
    sum_us += time.count();
  }
};

}  // namespace usher::log
