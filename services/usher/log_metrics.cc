#include "usher/log_metrics.h"

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace usher {
namespace {

using telemetry::Shown;

constexpr char kRebalances[] = "rebalances_total";

Shown AppendSeconds(const log::AppendTimes& times) {
  Shown shown{"usher_log_append_seconds",
              "From the hand-over of a record to the log until the log says that it has it.",
              Shown::Type::kHistogram,
              {}};
  Shown::Series& series = shown.series.emplace_back();
  std::uint64_t at_or_below = 0;
  for (std::size_t i = 0; i < times.within.size(); ++i) {
    at_or_below += times.within[i];
    series.buckets.push_back(
        {static_cast<double>(log::AppendTimes::kEdgesUs[i]) / 1e6, at_or_below});
  }
  series.count = times.count;
  series.sum = static_cast<double>(times.sum_us) / 1e6;
  return shown;
}

Shown Rebalances(const std::map<std::string, double>& stats) {
  const auto found = stats.find(kRebalances);
  Shown shown{
      "usher_log_rebalances_total",
      "Times that this process was given other partitions than it had; 0 on an embedded log.",
      Shown::Type::kCounter,
      {}};
  shown.series.push_back({{}, found == stats.end() ? 0 : found->second, {}, 0, 0});
  return shown;
}

}  // namespace

std::shared_ptr<WatchedLog> WatchedLog::Show(telemetry::Metrics& metrics) {
  // Shared with the scrapes, which may come while the log's owner goes.
  auto watched = std::make_shared<WatchedLog>();
  metrics.OnScrape([watched, &metrics] { watched->SetGauges(metrics); });
  metrics.AddSource([watched] { return watched->Tell(); });
  return watched;
}

void WatchedLog::Set(const log::Log* log) {
  const absl::MutexLock lock(&mutex_);
  log_ = log;
}

void WatchedLog::SetGauges(telemetry::Metrics& metrics) {
  const absl::MutexLock lock(&mutex_);
  if (log_ == nullptr) return;
  for (const auto& [name, value] : log_->Stats()) {
    if (name == kRebalances) continue;
    metrics
        .GetGauge("usher_log_stat", "What the log's adapter says of itself, by name.",
                  {{"name", name}})
        .Set(value);
  }
}

std::vector<telemetry::Shown> WatchedLog::Tell() const {
  const absl::MutexLock lock(&mutex_);
  if (log_ == nullptr) return {};
  return {AppendSeconds(log_->TimesOfAppends()), Rebalances(log_->Stats())};
}

}  // namespace usher
