// Round: one snapshot of a partition, from the first row copied to its manifest in the log.
//
//   copy     the rows of each desk that changed are copied, some a step, while the desk goes on;
//            `base` is where the log stood at the beginning
//   ask      when few rows are left, a Checkpoint is appended for the desk
//   end      it comes back: what is left is copied there, which ends the copy
//   settle   all that was put until then is in the log: pieces, policies, decisions
//   manifest is put, and in the log
//
// Every desk that is not copied had no command between its old saved state and `base`; every saved
// state is later than `base`. So replay after `base` meets all that no saved state has.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/stamp.h"
#include "router/partition.h"

namespace usher::router {

// The copy of a desk that is under way.
struct DeskCopy {
  DeskRef ref;
  std::string bytes;     // not cut yet
  std::size_t left = 0;  // rows
  bool asked = false;
  bool ended = false;
};

struct Partition::Round {
  std::int64_t base = 0;
  std::uint32_t logic = kFirstLogic;  // of the rules at `base`
  std::uint64_t draw = 0;
  std::vector<std::size_t> to_begin;       // desks, from the back
  std::map<std::size_t, DeskCopy> copies;  // by desk; until all is cut
  std::uint64_t bytes = 0;                 // of copies
  std::uint32_t desks = 0;                 // saved
  bool put = false;                        // its first piece
  std::optional<std::uint64_t> settle;     // number of the outbox, once all is handed over
  Stamp least;                             // the decision log must have come so far
  std::optional<std::uint64_t> manifest;   // number of the outbox
  bool manifest_put = false;
};

}  // namespace usher::router
