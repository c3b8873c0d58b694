#include "usher/rpc_metrics.h"

#include <vector>

#include "absl/status/status.h"

namespace usher {
namespace {

const std::vector<double>& Edges() {
  static const std::vector<double> edges = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                            0.25,  0.5,    1,     2.5,  5,     10};
  return edges;
}

}  // namespace

void RpcMetrics::Ended(const std::string& method, int code, Duration took) {
  telemetry::Histogram* histogram = nullptr;
  {
    absl::MutexLock lock(&mutex_);
    telemetry::Histogram*& known = calls_[{method, code}];
    if (known == nullptr) {
      known = &metrics_.GetHistogram(
          "usher_rpc_seconds",
          "How long gRPC calls took, by method and status; streams as a whole.", Edges(),
          {{"method", method.substr(0, 1) == "/" ? method.substr(1) : method},
           {"code", absl::StatusCodeToString(static_cast<absl::StatusCode>(code))}});
    }
    histogram = known;
  }
  histogram->Observe(static_cast<double>(took.count()) / 1e6);
}

}  // namespace usher
