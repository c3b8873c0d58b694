#include "telemetry/metrics.h"

#include <exception>
#include <limits>
#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "core/check.h"
#include "prometheus/counter.h"
#include "prometheus/exposer.h"
#include "prometheus/family.h"
#include "prometheus/gauge.h"
#include "prometheus/histogram.h"
#include "prometheus/registry.h"
#include "prometheus/text_serializer.h"
#include "support/knocker.h"

namespace usher::telemetry {
namespace {

class CounterHandle : public Counter {
 public:
  explicit CounterHandle(prometheus::Counter& counter) : counter_(counter) {}
  void Add(double amount) override { counter_.Increment(amount); }

 private:
  prometheus::Counter& counter_;
};

class GaugeHandle : public Gauge {
 public:
  explicit GaugeHandle(prometheus::Gauge& gauge) : gauge_(gauge) {}
  void Set(double value) override { gauge_.Set(value); }

 private:
  prometheus::Gauge& gauge_;
};

class HistogramHandle : public Histogram {
 public:
  explicit HistogramHandle(prometheus::Histogram& histogram) : histogram_(histogram) {}
  void Observe(double value) override { histogram_.Observe(value); }

 private:
  prometheus::Histogram& histogram_;
};

// One metric with all its series. Families are kept here, not in prometheus::Registry, whose
// lookups are linear.
template <class Theirs, class Handle>
class Metric {
 public:
  Metric(const std::string& name, const std::string& help) : family_(name, help, {}) {}

  template <class... Arguments>
  Handle& Get(Labels labels, const Arguments&... arguments) {
    if (const auto found = series_.find(labels); found != series_.end()) return found->second;
    if (series_.size() >= kSeriesMax) {
      for (auto& [label, value] : labels) value = "other";
      if (const auto other = series_.find(labels); other != series_.end()) return other->second;
    }
    Theirs& theirs = family_.Add(labels, arguments...);
    return series_.try_emplace(std::move(labels), theirs).first->second;
  }

  void Collect(std::vector<prometheus::MetricFamily>& out) const {
    for (prometheus::MetricFamily& family : family_.Collect()) out.push_back(std::move(family));
  }

 private:
  prometheus::Family<Theirs> family_;
  std::map<Labels, Handle> series_;
};

prometheus::MetricType TheirType(Shown::Type type) {
  if (type == Shown::Type::kGauge) return prometheus::MetricType::Gauge;
  return type == Shown::Type::kCounter ? prometheus::MetricType::Counter
                                       : prometheus::MetricType::Histogram;
}

prometheus::ClientMetric Theirs(Shown::Type type, const Shown::Series& series) {
  prometheus::ClientMetric metric;
  for (const auto& [name, value] : series.labels) metric.label.push_back({name, value});
  if (type == Shown::Type::kCounter) metric.counter.value = series.value;
  if (type == Shown::Type::kGauge) metric.gauge.value = series.value;
  if (type != Shown::Type::kHistogram) return metric;
  metric.histogram.sample_count = series.count;
  metric.histogram.sample_sum = series.sum;
  for (const Shown::Bucket& bucket : series.buckets) {
    prometheus::ClientMetric::Bucket theirs;
    theirs.upper_bound = bucket.edge;
    theirs.cumulative_count = bucket.at_or_below;
    metric.histogram.bucket.push_back(theirs);
  }
  prometheus::ClientMetric::Bucket all;
  all.upper_bound = std::numeric_limits<double>::infinity();
  all.cumulative_count = series.count;
  metric.histogram.bucket.push_back(all);
  return metric;
}

template <class Theirs, class Handle>
using MetricMap = std::map<std::string, std::unique_ptr<Metric<Theirs, Handle>>>;

template <class Map>
auto& Find(Map& metrics, const std::string& name, const std::string& help) {
  auto& slot = metrics[name];
  if (!slot) slot = std::make_unique<typename Map::mapped_type::element_type>(name, help);
  return *slot;
}

}  // namespace

class Metrics::Impl : public prometheus::Collectable {
 public:
  CounterHandle& GetCounter(const std::string& name, const std::string& help,
                            const Labels& labels) {
    absl::MutexLock lock(&mutex_);
    Claim(name, Kind::kCounter);
    return Find(counters_, name, help).Get(labels);
  }

  GaugeHandle& GetGauge(const std::string& name, const std::string& help, const Labels& labels) {
    absl::MutexLock lock(&mutex_);
    Claim(name, Kind::kGauge);
    return Find(gauges_, name, help).Get(labels);
  }

  HistogramHandle& GetHistogram(const std::string& name, const std::string& help,
                                const std::vector<double>& edges, const Labels& labels) {
    absl::MutexLock lock(&mutex_);
    Claim(name, Kind::kHistogram);
    return Find(histograms_, name, help).Get(labels, edges);
  }

  void OnScrape(std::function<void()> refresh) {
    absl::MutexLock lock(&refresh_mutex_);
    refreshes_.push_back(std::move(refresh));
  }

  void AddSource(std::function<std::vector<Shown>()> source) {
    absl::MutexLock lock(&refresh_mutex_);
    sources_.push_back(std::move(source));
  }

  std::vector<prometheus::MetricFamily> Collect() const override {
    std::vector<prometheus::MetricFamily> out;
    {
      absl::MutexLock lock(&refresh_mutex_);
      for (const auto& refresh : refreshes_) refresh();
      for (const auto& source : sources_) {
        for (const Shown& shown : source()) {
          prometheus::MetricFamily& family = out.emplace_back();
          family.name = shown.name;
          family.help = shown.help;
          family.type = TheirType(shown.type);
          for (const Shown::Series& series : shown.series) {
            family.metric.push_back(Theirs(shown.type, series));
          }
        }
      }
    }
    absl::MutexLock lock(&mutex_);
    for (const auto& [name, metric] : counters_) metric->Collect(out);
    for (const auto& [name, metric] : gauges_) metric->Collect(out);
    for (const auto& [name, metric] : histograms_) metric->Collect(out);
    return out;
  }

 private:
  enum class Kind { kCounter, kGauge, kHistogram };

  void Claim(const std::string& name, Kind kind) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    USHER_CHECK(kinds_.emplace(name, kind).first->second == kind);
  }

  // Refreshes look metrics up, so they run outside `mutex_`; two scrapes at once take turns.
  mutable absl::Mutex refresh_mutex_ ABSL_ACQUIRED_BEFORE(mutex_);
  mutable absl::Mutex mutex_;
  std::vector<std::function<void()>> refreshes_ ABSL_GUARDED_BY(refresh_mutex_);
  std::vector<std::function<std::vector<Shown>()>> sources_ ABSL_GUARDED_BY(refresh_mutex_);
  std::map<std::string, Kind> kinds_ ABSL_GUARDED_BY(mutex_);
  MetricMap<prometheus::Counter, CounterHandle> counters_ ABSL_GUARDED_BY(mutex_);
  MetricMap<prometheus::Gauge, GaugeHandle> gauges_ ABSL_GUARDED_BY(mutex_);
  MetricMap<prometheus::Histogram, HistogramHandle> histograms_ ABSL_GUARDED_BY(mutex_);
};

Metrics::Metrics() : impl_(std::make_shared<Impl>()) {}
Metrics::~Metrics() = default;

Counter& Metrics::GetCounter(const std::string& name, const std::string& help,
                             const Labels& labels) {
  return impl_->GetCounter(name, help, labels);
}

Gauge& Metrics::GetGauge(const std::string& name, const std::string& help, const Labels& labels) {
  return impl_->GetGauge(name, help, labels);
}

Histogram& Metrics::GetHistogram(const std::string& name, const std::string& help,
                                 const std::vector<double>& edges, const Labels& labels) {
  return impl_->GetHistogram(name, help, edges, labels);
}

void Metrics::OnScrape(std::function<void()> refresh) { impl_->OnScrape(std::move(refresh)); }

void Metrics::AddSource(std::function<std::vector<Shown>()> source) {
  impl_->AddSource(std::move(source));
}

std::string Metrics::Text() const {
  return prometheus::TextSerializer().Serialize(impl_->Collect());
}

class Exposer::Impl {
 public:
  Impl(const std::string& address, const std::shared_ptr<prometheus::Collectable>& metrics)
      : host(address.substr(0, address.rfind(':'))), exposer(address, kThreads) {
    exposer.RegisterCollectable(metrics);
  }
  ~Impl() {
    if (port() != 0) knocker.emplace(host, port());
  }

  int port() const {
    const std::vector<int> ports = exposer.GetListeningPorts();
    return ports.empty() ? 0 : ports.front();
  }

  static constexpr std::size_t kThreads = 2;  // one scrape, and one more while it runs
  std::string host;
  std::optional<Knocker> knocker;  // while `exposer` ends
  prometheus::Exposer exposer;
};

absl::StatusOr<std::unique_ptr<Exposer>> Exposer::Start(const std::string& address,
                                                        Metrics& metrics) {
  try {
    return std::unique_ptr<Exposer>(new Exposer(std::make_unique<Impl>(address, metrics.impl_)));
  } catch (const std::exception& error) {
    return absl::UnavailableError("metrics cannot bind " + address + ": " + error.what());
  }
}

Exposer::Exposer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Exposer::~Exposer() = default;

int Exposer::port() const { return impl_->port(); }

}  // namespace usher::telemetry
