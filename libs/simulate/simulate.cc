#include "simulate/simulate.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "support/status.h"

namespace usher::simulate {
namespace {

// Plays the replications of a scenario on threads of its own and hands them out in order.
//
// Threads: Take() and the destructor: one, the owner's.
class Players {
 public:
  Players(const Scenario& scenario, std::uint32_t threads)
      : scenario_(scenario), played_(scenario.replications) {
    for (std::uint32_t i = 0; i < std::min(threads, scenario.replications); ++i) {
      threads_.emplace_back([this] { Play(); });
    }
  }
  Players(const Players&) = delete;
  Players& operator=(const Players&) = delete;

  ~Players() {
    {
      const std::lock_guard lock(mutex_);
      next_ = scenario_.replications;
    }
    for (std::thread& thread : threads_) thread.join();
  }

  // Waits for it. Requires: each is taken once.
  absl::StatusOr<Tally> Take(std::uint32_t replication) {
    std::unique_lock lock(mutex_);
    Played& played = played_[replication - 1];
    changed_.wait(lock, [&] { return played.done; });
    if (!played.status.ok()) return played.status;
    return std::move(played.tally);
  }

 private:
  struct Played {
    bool done = false;
    absl::Status status;
    Tally tally;
  };

  void Play() {
    for (;;) {
      std::uint32_t index = 0;
      {
        const std::lock_guard lock(mutex_);
        if (next_ == scenario_.replications) return;
        index = next_++;
      }
      Tally tally;
      const DecisionSink nobody;
      absl::Status status = World(scenario_, index + 1, nobody).Run(tally);
      {
        const std::lock_guard lock(mutex_);
        played_[index] = {true, std::move(status), std::move(tally)};
      }
      changed_.notify_all();
    }
  }

  const Scenario& scenario_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint32_t next_ = 0;      // by mutex_
  std::vector<Played> played_;  // by mutex_
  std::vector<std::thread> threads_;
};

}  // namespace

absl::StatusOr<Report> Simulate(const Scenario& scenario, const Options& options) {
  Collector collector(scenario);
  const bool alone = options.threads <= 1 || options.decisions != nullptr;
  Players players(scenario, alone ? 0 : options.threads);
  for (std::uint32_t i = 1; i <= scenario.replications; ++i) {
    if (options.stopped && options.stopped()) {
      return absl::CancelledError("stopped before replication " + std::to_string(i));
    }
    Tally tally;
    if (alone) {
      USHER_RETURN_IF_ERROR(World(scenario, i, options.decisions).Run(tally));
    } else {
      USHER_TRY(tally, players.Take(i));
    }
    collector.Add(tally);
    if (options.progress) options.progress(i, scenario.replications);
  }
  return collector.Finish();
}

}  // namespace usher::simulate
