// Histogram: how many durations fell at or below each of some edges. Counts only: two can be merged
// and nothing is lost by it.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/time.h"

namespace usher::measure {

constexpr std::size_t kEdgesMax = 512;

// The standard edges, 5 ms to 3 days, with every target inserted, so that the share within a target
// is exact. Rising, each once. Targets that are not positive are left out; past kEdgesMax edges the
// longest targets are left out.
std::vector<Duration> EdgesWith(std::span<const Duration> targets);

class Histogram {
 public:
  // Requires: `edges` rise strictly.
  explicit Histogram(std::vector<Duration> edges);

  // Cost: O(log edges).
  void Observe(Duration value, std::uint64_t times = 1);

  // Adds what `other` counted. False, and nothing changes, unless the edges are the same.
  bool Merge(const Histogram& other);

  // Replaces the counts, as counts(), by stored ones. False, and nothing changes, unless
  // there is one per edge and one more.
  bool Restore(std::span<const std::uint64_t> counts, Duration sum);

  const std::vector<Duration>& edges() const { return edges_; }
  const std::vector<std::uint64_t>& counts() const { return counts_; }  // one more than edges
  std::uint64_t count() const { return count_; }
  Duration sum() const { return sum_; }  // stays at the largest Duration rather than wrap

  // At or below each edge; the last one, above all edges, is count().
  std::vector<std::uint64_t> Cumulative() const;

  // How many were at or below `edge`. Nothing unless it is one of the edges.
  std::optional<std::uint64_t> AtOrBelow(Duration edge) const;

  // The edge that at least `permille` of the observations do not exceed: never below the true
  // quantile, by at most a bucket above it. Duration::max() if that is beyond the last edge;
  // nothing without observations.
  //
  // Requires: permille <= 1000.
  std::optional<Duration> Quantile(std::uint32_t permille) const;

 private:
  std::vector<Duration> edges_;
  std::vector<std::uint64_t> counts_;  // counts_[i]: above edge i-1, at or below edge i
  std::uint64_t count_ = 0;
  Duration sum_{0};
};

}  // namespace usher::measure
