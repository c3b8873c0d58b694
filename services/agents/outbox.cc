#include "agents/outbox.h"

#include <utility>

namespace usher::agents {

Outbox::Outbox(std::size_t most, std::function<void()> wake)
    : most_(most), wake_(std::move(wake)) {}

bool Outbox::Send(v1::WorkResponse response) {
  bool taken = false;
  {
    absl::MutexLock lock(&mutex_);
    if (end_) return false;
    taken = queue_.size() < most_;
    if (taken) {
      queue_.push_back(std::move(response));
    } else {
      // Half a history is worth nothing to the desktop.
      queue_.clear();
      end_ = absl::ResourceExhaustedError("the stream is read too slowly: connect again");
    }
  }
  wake_();
  return taken;
}

void Outbox::End(absl::Status status) {
  {
    absl::MutexLock lock(&mutex_);
    if (end_) return;
    end_ = std::move(status);
  }
  wake_();
}

Outbox::Next Outbox::Take() {
  absl::MutexLock lock(&mutex_);
  if (!queue_.empty()) {
    Next next = std::move(queue_.front());
    queue_.pop_front();
    return next;
  }
  if (end_) return *end_;
  return std::monostate();
}

}  // namespace usher::agents
