// DrainGate: asks a loop to take nothing more, and tells when it has finished what it took.
#pragma once

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "core/time.h"

namespace usher::intake {

// Threads: any; SetDone() is the loop's.
class DrainGate {
 public:
  void Ask() {
    absl::MutexLock lock(&mutex_);
    asked_ = true;
  }

  // Waits for it at most `wait`.
  bool asked(Duration wait = Duration::zero()) const {
    absl::MutexLock lock(&mutex_);
    // A wait of no length would still give the processor away.
    if (asked_ || wait <= Duration::zero()) return asked_;
    return mutex_.AwaitWithTimeout(absl::Condition(&asked_), absl::Microseconds(wait.count()));
  }

  void SetDone() {
    absl::MutexLock lock(&mutex_);
    done_ = true;
  }

  // False: not done after `wait`.
  bool WaitDone(Duration wait) const {
    absl::MutexLock lock(&mutex_);
    return mutex_.AwaitWithTimeout(absl::Condition(&done_), absl::Microseconds(wait.count()));
  }

 private:
  mutable absl::Mutex mutex_;
  bool asked_ ABSL_GUARDED_BY(mutex_) = false;
  bool done_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace usher::intake
