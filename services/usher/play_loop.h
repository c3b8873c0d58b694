// Loop: the one thread on which a played day happens. Timers fire on it, and what gRPC's callbacks
// learn is brought to it as closures; so nothing of the day needs a lock.
//
// Threads: Post() any; all else one.
#pragma once

#include <cstdint>
#include <functional>
#include <queue>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "core/time.h"

namespace usher::play {

// Reads a clock that never goes back.
Duration SinceStart();

class Loop {
 public:
  // One real second is `speed` seconds in the shop. Requires: speed >= 1.
  explicit Loop(std::int64_t speed) : speed_(speed) {}

  std::int64_t speed() const { return speed_; }

  // The shop's clock starts now, at 0.
  void StartClock() { began_ = SinceStart(); }
  Duration ShopNow() const { return (SinceStart() - began_) * speed_; }

  // Calls `what` after so much real time, or so much shop time, or when the shop's clock says so.
  void After(Duration real, std::function<void()> what);
  void AfterShop(Duration shop, std::function<void()> what) { After(shop / speed_, what); }
  void AtShop(Duration shop, std::function<void()> what);

  // Calls `what` on the loop's thread, soon.
  void Post(std::function<void()> what);

  // Runs until `done` says so, which is asked after every event and at least every 50 ms, or until
  // `longest` of real time has passed. True: it was done.
  bool RunUntil(const std::function<bool()>& done, Duration longest);

 private:
  struct Timer {
    Duration at;
    std::uint64_t number;  // equal times fire in the order in which they were set
    std::function<void()> what;
    bool operator<(const Timer& other) const {
      return at != other.at ? at > other.at : number > other.number;
    }
  };

  void FireDue();
  void RunPosted(Duration wait);

  const std::int64_t speed_;
  Duration began_{0};
  std::uint64_t timers_set_ = 0;
  std::priority_queue<Timer> timers_;
  absl::Mutex mutex_;
  std::vector<std::function<void()>> posted_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace usher::play
