// Acts: what became of that which no customer asked for: the inquiries that usher opens by itself,
// agents' replies from elsewhere, messages that no customer wrote. Read from commands and decisions
// alone; an inquiry of usher's own is known by its topic, the key of its text in the policy.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "model/command.h"
#include "model/decision.h"
#include "sim/checker/ledger.h"

namespace usher::sim {

class Acts {
 public:
  explicit Acts(const Ledger& ledger) : ledger_(ledger) {}

  void Take(const DeskName& desk, const Command& command);

  // Empty, or why this must not have been decided.
  std::string Take(const DeskName& desk, const Decision& decision);

  // Empty, or what has not been done that must be by the end.
  std::string Unfinished() const;

 private:
  using Place = std::pair<DeskName, InquiryId>;
  using Order = std::pair<DeskName, OrderId>;
  enum class Kind : std::uint8_t { kPromise, kCall };
  struct Own {
    Kind kind = Kind::kPromise;
    Order order;
  };

  std::string On(const DeskName& desk, const InquiryPlaced& d, Instant at);
  std::string Begins(const Place& place, Instant at);

  const Ledger& ledger_;
  std::map<Place, Own> own_;
  std::map<Order, std::vector<Instant>> begun_;  // for a promise that passed
  std::map<Order, std::uint32_t> calls_;         // that began
  std::set<Place> stray_;                        // calls that began though their order was gone
  std::map<DeskName, std::uint32_t> incidents_;  // of carriers
  std::map<DeskName, Instant> incident_at_;      // the first
  std::set<std::pair<DeskName, RequestId>> replies_;
};

}  // namespace usher::sim
