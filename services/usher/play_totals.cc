#include "usher/play_totals.h"

#include <functional>
#include <limits>

namespace usher::play {
namespace {

template <class Repeated>
Counts ToCounts(const Repeated& named) {
  Counts counts;
  for (const v1::NamedCount& count : named) counts[count.name()] += count.count();
  return counts;
}

template <class Map, class Combine>
Map Merge(Map a, const Map& b, Combine combine) {
  for (const auto& [key, value] : b) a[key] = combine(a[key], value);
  std::erase_if(a, [](const auto& entry) { return entry.second == 0; });
  return a;
}

template <class Combine>
Totals Merge(const Totals& a, const Totals& b, Combine combine) {
  Totals out;
  out.placed = combine(a.placed, b.placed);
  out.joined = combine(a.joined, b.joined);
  out.rejected = combine(a.rejected, b.rejected);
  out.answered = combine(a.answered, b.answered);
  out.resolved = combine(a.resolved, b.resolved);
  out.abandoned = combine(a.abandoned, b.abandoned);
  out.cancelled = combine(a.cancelled, b.cancelled);
  out.breached = combine(a.breached, b.breached);
  out.by_queue = Merge(a.by_queue, b.by_queue, combine);
  out.by_language = Merge(a.by_language, b.by_language, combine);
  out.by_topic = Merge(a.by_topic, b.by_topic, combine);
  out.offers = Merge(a.offers, b.offers, combine);
  out.responses = Merge(a.responses, b.responses, combine);
  return out;
}

}  // namespace

Totals FromSummary(const v1::GetSummaryResponse& summary) {
  Totals totals;
  totals.placed = summary.placed();
  totals.joined = summary.joined();
  totals.rejected = summary.rejected();
  totals.answered = summary.answered();
  totals.resolved = summary.resolved();
  totals.abandoned = summary.abandoned();
  totals.cancelled = summary.cancelled();
  totals.breached = summary.breached();
  totals.by_queue = ToCounts(summary.by_queue());
  totals.by_language = ToCounts(summary.by_language());
  totals.by_topic = ToCounts(summary.by_topic());
  totals.offers = ToCounts(summary.offers());
  for (const v1::Bucket& bucket : summary.first_response()) {
    totals.responses[bucket.le()] += bucket.count();
  }
  return totals;
}

Totals operator+(const Totals& a, const Totals& b) { return Merge(a, b, std::plus<>()); }

Totals operator-(const Totals& a, const Totals& before) {
  return Merge(a, before,
               [](std::uint64_t now, std::uint64_t then) { return now >= then ? now - then : 0; });
}

double EdgeOfShare(const std::map<double, std::uint64_t>& responses, double share) {
  if (responses.empty() || responses.rbegin()->second == 0) return 0;
  const double wanted = share * static_cast<double>(responses.rbegin()->second);
  for (const auto& [edge, count] : responses) {
    if (static_cast<double>(count) >= wanted) return edge;
  }
  return std::numeric_limits<double>::infinity();
}

}  // namespace usher::play
