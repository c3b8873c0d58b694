// Progress: how far the loop has come, for those who watch it from other threads.
//
// Threads: any.
#pragma once

#include <cstdint>
#include <map>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "core/time.h"

namespace usher::router {

class Progress {
 public:
  using Positions = std::map<std::int32_t, std::int64_t>;  // next command by partition

  void Set(Positions positions) {
    const absl::MutexLock lock(&mutex_);
    positions_ = std::move(positions);
  }
  Positions Get() const {
    const absl::MutexLock lock(&mutex_);
    return positions_;
  }

  // The loop is to stop reading; it says when all that it decided is in the log.
  void AskToDrain() {
    const absl::MutexLock lock(&mutex_);
    draining_ = true;
  }
  bool draining() const {
    const absl::MutexLock lock(&mutex_);
    return draining_;
  }
  void SetDrained() {
    const absl::MutexLock lock(&mutex_);
    drained_ = true;
  }
  // False: after `wait` it had not been said.
  bool WaitDrained(Duration wait) const {
    const auto drained = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return drained_; };
    const absl::MutexLock lock(&mutex_);
    return mutex_.AwaitWithTimeout(absl::Condition(&drained), absl::FromChrono(wait));
  }

 private:
  mutable absl::Mutex mutex_;
  Positions positions_ ABSL_GUARDED_BY(mutex_);
  bool draining_ ABSL_GUARDED_BY(mutex_) = false;
  bool drained_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace usher::router
