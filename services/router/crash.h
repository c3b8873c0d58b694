// Crash: remembers at which command an engine crashed, so that the next life of the process can
// tell. Nothing is written but by a crash, on the way down.
//
// A crash of another thread, kill -9 and a loss of power leave nothing: only the signals of a fault
// (SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL), on the thread that applies the command.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "model/names.h"

namespace usher::router {

// The command that a process was applying when it crashed.
struct Strike {
  LogId log;
  std::int32_t partition = 0;
  std::int64_t offset = -1;
  DeskName desk;
  std::uint64_t life = 0;  // names that life of the process; never 0

  friend bool operator==(const Strike&, const Strike&) = default;
};

// From here on a crash under an ApplyScope appends its strike to `file`, in this life of the
// process. Once a process. Errors: kUnavailable: `file` cannot be written.
// Threads: one, before those that apply.
absl::Status WatchCrashes(const std::string& file);

// What is in `file`, oldest first; a record that was cut off is left out. Empty if there is no
// file.
absl::StatusOr<std::vector<Strike>> ReadStrikes(const std::string& file);

// Says which command this thread applies, as long as it lives. The names are borrowed.
// Cost: a few stores. Threads: any, each for itself.
class ApplyScope {
 public:
  ApplyScope(const LogId& log, std::int32_t partition, std::int64_t offset, const DeskName& desk);
  ~ApplyScope();
  ApplyScope(const ApplyScope&) = delete;
  ApplyScope& operator=(const ApplyScope&) = delete;
};

}  // namespace usher::router
