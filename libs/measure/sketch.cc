#include "measure/sketch.h"

#include <algorithm>
#include <bit>

#include "core/check.h"

namespace usher::measure {
namespace {

constexpr std::uint64_t kPerOctave = std::uint64_t{1} << kSketchBits;

}  // namespace

std::uint32_t SketchBucketOf(Duration value) {
  const auto micros = static_cast<std::uint64_t>(std::max<Duration::rep>(value.count(), 0));
  if (micros < 2 * kPerOctave) return static_cast<std::uint32_t>(micros);
  // So many low bits are beneath the bucket's width; what is left is 32 to 63.
  const int shift = std::bit_width(micros) - static_cast<int>(kSketchBits) - 1;
  return static_cast<std::uint32_t>((static_cast<std::uint64_t>(shift) << kSketchBits) +
                                    (micros >> shift));
}

Duration SketchMiddleOf(std::uint32_t bucket) {
  USHER_CHECK(bucket < kSketchBuckets);
  if (bucket < 2 * kPerOctave) return Duration(bucket);
  const std::uint32_t shift = (bucket >> kSketchBits) - 1;
  const std::uint64_t least = (bucket - (std::uint64_t{shift} << kSketchBits)) << shift;
  return Duration(static_cast<Duration::rep>(least + ((std::uint64_t{1} << shift) >> 1)));
}

void Sketch::Add(std::uint32_t bucket, std::uint64_t times) {
  USHER_CHECK(bucket < kSketchBuckets);
  if (times == 0) return;
  buckets_[bucket] += times;
  count_ += times;
}

void Sketch::Merge(const Sketch& other) {
  for (const auto& [bucket, times] : other.buckets_) buckets_[bucket] += times;
  count_ += other.count_;
}

std::optional<Duration> Sketch::Quantile(std::uint32_t permille) const {
  USHER_CHECK(permille <= 1000);
  if (count_ == 0) return std::nullopt;
  // The rank is rounded up, without a product that could wrap: count * permille / 1000.
  const std::uint64_t rest = (count_ % 1000) * permille;
  const std::uint64_t rank =
      std::max<std::uint64_t>(1, count_ / 1000 * permille + (rest + 999) / 1000);
  std::uint64_t below = 0;
  for (const auto& [bucket, times] : buckets_) {
    below += times;
    if (below >= rank) return SketchMiddleOf(bucket);
  }
  USHER_CHECK(false);  // the buckets add up to the count
  return std::nullopt;
}

std::optional<Duration> Sketch::Mean() const {
  if (count_ == 0) return std::nullopt;
  // Quotients and remainders apart: a sum of the longest durations would wrap.
  std::uint64_t whole = 0;
  std::uint64_t rest = 0;
  for (const auto& [bucket, times] : buckets_) {
    const auto value = static_cast<std::uint64_t>(SketchMiddleOf(bucket).count());
    whole += value / count_ * times;
    rest += value % count_ * times / count_;
  }
  return Duration(static_cast<Duration::rep>(whole + rest));
}

}  // namespace usher::measure
