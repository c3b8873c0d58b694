// What the log's adapter says of itself, as metrics: how long appends take and how often partitions
// moved by names of their own, the rest as usher_log_stat.
//
// Threads: any.
#pragma once

#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "log/log.h"
#include "telemetry/metrics.h"

namespace usher {

// A log that scrapes look at while it is there.
class WatchedLog {
 public:
  // Shows the log that is set by then at each scrape of `metrics`.
  static std::shared_ptr<WatchedLog> Show(telemetry::Metrics& metrics);

  // Borrowed until it is set to another one, or to null: then nothing is shown.
  void Set(const log::Log* log);

 private:
  void SetGauges(telemetry::Metrics& metrics);
  std::vector<telemetry::Shown> Tell() const;

  mutable absl::Mutex mutex_;
  const log::Log* log_ ABSL_GUARDED_BY(mutex_) = nullptr;
};

}  // namespace usher
