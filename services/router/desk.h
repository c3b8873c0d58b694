// Desk: one engine of a partition, with what the loop has to remember of it.
#pragma once

#include <cstdint>
#include <optional>

#include "core/time.h"
#include "engine/engine.h"
#include "model/names.h"

namespace usher::router {

// A desk's state in the snapshot topic: which command is the last in it, and how to find and check
// its pieces.
struct DeskRef {
  std::int64_t offset = -1;
  std::uint32_t chunks = 0;
  std::uint64_t bytes = 0;
  std::uint64_t hash = 0;
  std::uint32_t slot = 0;
  std::uint64_t copy = 0;  // names it
  std::int64_t place = 0;  // all pieces are at or after it in `usher.snapshots`
};

struct Desk {
  DeskName name;
  engine::Engine engine;

  bool changed = false;             // since `saved`
  std::optional<DeskRef> saved;     // in the newest manifest that is in the log
  std::optional<DeskRef> underway;  // in the one that is being written
  std::int64_t included = -1;       // commands up to here are in the engine's state already

  Instant timer = kNever;  // engine.next_timer() as of the last command
  Instant tick_again;      // the next Tick is not sent before
};

}  // namespace usher::router
