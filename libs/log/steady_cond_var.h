// SteadyCondVar: waits on an absl::Mutex by the steady clock. absl::CondVar waits by wall time, so
// that a clock set back by an hour makes a wait of 50 ms one of an hour.
//
// Threads: any.
#pragma once

#include <chrono>
#include <condition_variable>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace usher::log {

class SteadyCondVar {
 public:
  void SignalAll() { condition_.notify_all(); }

  void Wait(absl::Mutex& mutex) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
    Lockable lockable{mutex};
    condition_.wait(lockable);
  }

  // False: the deadline has passed. May return true without a signal.
  bool WaitUntil(absl::Mutex& mutex, std::chrono::steady_clock::time_point deadline)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
    Lockable lockable{mutex};
    return condition_.wait_until(lockable, deadline) == std::cv_status::no_timeout;
  }

 private:
  // The names that the standard library wants.
  struct Lockable {
    absl::Mutex& mutex;
    void lock() ABSL_NO_THREAD_SAFETY_ANALYSIS { mutex.Lock(); }
    void unlock() ABSL_NO_THREAD_SAFETY_ANALYSIS { mutex.Unlock(); }
  };

  std::condition_variable_any condition_;
};

}  // namespace usher::log
