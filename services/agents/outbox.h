// Outbox: what is to go down one Work stream, in order, bounded. A reader that is too slow loses
// its stream, not its work: it connects again and gets the current state.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <variant>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "usher/v1/agents.pb.h"

namespace usher::agents {

// Threads: any.
class Outbox {
 public:
  // `wake` is called after each change, outside of any lock of the outbox.
  Outbox(std::size_t most, std::function<void()> wake);

  // False: the stream is over, or this was one too many and ended it with kResourceExhausted.
  bool Send(v1::WorkResponse response);

  // What was sent before is still delivered; the first end holds.
  void End(absl::Status status);

  // What to do next: nothing, send this, or end the stream with this.
  using Next = std::variant<std::monostate, v1::WorkResponse, absl::Status>;
  Next Take();

 private:
  const std::size_t most_;
  const std::function<void()> wake_;
  absl::Mutex mutex_;
  std::deque<v1::WorkResponse> queue_ ABSL_GUARDED_BY(mutex_);
  std::optional<absl::Status> end_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace usher::agents
