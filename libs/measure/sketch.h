// Sketch: how durations spread, in buckets whose width follows their size, so that a quantile of
// any length of time is told with the same relative error.
//
// In the manner of DDSketch (Masson, Rim, Lee, VLDB 2019), with the logarithm laid out in straight
// pieces (32 buckets between a power of two and the next), so that whole numbers are enough. A
// bucket is a plain count: two sketches merge by adding, in any order, and nothing is lost by it.
//
// Threads: one. Memory: a few bytes for each bucket that holds something; at most kBuckets.
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "core/time.h"

namespace usher::measure {

constexpr std::uint32_t kSketchBits = 5;  // 32 buckets an octave
// From 0 to the longest Duration: 64 buckets of a microsecond each, then 32 for each octave.
constexpr std::uint32_t kSketchBuckets = (64 - kSketchBits) << kSketchBits;
// What the sketch says of a value is at most value / 64 beside it (1.6%), and exact below 64 us.
constexpr std::int64_t kSketchErrorDivisor = 64;

// The bucket that `value` falls into; what is below zero counts as zero.
std::uint32_t SketchBucketOf(Duration value);

// The middle of a bucket: what the sketch says of all that is in it. Requires: a bucket.
Duration SketchMiddleOf(std::uint32_t bucket);

class Sketch {
 public:
  void Observe(Duration value) { Add(SketchBucketOf(value), 1); }

  // So many more in `bucket`. Requires: a bucket.
  void Add(std::uint32_t bucket, std::uint64_t times);

  void Merge(const Sketch& other);

  std::uint64_t count() const { return count_; }
  const std::map<std::uint32_t, std::uint64_t>& buckets() const { return buckets_; }

  // The value that `permille` of the observations do not exceed (the one of rank
  // ceil(count * permille / 1000), at least the first), within the error. Nothing without
  // observations. Requires: permille <= 1000.
  std::optional<Duration> Quantile(std::uint32_t permille) const;

  // Of all observations, within the error. Nothing without any.
  std::optional<Duration> Mean() const;

  friend bool operator==(const Sketch&, const Sketch&) = default;

 private:
  std::map<std::uint32_t, std::uint64_t> buckets_;  // none is 0
  std::uint64_t count_ = 0;
};

}  // namespace usher::measure
