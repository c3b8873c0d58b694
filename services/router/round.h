// Round: one snapshot of a partition, from the first Checkpoint asked for to its manifest in the
// log.
//
//   ask      a Checkpoint is appended for each desk that changed; `base` is where the log stood
//   wait     each Checkpoint comes back: the desk's state is saved there, its pieces are put
//   settle   all that was put until then is in the log: pieces, policies, decisions
//   manifest is put, and in the log
//
// Every desk that is not asked had no command between its old saved state and `base`; every saved
// state is later than `base`. So replay after `base` meets all that no saved state has.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include "model/stamp.h"
#include "router/partition.h"

namespace usher::router {

struct Partition::Round {
  std::int64_t base = 0;
  std::uint32_t logic = kFirstLogic;      // of the rules at `base`
  std::vector<std::size_t> to_ask;        // desks, from the back
  std::set<std::size_t> waiting;          // asked or to be asked, and not come back
  std::uint64_t bytes = 0;                // of states
  std::uint32_t desks = 0;                // saved
  std::optional<std::uint64_t> settle;    // number of the outbox, once all is handed over
  Stamp least;                            // the decision log must have come so far
  std::optional<std::uint64_t> manifest;  // number of the outbox
  bool manifest_put = false;
};

}  // namespace usher::router
