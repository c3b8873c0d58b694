// Ledger: what the outside handed in and was told, for the checker to hold against the logs.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <utility>

#include "core/time.h"
#include "model/names.h"

namespace usher::sim {

struct Ledger {
  // Messages that a service took (it said so), or that landed in `usher.messages`: each must get
  // its outcome.
  std::map<MessageId, DeskName> messages;
  // Order events that a service took: order → when it happened → number of the status.
  std::map<std::pair<DeskName, OrderId>, std::map<Instant, int>> orders;
  // Commands that a service said are in the log: (partition, offset).
  std::set<std::pair<std::int32_t, std::int64_t>> told;
};

}  // namespace usher::sim
