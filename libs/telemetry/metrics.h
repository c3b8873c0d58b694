// Metrics: counters, gauges and histograms for Prometheus, and the HTTP endpoint that serves them.
//
// Names, labels and help are given by the callers (`usher_<noun>_<unit>`, counters `_total`,
// seconds). Handles are cheap to keep and to use on a hot path; looking one up is not, so look up
// once. Labels only from small closed sets: over kSeriesMax series of one metric, further ones
// share the series whose labels all say "other".
//
// Threads: any.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace usher::telemetry {

using Labels = std::map<std::string, std::string>;

constexpr std::size_t kSeriesMax = 10'000;  // of one metric

class Counter {
 public:
  virtual ~Counter() = default;
  virtual void Add(double amount = 1) = 0;
};
class Gauge {
 public:
  virtual ~Gauge() = default;
  virtual void Set(double value) = 0;
};
class Histogram {
 public:
  virtual ~Histogram() = default;
  virtual void Observe(double value) = 0;
};

// A whole metric at one instant, for those whose numbers live elsewhere (in a store, say) and are
// only shown here.
struct Shown {
  enum class Type { kCounter, kGauge, kHistogram };
  struct Bucket {
    double edge = 0;
    std::uint64_t at_or_below = 0;
  };
  struct Series {
    Labels labels;
    double value = 0;             // of counters and gauges
    std::vector<Bucket> buckets;  // of histograms: rising, without the one above all edges
    std::uint64_t count = 0;
    double sum = 0;
  };
  std::string name;
  std::string help;
  Type type = Type::kCounter;
  std::vector<Series> series;
};

class Metrics {
 public:
  Metrics();
  ~Metrics();

  // The same name must always come with the same help and (histograms) the same edges. References
  // live as long as the Metrics.
  Counter& GetCounter(const std::string& name, const std::string& help, const Labels& labels = {});
  Gauge& GetGauge(const std::string& name, const std::string& help, const Labels& labels = {});
  Histogram& GetHistogram(const std::string& name, const std::string& help,
                          const std::vector<double>& edges, const Labels& labels = {});

  // Called at every scrape, before the values are read: the place to set gauges. Must be quick.
  void OnScrape(std::function<void()> refresh);

  // Called at every scrape, for metrics that nobody else gives. Must be quick; any thread.
  void AddSource(std::function<std::vector<Shown>()> source);

  // The text that a scrape gets.
  std::string Text() const;

 private:
  friend class Exposer;
  class Impl;
  std::shared_ptr<Impl> impl_;  // shared: a scrape under way keeps what it reads
};

// Serves GET /metrics. Threads: one.
class Exposer {
 public:
  // `address` is host:port, port 0 picks a free one. Errors: kUnavailable: it cannot be bound.
  static absl::StatusOr<std::unique_ptr<Exposer>> Start(const std::string& address,
                                                        Metrics& metrics);
  ~Exposer();
  int port() const;

 private:
  class Impl;
  explicit Exposer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace usher::telemetry
