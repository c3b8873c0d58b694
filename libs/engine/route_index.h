// RouteIndex: the first route of a policy that matches a message's features.
//
// For each feature, a bit a route says whether the route takes any value of it; a value that routes
// name has the words of those that name it. A look-up meets all such rows word by word and stops
// at the first bit that is in all. Names are numbers of the lexicon, so a row is one step away.
//
// Threads: any after construction.
// Cost:    O(routes / 64) words, seldom all of them.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "engine/bits.h"
#include "engine/lexicon.h"
#include "engine/slot_index.h"
#include "model/policy.h"

namespace usher::engine {

// What routes ask about, names as numbers of the lexicon; kNone: the empty name.
struct Featured {
  std::uint32_t channel = kNone;
  std::uint32_t language = kNone;
  std::uint32_t topic = kNone;
  std::uint32_t tier = kNone;
  std::uint32_t order_status = kNone;
  Sentiment sentiment = Sentiment::kUnknown;
  bool on_site = false;
  bool repeat = false;
  std::int64_t value = 0;
};

class RouteIndex {
 public:
  RouteIndex() = default;
  // Holds the names of the routes until Release().
  RouteIndex(const std::vector<Route>& routes, Lexicon& lexicon);
  void Release(Lexicon& lexicon) const;

  // The index of the first route that matches. Requires: the last route matches all.
  std::uint32_t FirstMatch(const Featured& features) const;

 private:
  // The words that are not zero, by index.
  using Row = std::vector<std::pair<std::uint32_t, std::uint64_t>>;

  struct Feature {
    Bits any;
    std::vector<Row> naming;          // by number; empty: no route names it
    Row naming_none;                  // the empty name
    std::vector<std::uint32_t> held;  // numbers of names

    void Add(std::uint32_t route, std::uint32_t number);
    const Row* Naming(std::uint32_t number) const {
      if (number < naming.size()) return naming.data() + number;
      return number == kNone ? &naming_none : nullptr;
    }
  };
  struct Walk;
  template <class NameType>
  static void AddNames(std::uint32_t route, const std::vector<NameType>& list,
                       Names<NameType>& names, Feature& feature);

  std::uint32_t words_ = 0;
  Feature channels_;
  Feature languages_;
  Feature topics_;
  Feature tiers_;
  Feature statuses_;
  Feature sentiments_;  // these three by value
  Feature on_site_;
  Feature repeat_;
  std::vector<std::int64_t> value_min_;  // by route; 0: any
};

}  // namespace usher::engine
