// OrderCopies: order events that came by gRPC, written to `usher.orders` once they are taken, so
// that the topic holds all that the context was made of and a rebuild brings it back. The loop that
// reads the topic passes them over.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "log/log.h"
#include "support/stepper.h"
#include "usher/v1/event.pb.h"

namespace usher::intake {

// Threads: Keep() any; Step() one.
class OrderCopies : public Stepper {
 public:
  using Done = std::function<void(const absl::Status&)>;

  // `partitions` of `usher.orders`.
  OrderCopies(std::unique_ptr<log::Appender> appender, std::int32_t partitions,
              std::size_t queue_max);

  // `done` is called once, from the step's thread, when the copy is in the log; over `queue_max`
  // here and now, with kResourceExhausted. Never blocks.
  void Keep(const v1::OrderEvent& event, Done done);

  // Errors: of the log, for good.
  absl::Status Step(Instant now, Duration wait) override;

 private:
  struct Item {
    log::Entry entry;
    Done done;
  };

  absl::Status AppendAll(Duration wait);

  const std::unique_ptr<log::Appender> appender_;
  const std::int32_t partitions_;
  const std::size_t queue_max_;
  absl::Mutex mutex_;
  std::deque<Item> queue_ ABSL_GUARDED_BY(mutex_);
  std::unordered_map<std::uint64_t, Done> waiting_;  // for the log's answer, by token
  std::uint64_t next_token_ = 1;
  std::vector<log::Ack> acks_;
};

// Whether the record is such a copy.
bool IsOrderCopy(const log::Record& record);

}  // namespace usher::intake
