// Quarantines: the places of `usher.quarantines` from which desks are held, and the strikes that
// lead there.
//
// The topic is small and compacted, and read whole before a partition is replayed: a command that
// crashes every engine must be known before it is reached. A hold is a record without a strike.
//
// Threads: any; calls on the log may block.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "log/log.h"
#include "router/crash.h"

namespace usher::router {

constexpr int kStrikesMax = 2;  // this many crashes at one command hold its desk

// A place from which a desk is held.
struct Hold {
  DeskName desk;
  std::int64_t offset = -1;
  friend bool operator==(const Hold&, const Hold&) = default;
};

// The place from which a desk is held at `offset` if its state ends with command `included`: the
// first of `places` after that. -1: it is not held.
std::int64_t HeldFrom(const std::set<std::int64_t>& places, std::int64_t included,
                      std::int64_t offset);

struct PartitionQuarantines {
  std::vector<Hold> holds;
  std::vector<Strike> strikes;  // each life once
};

// What the topic says of this partition of this log. A log without the topic: nothing.
absl::StatusOr<PartitionQuarantines> ReadQuarantines(log::Log& log, const LogId& id,
                                                     std::int32_t partition);

// The places with strikes enough that are not held yet.
std::vector<Hold> DueHolds(const PartitionQuarantines& quarantines);

log::Entry HoldEntry(const LogId& log, std::int32_t partition, const Hold& hold);
log::Entry StrikeEntry(const Strike& strike);

// Appends, and waits until they are in the log. Errors: kUnavailable: not within some seconds.
absl::Status AppendAndWait(log::Log& log, std::vector<log::Entry> entries);

// Puts the strikes of earlier lives of this process into the topic, then empties `file`. A crash
// between the two repeats them under the same keys.
absl::Status ReportStrikes(log::Log& log, const std::string& file);

}  // namespace usher::router
