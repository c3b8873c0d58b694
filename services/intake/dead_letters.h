// DeadLetters: where input records go that cannot be taken: `<topic>.dlq`, bytes and headers
// untouched, with the reason and the origin in further headers.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "absl/status/status.h"
#include "intake/facts.h"
#include "log/log.h"

namespace usher::intake {

class DeadLetters {
 public:
  // `entry_bytes_max` is that of the log.
  DeadLetters(std::unique_ptr<log::Appender> appender, std::size_t entry_bytes_max);

  using Done = std::function<void()>;

  // `done` is called from a later Poll(). A value that leaves no room for the headers is cut, and a
  // header says how long it was. Errors: kResourceExhausted: nothing was taken, try again later.
  absl::Status Append(const log::Record& record, const Refusal& refusal, Done done);

  // Errors: for good.
  absl::Status Poll();

  absl::Status Flush(Duration wait) { return appender_->Flush(wait); }

  std::size_t pending() const { return waiting_.size(); }

 private:
  std::unique_ptr<log::Appender> appender_;
  std::size_t entry_bytes_max_;
  std::unordered_map<std::uint64_t, Done> waiting_;
  std::uint64_t next_token_ = 1;
  std::vector<log::Ack> acks_;
};

// What is sent there for `record`.
log::Entry DeadLetterOf(const log::Record& record, const Refusal& refusal,
                        std::size_t entry_bytes_max);

}  // namespace usher::intake
