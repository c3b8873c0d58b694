#include "measure/histogram.h"

#include <algorithm>
#include <array>
#include <functional>
#include <iterator>
#include <utility>

#include "core/check.h"

namespace usher::measure {
namespace {

// Fine where a chat waits, coarse where an e-mail does.
constexpr std::array kStandardEdges = {
    Duration(5ms),   Duration(10ms),  Duration(25ms), Duration(50ms),   Duration(100ms),
    Duration(250ms), Duration(500ms), Duration(1s),   Duration(2500ms), Duration(5s),
    Duration(10s),   Duration(20s),   Duration(30s),  Duration(45s),    Duration(1min),
    Duration(90s),   Duration(2min),  Duration(3min), Duration(5min),   Duration(10min),
    Duration(15min), Duration(30min), Duration(1h),   Duration(2h),     Duration(4h),
    Duration(8h),    Duration(24h),   Duration(48h),  Duration(72h)};

Duration AddCapped(Duration a, Duration b) {
  if (b > Duration::zero() && a > Duration::max() - b) return Duration::max();
  if (b < Duration::zero() && a < Duration::min() - b) return Duration::min();
  return a + b;
}

Duration TimesCapped(Duration value, std::uint64_t times) {
  Duration::rep product = 0;
  if (__builtin_mul_overflow(value.count(), times, &product)) {
    return value < Duration::zero() ? Duration::min() : Duration::max();
  }
  return Duration(product);
}

}  // namespace

std::vector<Duration> EdgesWith(std::span<const Duration> targets) {
  std::vector<Duration> wanted(targets.begin(), targets.end());
  std::erase_if(wanted, [](Duration target) {
    return target <= Duration::zero() ||
           std::binary_search(kStandardEdges.begin(), kStandardEdges.end(), target);
  });
  std::sort(wanted.begin(), wanted.end());
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  if (wanted.size() > kEdgesMax - kStandardEdges.size()) {
    wanted.resize(kEdgesMax - kStandardEdges.size());
  }
  std::vector<Duration> edges;
  edges.reserve(wanted.size() + kStandardEdges.size());
  std::merge(wanted.begin(), wanted.end(), kStandardEdges.begin(), kStandardEdges.end(),
             std::back_inserter(edges));
  return edges;
}

Histogram::Histogram(std::vector<Duration> edges)
    : edges_(std::move(edges)), counts_(edges_.size() + 1, 0) {
  USHER_CHECK(std::adjacent_find(edges_.begin(), edges_.end(), std::greater_equal<>()) ==
              edges_.end());
}

void Histogram::Observe(Duration value, std::uint64_t times) {
  const auto edge = std::lower_bound(edges_.begin(), edges_.end(), value);
  counts_[static_cast<std::size_t>(edge - edges_.begin())] += times;
  count_ += times;
  sum_ = AddCapped(sum_, TimesCapped(value, times));
}

bool Histogram::Merge(const Histogram& other) {
  if (edges_ != other.edges_) return false;
  for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
  count_ += other.count_;
  sum_ = AddCapped(sum_, other.sum_);
  return true;
}

bool Histogram::Restore(std::span<const std::uint64_t> counts, Duration sum) {
  if (counts.size() != counts_.size()) return false;
  counts_.assign(counts.begin(), counts.end());
  count_ = 0;
  for (const std::uint64_t count : counts_) count_ += count;
  sum_ = sum;
  return true;
}

std::vector<std::uint64_t> Histogram::Cumulative() const {
  std::vector<std::uint64_t> sums(counts_.size());
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) sums[i] = below += counts_[i];
  return sums;
}

std::optional<std::uint64_t> Histogram::AtOrBelow(Duration edge) const {
  const auto found = std::lower_bound(edges_.begin(), edges_.end(), edge);
  if (found == edges_.end() || *found != edge) return std::nullopt;
  std::uint64_t below = 0;
  for (auto i = 0; i <= found - edges_.begin(); ++i) below += counts_[static_cast<std::size_t>(i)];
  return below;
}

std::optional<Duration> Histogram::Quantile(std::uint32_t permille) const {
  USHER_CHECK(permille <= 1000);
  if (count_ == 0) return std::nullopt;
  // The rank is rounded up, without a product that could wrap: count * permille / 1000.
  const std::uint64_t rest = (count_ % 1000) * permille;
  const std::uint64_t rank =
      std::max<std::uint64_t>(1, count_ / 1000 * permille + (rest + 999) / 1000);
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < edges_.size(); ++i) {
    below += counts_[i];
    if (below >= rank) return edges_[i];
  }
  return Duration::max();
}

}  // namespace usher::measure
