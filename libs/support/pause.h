// Pause: a wait that somebody may cut short, by the steady clock.
//
// Threads: any.
#pragma once

#include <condition_variable>
#include <mutex>

#include "core/time.h"

namespace usher {

class Pause {
 public:
  // Waits for `wait`, or until Cut(). Zero or less: not at all.
  void For(Duration wait) {
    if (wait <= Duration::zero()) return;
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, wait, [this] { return cut_; });
  }

  // Ends the wait under way, and all later ones at once.
  void Cut() {
    {
      const std::lock_guard lock(mutex_);
      cut_ = true;
    }
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool cut_ = false;
};

}  // namespace usher
