// Totals: what usher says that it did, over all desks of a played day, less what it had done
// before.
//
// Threads: any; values only.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "usher/v1/insights.pb.h"

namespace usher::play {

using Counts = std::map<std::string, std::uint64_t>;

struct Totals {
  std::uint64_t placed = 0;
  std::uint64_t joined = 0;
  std::uint64_t rejected = 0;
  std::uint64_t answered = 0;
  std::uint64_t resolved = 0;
  std::uint64_t abandoned = 0;
  std::uint64_t cancelled = 0;
  std::uint64_t breached = 0;
  Counts by_queue;
  Counts by_language;
  Counts by_topic;
  Counts offers;                              // by outcome
  std::map<double, std::uint64_t> responses;  // by edge in seconds, cumulative

  std::uint64_t messages() const { return placed + joined + rejected; }
  std::uint64_t ended() const { return resolved + abandoned + cancelled; }
  std::uint64_t open() const { return placed - ended(); }  // if all was empty before

  friend bool operator==(const Totals&, const Totals&) = default;
};

Totals FromSummary(const v1::GetSummaryResponse& summary);

// Of two desks together.
Totals operator+(const Totals& a, const Totals& b);

// What came after `before`. Requires: `before` was taken earlier from the same views.
Totals operator-(const Totals& a, const Totals& before);

// The smallest edge, in seconds, at or below which this share of the first responses came; infinity
// above the last one; 0 without responses.
double EdgeOfShare(const std::map<double, std::uint64_t>& responses, double share);

// The element at this share of the sorted values (nearest rank); zero without values.
template <class T>
T Quantile(const std::vector<T>& sorted, double share) {
  if (sorted.empty()) return T{};
  const auto rank = static_cast<std::size_t>(share * static_cast<double>(sorted.size()));
  return sorted[rank < sorted.size() ? rank : sorted.size() - 1];
}

}  // namespace usher::play
