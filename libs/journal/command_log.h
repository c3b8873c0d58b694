// CommandLog: the pinned identity of `usher.commands`, and the way to append to it.
//
// Record 0 of each partition names the log and pins the number of partitions. Whoever comes first
// writes it; the record that landed at 0 holds, others mean nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "log/log.h"
#include "model/names.h"
#include "wire/records.h"

namespace usher::journal {

struct CommandLog {
  std::int32_t partitions = 0;
  std::vector<LogId> log_ids;  // by partition
};

// Reads, and where missing writes, the headers. Checks every topic of Topics() first.
// Errors: kFailedPrecondition with one line for each broken promise (a changed partition count, a
// topic that is
//         missing or is not what it must be); what the log says otherwise.
absl::StatusOr<CommandLog> OpenCommandLog(log::Log& log);

// The same without writing anything, for those who only look: a header that is missing is an error,
// and only the two logs are looked at.
absl::StatusOr<CommandLog> ReadCommandLog(log::Log& log);

struct Appended {
  std::int32_t partition = 0;
  std::int64_t offset = -1;
};

// Appends commands; the partition is that of the desk. Threads: one.
class CommandWriter {
 public:
  CommandWriter(const CommandLog& commands, std::unique_ptr<log::Appender> appender);
  ~CommandWriter();  // what the log has not decided yet is called with kUnavailable
  CommandWriter(const CommandWriter&) = delete;
  CommandWriter& operator=(const CommandWriter&) = delete;

  using Done = std::function<void(absl::StatusOr<Appended>)>;

  // `done` is called from a later Poll(). Errors: kResourceExhausted: nothing was taken, try again
  // later; kInvalidArgument: too large.
  absl::Status Append(const wire::CommandRecord& record, Done done);

  // Calls what is done. An error among them is for good: Poll returns it after the calls.
  absl::Status Poll();

  // Waits until all appends so far are decided, at most `wait`; then Poll() will call them.
  absl::Status Flush(Duration wait);

  std::size_t pending() const { return waiting_.size(); }

 private:
  CommandLog commands_;
  std::unique_ptr<log::Appender> appender_;
  std::unordered_map<std::uint64_t, Done> waiting_;
  std::uint64_t next_token_ = 1;
};

}  // namespace usher::journal
