// Submitter: the way of a gRPC handler into the command log. Handlers hand over and go; a step
// appends what came, waits for the log, and calls back.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "journal/command_log.h"
#include "support/stepper.h"

namespace usher::journal {

// Threads: Submit() any; Step() one.
class Submitter : public Stepper {
 public:
  Submitter(const CommandLog& commands, std::unique_ptr<log::Appender> appender,
            std::size_t queue_max = 10'000);
  ~Submitter() override;  // what was never handed to the log is called with kUnavailable

  // Hands over. `done` is called once, from the step's thread, when the command is in the log or
  // never will be. Over `queue_max` waiting, `done` is called here and now with kResourceExhausted;
  // so it is in a step while the log takes nothing (its disk is full).
  // Never blocks.
  void Submit(wire::CommandRecord record, CommandWriter::Done done);

  // Waits until something is handed over (at most `wait`), appends it, and calls back what the log
  // has answered; with zero the answers may come in a later step.
  absl::Status Step(Instant now, Duration wait) override;

 private:
  struct Item {
    wire::CommandRecord record;
    CommandWriter::Done done;
  };

  std::deque<Item> TakeQueue(Duration wait);
  void PutBack(std::deque<Item> rest);

  const std::size_t queue_max_;
  absl::Mutex mutex_;
  std::deque<Item> queue_ ABSL_GUARDED_BY(mutex_);
  CommandWriter writer_;  // of the step's thread alone
};

}  // namespace usher::journal
