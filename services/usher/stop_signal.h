// StopSignal: SIGTERM and SIGINT as something to wait for, and the watchdog of the stop: a process
// that was asked to stop and has not after a while ends hard, which is safe at any instant.
//
// Threads: one makes and destroys it, before any other thread starts; Wait() any.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "core/time.h"

namespace usher {

class StopSignal {
 public:
  // From here on the signals come to this object alone. Before Arm() one ends the process at once
  // (status 0: nothing has begun), after it the process has `within` to end by itself.
  explicit StopSignal(Duration within);
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  void Arm();

  // Waits at most `wait`. True: a stop was asked for.
  bool Wait(Duration wait);

 private:
  void Watch();

  const Duration within_;
  int signals_ = -1;  // file descriptors
  int wake_ = -1;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool armed_ = false;
  bool asked_ = false;
  std::thread thread_;
};

}  // namespace usher
