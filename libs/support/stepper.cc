#include "support/stepper.h"

#include <chrono>
#include <utility>

namespace usher {

Instant WallNow() {
  return Instant(
      std::chrono::duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch()));
}

StepThread::StepThread(std::string name, Stepper& stepper, Duration wait,
                       std::function<void(absl::Status)> failed) {
  thread_ = std::thread([this, name = std::move(name), &stepper, wait, failed = std::move(failed)] {
    pthread_setname_np(pthread_self(), name.substr(0, 15).c_str());
    while (!stopping_.load(std::memory_order_acquire)) {
      if (absl::Status status = stepper.Step(WallNow(), wait); !status.ok()) {
        failed(std::move(status));
        return;
      }
    }
  });
}

StepThread::~StepThread() { Stop(); }

void StepThread::Stop() {
  Ask();
  if (thread_.joinable()) thread_.join();
}

}  // namespace usher
