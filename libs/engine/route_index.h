// RouteIndex: the first route of a policy that matches a message's features.
//
// For each feature, a bit a route says whether the route takes any value of it; a value that routes
// name has the words of those that name it. A look-up meets all such rows word by word and stops
// at the first bit that is in all.
//
// Threads: any after construction.
// Cost:    O(routes / 64) words, seldom all of them.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "engine/bits.h"
#include "engine/slot_index.h"
#include "model/command.h"
#include "model/policy.h"

namespace usher::engine {

class RouteIndex {
 public:
  RouteIndex() = default;
  explicit RouteIndex(const std::vector<Route>& routes);

  // The index of the first route that matches. Requires: the last route matches all.
  std::uint32_t FirstMatch(const Features& features, bool repeat) const;

 private:
  // The words that are not zero, by index.
  using Row = std::vector<std::pair<std::uint32_t, std::uint64_t>>;

  template <class Value>
  struct Feature {
    Bits any;
    SlotIndex<Value> numbers;  // places in the two below
    std::vector<Value> values;
    std::vector<Row> naming;

    void Add(std::uint32_t route, const std::vector<Value>& list);
    const Row* Naming(const Value& value) const;
    std::uint32_t Number(const Value& value) const;
  };

  std::uint32_t words_ = 0;
  Feature<ChannelName> channels_;
  Feature<LanguageName> languages_;
  Feature<TopicName> topics_;
  Feature<std::uint8_t> sentiments_;
  Feature<TierName> tiers_;
  Feature<std::uint8_t> on_site_;
  Feature<std::uint8_t> repeat_;
  Feature<OrderStatusName> statuses_;
  std::vector<std::int64_t> value_min_;  // by route; 0: any
};

}  // namespace usher::engine
