#include "usher/stop_signal.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <cstdlib>

#include "core/check.h"
#include "support/note.h"

namespace usher {

StopSignal::StopSignal(Duration within) : within_(within) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  USHER_CHECK(pthread_sigmask(SIG_BLOCK, &set, nullptr) == 0);
  std::signal(SIGPIPE, SIG_IGN);
  signals_ = signalfd(-1, &set, SFD_CLOEXEC);
  wake_ = eventfd(0, EFD_CLOEXEC);
  USHER_CHECK(signals_ >= 0 && wake_ >= 0);
  thread_ = std::thread([this] { Watch(); });
}

StopSignal::~StopSignal() {
  const std::uint64_t one = 1;
  USHER_CHECK(write(wake_, &one, sizeof one) == sizeof one);
  thread_.join();
  close(signals_);
  close(wake_);
}

void StopSignal::Arm() {
  const std::lock_guard lock(mutex_);
  armed_ = true;
}

bool StopSignal::Wait(Duration wait) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, wait, [this] { return asked_; });
}

void StopSignal::Watch() {
  pollfd both[] = {{wake_, POLLIN, 0}, {signals_, POLLIN, 0}};
  while (poll(both, 2, -1) < 0) {  // interrupted
  }
  if (both[0].revents != 0) return;
  {
    const std::lock_guard lock(mutex_);
    if (!armed_) _exit(0);
    asked_ = true;
  }
  changed_.notify_all();
  note::Info("server.stopping", {});
  // A second signal ends it too: whoever sends it has waited enough.
  signalfd_siginfo first;
  USHER_CHECK(read(signals_, &first, sizeof first) == sizeof first);
  const int milliseconds =
      static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(within_).count());
  if (poll(both, 2, milliseconds) > 0 && both[0].revents != 0) return;
  note::Error("server.stuck", {{"within_ms", milliseconds}});
  _exit(1);
}

}  // namespace usher
