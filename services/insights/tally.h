// Tally: what the metrics of one partition have counted, as rows that are in the store with the
// watermark of its views: exactly as the decisions say, whatever process counts on.
//
// Names are bounded: the first desks and queues that the partition's decisions name have series of
// their own, for good; later ones share the name "other".
//
// Threads: one.
#pragma once

#include <compare>
#include <cstdint>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/time.h"
#include "insights/observation.h"
#include "model/names.h"
#include "store/store.h"

namespace usher::insights {

inline constexpr char kOther[] = "other";

// Of all partitions of a log together: each has its share. A queue has about 60 series if it knows
// every event, and a histogram's are 30 and more each, so this is some 100,000 series at most.
constexpr std::size_t kNamedDesksMax = 200;
constexpr std::size_t kNamedQueuesMax = 400;

struct TallyKey {
  // In place of the edge: the sum of the values, in milliseconds: a store's number ends at 2^53,
  // and in microseconds a busy queue's resolutions would reach it within years.
  static constexpr std::int64_t kSum = -1;
  static constexpr std::int64_t kAbove = std::numeric_limits<std::int64_t>::max();

  std::uint8_t metric = 0;  // of kCounted
  std::string desk;
  std::string queue;
  std::string label;
  std::int64_t edge = 0;  // of histograms, in microseconds: at or below it, above the one before

  friend auto operator<=>(const TallyKey&, const TallyKey&) = default;
};

// As a row of the store, and back. False: no row of a metric that is known.
std::string ToRow(const TallyKey& key);
bool FromRow(std::string_view row, TallyKey& key);

class Tally {
 public:
  using Rows = std::vector<std::pair<std::string, std::string>>;

  // For one of `partitions` partitions.
  explicit Tally(std::int32_t partitions);

  // What the store has, in place of all that was counted.
  void Load(const Rows& rows);

  // Gives a name to who is new, as long as there are some left.
  void Name(const DeskName& desk);
  void Name(const DeskName& desk, const QueueName& queue);

  // Counts one observation. `edges` rise.
  void Count(const Observation& observation, const std::vector<Duration>& edges);

  // What was named and counted since the last Committed(), for the batch that tells the same
  // decisions.
  void AppendWrites(const std::string& table, std::vector<store::Write>& writes) const;
  void Committed();

  // As in the store.
  const std::map<TallyKey, std::int64_t>& counts() const { return counts_; }

  bool Named(const DeskName& desk) const { return named_.contains(desk); }
  // The labels of a desk and of a queue.
  std::string DeskLabel(const DeskName& desk) const;
  std::string QueueLabel(const DeskName& desk, const QueueName& queue) const;
  const std::map<DeskName, std::set<QueueName>>& named() const { return named_; }

 private:
  std::size_t desks_max_;
  std::size_t queues_max_;
  std::size_t queues_ = 0;  // named
  std::map<DeskName, std::set<QueueName>> named_;
  std::map<TallyKey, std::int64_t> counts_;
  std::map<TallyKey, std::int64_t> pending_;
  std::vector<std::string> pending_names_;  // rows
};

}  // namespace usher::insights
