// Ledger: what the outside handed in and was told, for the checker to hold against the logs.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "core/time.h"
#include "model/names.h"

namespace usher::sim {

struct Ledger {
  // An order that was placed with a promise.
  struct Promised {
    std::vector<Instant> promises;  // as they were told, one after the other
    bool ends = false;              // it is delivered or cancelled some time
    bool in_incident = false;       // of its carrier, which says nothing of it
  };

  // Messages that a service took (it said so), or that landed in `usher.messages`: each must get
  // its outcome.
  std::map<MessageId, DeskName> messages;
  // Order events that a service took: order → when it happened → number of the status.
  std::map<std::pair<DeskName, OrderId>, std::map<Instant, int>> orders;
  // Commands that a service said are in the log: (partition, offset).
  std::set<std::pair<std::int32_t, std::int64_t>> told;

  // Messages of agents, and those that no customer wrote: nothing opens by them and nothing joins.
  std::set<MessageId> not_of_customers;
  // Agents' messages that a service took, or that landed: each must be told to the engine.
  std::set<std::pair<DeskName, RequestId>> replies;
  std::map<std::pair<DeskName, OrderId>, Promised> promised;
  // When a service said that it took the cancellation: from then on nobody is called about it.
  std::map<std::pair<DeskName, OrderId>, Instant> called_off;
  // What is wrong with this world.
  bool store_forgets = false;  // flushed, or rolled back
  bool log_forgets = false;    // unclean elections
  bool clocks_lie = false;     // of processes
  bool calm = false;           // nothing is wrong, and everything comes at once

  // Desks that have a carrier with enough late orders for one incident.
  std::set<DeskName> incidents;
};

}  // namespace usher::sim
