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
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/time.h"
#include "insights/observation.h"
#include "model/names.h"
#include "store/store.h"

namespace usher::insights {

inline constexpr char kOther[] = "other";

struct Counted;

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
  Tally(Tally&&) = default;
  Tally& operator=(Tally&&) = default;

  // What the store has, in place of all that was counted.
  void Load(const Rows& rows);

  // Gives a name to who is new, as long as there are some left.
  void Name(const DeskName& desk);
  void Name(const DeskName& desk, const QueueName& queue);

  // Counts one observation, whose desk and queue get a name if there are some left. `edges` rise.
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
  struct Series {
    std::string row;                // of the store
    std::int64_t pending = 0;       // counted since the last Committed()
    bool touched = false;           // is in pending_
    std::int64_t* count = nullptr;  // of counts_; null: not in the store yet
  };
  using SeriesMap = std::map<TallyKey, Series>;
  // What an observation says of its series, without looking any name up.
  struct Told {
    std::uint8_t metric = 0;
    const char* label = nullptr;  // by its address: one of two may stand for the same label
    std::int64_t edge = 0;
    DeskName desk;
    QueueName queue;
    ChannelName channel;

    bool operator==(const Told&) const = default;
  };
  struct ToldHash {
    std::size_t operator()(const Told& told) const;
  };

  void Add(const Told& told, const Counted& counted, std::int64_t amount);
  SeriesMap::value_type& Find(const Told& told, const Counted& counted);

  std::size_t desks_max_;
  std::size_t queues_max_;
  std::size_t queues_ = 0;  // named
  std::map<DeskName, std::set<QueueName>> named_;
  std::map<TallyKey, std::int64_t> counts_;
  SeriesMap series_;                                                 // counted since Load()
  std::unordered_map<Told, SeriesMap::value_type*, ToldHash> told_;  // at most kToldMax
  std::vector<SeriesMap::value_type*> pending_;                      // in the order of their first
  std::vector<std::string> pending_names_;                           // rows
};

}  // namespace usher::insights
