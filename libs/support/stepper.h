// Stepper: the loop of a service as a step over its ports. A thread calls it in production, the
// simulation calls it in its own order; so what is simulated is what runs.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "core/time.h"

namespace usher {

// Wall time as an Instant. The only clock of the house outside vendor libraries; the simulation has
// its own.
Instant WallNow();

class Stepper {
 public:
  virtual ~Stepper() = default;

  // Reads what is there, applies, appends. May wait at most `wait` when there is nothing to do;
  // with zero it never blocks. Errors are for good: the process ends and is started again.
  virtual absl::Status Step(Instant now, Duration wait) = 0;
};

// A thread that steps until stopped. Threads: one (start, stop), `failed` is called from the inner
// thread.
class StepThread {
 public:
  // Borrows `stepper`. `failed` gets the error that ended the loop.
  StepThread(std::string name, Stepper& stepper, Duration wait,
             std::function<void(absl::Status)> failed);
  ~StepThread();  // stops
  StepThread(const StepThread&) = delete;
  StepThread& operator=(const StepThread&) = delete;

  void Ask() { stopping_.store(true, std::memory_order_release); }  // to stop; does not wait
  void Stop();  // returns when the step under way has ended

 private:
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace usher
