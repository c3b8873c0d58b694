// The embedded log: topics in a folder of this machine (RocksDB), for `usher up`.
//
// One thread writes: what all appenders hand over meanwhile becomes one group, one write, one sync
// (group commit); an Ack is given only after that. Nothing acknowledged is lost by kill -9 or, with
// `sync`, by loss of power, on a disk that keeps what it has synced. Groups work among the readers
// of this process; their commits are kept.
//
// A disk with less than `keep_free_bytes` of room takes nothing more: appends are
// kResourceExhausted until there is room again, and reading goes on. Where others fill the disk to
// the last byte all the same, the write fails for good, as any failed write, and nothing
// acknowledged is lost.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "log/entry.h"
#include "log/log.h"

namespace rocksdb {
class Env;
}

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

  std::uint64_t keep_free_bytes = 256 << 20;  // of the disk; what is less is a full disk
  std::size_t memory_bytes = 16 << 20;        // gathered before it goes from the journal to a table

  std::function<Instant()> clock;  // none: wall time
  rocksdb::Env* env = nullptr;     // none: this machine's disk; tests have one that fails
};

// Appenders and readers must go before the log.
// Errors: kFailedPrecondition: another process has the folder open; kUnavailable: the disk said no.
absl::StatusOr<std::unique_ptr<Log>> OpenEmbeddedLog(const EmbeddedOptions& options);

// The log in `dir`, to read only, whether or not another process has it open; it sees what that
// process writes. EndOffset() and ReadRange() work; what would write is kFailedPrecondition, as is
// OpenReader().
// Errors: kNotFound: there is no log in `dir`; kUnavailable: the disk said no.
absl::StatusOr<std::unique_ptr<Log>> OpenEmbeddedLogBeside(const std::string& dir);

}  // namespace usher::log
