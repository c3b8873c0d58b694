// InFlight: counts what was taken and is not answered yet, so that a service can stop taking and
// wait for the rest.
#pragma once

#include <cstdint>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "core/time.h"

namespace usher::rpc {

// Threads: any.
class InFlight {
 public:
  // False: closed, nothing may be taken. Else Leave() must follow.
  [[nodiscard]] bool Enter() {
    absl::MutexLock lock(&mutex_);
    if (closed_) return false;
    ++count_;
    return true;
  }

  void Leave() {
    absl::MutexLock lock(&mutex_);
    --count_;
  }

  void Close() {
    absl::MutexLock lock(&mutex_);
    closed_ = true;
  }

  std::int64_t count() const {
    absl::MutexLock lock(&mutex_);
    return count_;
  }

  // False: after `wait` there was still something.
  bool WaitNone(Duration wait) const {
    const auto none = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return count_ == 0; };
    absl::MutexLock lock(&mutex_);
    return mutex_.AwaitWithTimeout(absl::Condition(&none), absl::Microseconds(wait.count()));
  }

 private:
  mutable absl::Mutex mutex_;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  std::int64_t count_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace usher::rpc
