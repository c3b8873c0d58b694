// RpcMetrics: how many calls each method had, with which status, and how long they took.
//
// Threads: any.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "core/time.h"
#include "telemetry/metrics.h"

namespace usher {

class RpcMetrics {
 public:
  explicit RpcMetrics(telemetry::Metrics& metrics) : metrics_(metrics) {}

  // `method` as gRPC says it: "/usher.v1.AgentService/Work".
  void Ended(const std::string& method, int code, Duration took);

 private:
  telemetry::Metrics& metrics_;
  absl::Mutex mutex_;
  std::map<std::pair<std::string, int>, telemetry::Histogram*> calls_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace usher
