// SimStores: stores in memory, for tests and the simulation. The same seed and the same calls give
// the same answers.
//
// Faults are data and may be changed at any time. What a simulated process holds (a Store) may be
// thrown away and opened anew: the content stays, as that of a server of its own.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "store/store.h"

namespace usher::store {

struct SimStoreFaults {
  bool down = false;                   // every call is kUnavailable and does nothing
  std::uint32_t refused_permille = 0;  // calls that are kUnavailable and do nothing
  std::uint32_t fate_unknown_permille =
      0;  // writes that are kUnavailable and were done all the same
};

class SimStores : public Stores {
 public:
  struct Value {
    std::string bytes;
    Instant expires = kNever;
  };
  struct List {
    std::vector<std::string> elements;
    Instant expires = kNever;
  };
  struct Content {
    std::map<std::string, Value> values;
    std::map<std::string, std::map<std::string, std::string>> tables;
    std::map<std::string, List> lists;
  };

  SimStores(std::uint64_t seed, std::function<Instant()> clock)
      : random_(seed), clock_(std::move(clock)) {}

  // The stores must go before this.
  absl::StatusOr<std::unique_ptr<Store>> Open() override;

  void FlushAll() { content_ = Content(); }
  const Content& content() const { return content_; }
  Content& content() { return content_; }

  SimStoreFaults faults;

  // True with a probability of `permille`; draws only when it could be true.
  bool Draw(std::uint32_t permille);
  Instant Now() const { return clock_(); }

 private:
  std::uint64_t random_;
  std::function<Instant()> clock_;
  Content content_;
};

}  // namespace usher::store
