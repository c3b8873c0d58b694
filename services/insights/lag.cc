#include "insights/lag.h"

#include <algorithm>
#include <string>

#include "insights/metric_names.h"

namespace usher::insights {
namespace {

constexpr Duration kLookEvery = 1s;

}  // namespace

absl::Status LagWatch::Step(Instant now, Duration wait) {
  // A wall clock that was set back must not stop the watch.
  if (now < next_look_ && next_look_ - now <= kLookEvery) {
    pause_.For(std::min(wait, next_look_ - now));
    return absl::OkStatus();
  }
  next_look_ = now + kLookEvery;
  const auto positions = positions_.all();
  for (auto& [partition, gauge] : gauges_) {
    if (!positions.contains(partition)) gauge->Set(0);  // another's to tell
  }
  for (const auto& [partition, next] : positions) {
    const absl::StatusOr<std::int64_t> end = log_.EndOffset(partition);
    if (!end.ok()) continue;
    telemetry::Gauge*& gauge = gauges_[partition];
    if (!gauge) {
      gauge = &metrics_.GetGauge(kLag.name, kLag.help,
                                 {{"partition", std::to_string(partition.partition)}});
    }
    gauge->Set(static_cast<double>(std::max<std::int64_t>(0, *end - next)));
  }
  return absl::OkStatus();
}

}  // namespace usher::insights
