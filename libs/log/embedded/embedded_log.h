// The embedded log: topics in a folder of this machine (RocksDB), for `usher up`.
//
// One thread writes: what all appenders hand over meanwhile becomes one group, one write, one sync
// (group commit); an Ack is given only after that. Nothing acknowledged is lost by kill -9 or, with
// `sync`, by loss of power. Groups work among the readers of this process; their commits are kept.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "log/entry.h"
#include "log/log.h"

namespace usher::log {

struct EmbeddedOptions {
  std::string dir;  // made if missing; one process at a time
  bool sync =
      true;  // false: a loss of power may cost the last seconds (kill -9 still costs nothing)

  // How long topics keep records that are neither compacted nor kept for ever.
  Duration retention = std::chrono::hours(24 * 7);

  std::size_t entry_bytes_max = kEntryBytesMax;
  std::size_t pending_entries_max = 100'000;  // handed over and not yet written, all appenders
  std::size_t pending_bytes_max = 64 << 20;

  std::function<Instant()> clock;  // none: wall time
};

// Appenders and readers must go before the log.
// Errors: kFailedPrecondition: another process has the folder open; kUnavailable: the disk said no.
absl::StatusOr<std::unique_ptr<Log>> OpenEmbeddedLog(const EmbeddedOptions& options);

}  // namespace usher::log
