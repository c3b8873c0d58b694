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
  struct Place {
    std::int64_t next = 0;  // command
    bool live = false;      // all that was there when it was taken over is applied
    Instant at;             // of the last command, by the log's clock; 1970: none came yet
  };
  using Places = std::map<std::int32_t, Place>;  // of the partitions that are not recovering

  void Set(Places places) {
    const absl::MutexLock lock(&mutex_);
    places_ = std::move(places);
  }
  Places Get() const {
    const absl::MutexLock lock(&mutex_);
    return places_;
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
  Places places_ ABSL_GUARDED_BY(mutex_);
  bool draining_ ABSL_GUARDED_BY(mutex_) = false;
  bool drained_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace usher::router
