// Observer: the metrics of insights. Counters and histograms take the observations of batches that
// are in the store; gauges follow the live views.
//
// The edges of a histogram of response times are the standard ones and every first-response target
// of the policies known when the series is made. A target that a later policy brings is an edge of
// series made after it; an older series has it after the next restart, since Prometheus cannot
// change the edges of a series that lives.
//
// Threads: one calls all but Refresh(), which any may.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "core/time.h"
#include "insights/metric_names.h"
#include "insights/targets.h"
#include "insights/view.h"
#include "telemetry/metrics.h"

namespace usher::insights {

class Observer {
 public:
  Observer(telemetry::Metrics& metrics, Targets targets);

  void Observe(const Observation& observation);

  // The gauges of what the view's batch touched.
  void Publish(const View& view);
  void PublishAll(const View& view);

  // The view is another's now, or gone: its gauges are 0 here.
  void Withdraw(const View& view);

  void StoreFailed(const char* tried);
  void Rebuilding();

  // Sets the ages, as of `now`. At every scrape.
  void Refresh(Instant now);

 private:
  using QueueKey = std::pair<DeskName, QueueName>;

  struct QueueGauges {
    std::vector<telemetry::Gauge*> waiting;  // by priority; null until there was one
    telemetry::Gauge* pending = nullptr;     // until there was one
    telemetry::Gauge* scheduled = nullptr;   // likewise
    telemetry::Gauge* oldest_age = nullptr;
    Instant oldest_placed_at = kNever;
  };

  std::vector<double> Edges();
  telemetry::Histogram& FirstResponse(const Observation& observation);
  telemetry::Histogram& Seconds(const MetricName& metric, const Observation& observation);
  telemetry::Counter& Total(const MetricName& metric, const char* label_name,
                            const Observation& observation);
  void PublishQueue(const QueueKey& key, const LiveQueue& queue);
  void PublishDesk(const DeskName& desk, const LiveDesk& live);

  telemetry::Metrics& metrics_;
  Targets targets_;
  bool policy_changed_ = true;  // since the targets were read
  std::map<std::tuple<DeskName, QueueName, ChannelName>, telemetry::Histogram*> first_response_;
  std::map<std::tuple<const char*, DeskName, QueueName>, telemetry::Histogram*> seconds_;
  std::map<std::tuple<const char*, DeskName, QueueName, const char*>, telemetry::Counter*> totals_;
  std::map<DeskName, std::vector<telemetry::Gauge*>> agents_;  // by Presence

  absl::Mutex mutex_;
  std::map<QueueKey, QueueGauges> queues_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace usher::insights
