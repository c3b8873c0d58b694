#include "usher/play_loop.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/time/time.h"

namespace usher::play {

constexpr Duration kLookAround = 50ms;

Duration SinceStart() {
  static const auto start = std::chrono::steady_clock::now();
  return std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - start);
}

void Loop::After(Duration real, std::function<void()> what) {
  timers_.push({SinceStart() + real, ++timers_set_, std::move(what)});
}

void Loop::AtShop(Duration shop, std::function<void()> what) {
  timers_.push({began_ + shop / speed_, ++timers_set_, std::move(what)});
}

void Loop::Post(std::function<void()> what) {
  absl::MutexLock lock(&mutex_);
  posted_.push_back(std::move(what));
}

void Loop::FireDue() {
  // Timers that are set meanwhile wait for the next round: a loop of them cannot starve the rest.
  const std::uint64_t last = timers_set_;
  while (!timers_.empty() && timers_.top().at <= SinceStart() && timers_.top().number <= last) {
    const std::function<void()> what = timers_.top().what;
    timers_.pop();
    what();
  }
}

void Loop::RunPosted(Duration wait) {
  std::vector<std::function<void()>> posted;
  {
    absl::MutexLock lock(&mutex_);
    const auto some = [this] {
      mutex_.AssertHeld();
      return !posted_.empty();
    };
    mutex_.AwaitWithTimeout(absl::Condition(&some), absl::FromChrono(wait));
    posted.swap(posted_);
  }
  for (const auto& what : posted) what();
}

bool Loop::RunUntil(const std::function<bool()>& done, Duration longest) {
  const Duration end = SinceStart() + longest;
  while (!done()) {
    if (SinceStart() >= end) return false;
    Duration wait = kLookAround;
    if (!timers_.empty()) wait = std::min(wait, timers_.top().at - SinceStart());
    RunPosted(std::max(wait, Duration(0)));
    FireDue();
  }
  return true;
}

}  // namespace usher::play
