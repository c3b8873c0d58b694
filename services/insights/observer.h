// Observer: the metrics of insights: what the decisions count to, and how queues and agents are.
//
// Counters and histograms are what the store has: they are written with the views, in the same
// batch, and shown once they are there. So they go on over every restart, and equal a recount of
// the log. A partition's series are shown by its owner and by nobody else.
//
// The edges of every histogram are the standard ones and every target of every policy. A target
// that a new policy brings is an edge from then on: what was counted before stays at the next
// larger edge.
//
// Threads: one calls all but Collect(), which any may.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "core/time.h"
#include "insights/board.h"
#include "insights/tally.h"
#include "insights/targets.h"
#include "insights/view.h"
#include "store/store.h"
#include "telemetry/metrics.h"

namespace usher::insights {

class Observer {
 public:
  // For a log of so many partitions.
  Observer(telemetry::Metrics& metrics, Targets targets, std::int32_t partitions);

  // The partition is followed from here on: `rows` is its TallyTable as of the view's watermark.
  // `hold`: the view is behind what was shown of it before, here or elsewhere; nothing changes to
  // the eye until a Settle() without it.
  void Load(std::int32_t partition, const View& view, const Tally::Rows& rows, bool hold);

  // Adds to the batch that the view has made what the metrics count by it.
  void Count(std::int32_t partition, const View& view, Instant now, store::Batch& batch);

  // That batch is in the store.
  void Settle(std::int32_t partition, const View& view, bool hold);

  // The partition is another's now.
  void Withdraw(std::int32_t partition);

  void StoreFailed(const char* tried);
  void Rebuilding();

  // All series, with ages as of `now`. At every scrape.
  std::vector<telemetry::Shown> Collect(Instant now) const;

 private:
  struct Part {
    Board board;
    std::optional<Board> held;  // what is shown meanwhile
    bool fresh = true;          // the store's table is to be cleared with the first batch
  };

  void RenewEdges(Instant now);

  telemetry::Metrics& metrics_;
  const std::int32_t partitions_;

  mutable absl::Mutex mutex_;
  std::map<std::int32_t, Part> parts_ ABSL_GUARDED_BY(mutex_);
  Targets targets_ ABSL_GUARDED_BY(mutex_);
  std::vector<Duration> edges_ ABSL_GUARDED_BY(mutex_);
  Instant policies_until_;  // a policy that was applied is in its topic by then
  Instant policies_again_;
};

}  // namespace usher::insights
