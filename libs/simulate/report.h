// Report: what a scenario came to, over all its replications; libs/simulate/README.md defines each
// figure.
//
// Threads: one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "simulate/estimate.h"
#include "simulate/scenario.h"
#include "simulate/tally.h"

namespace usher::simulate {

enum class Measure : std::uint8_t {
  kPBlocked,
  kPAbandoned,
  kPWait,
  kWaitMean,
  kWaitSd,
  kWaitServedMean,
  kWaitAbandonedMean,
  kQueueMean,
  kBusyMean,
  kPBreached,
  kLatenessMean,
  kOffersPerInquiry
};
constexpr std::size_t kMeasures = 12;
constexpr std::array<double, 4> kQuantiles = {0.5, 0.95, 0.99, 1};

// Of all inquiries, or of one class.
struct Scope {
  std::string name;
  std::uint64_t arrived = 0;
  std::uint64_t blocked = 0;
  std::uint64_t abandoned = 0;
  std::uint64_t served = 0;
  std::uint64_t unserved = 0;
  std::uint64_t breached = 0;
  std::array<Estimate, kMeasures> measures;
  std::vector<Estimate> p_wait_gt;  // by threshold of the scenario
  std::array<Estimate, kQuantiles.size()> wait_quantile_s;

  const Estimate& operator[](Measure measure) const {
    return measures[static_cast<std::size_t>(measure)];
  }
};

struct GroupReport {
  std::string name;
  std::uint32_t count = 0;
  Estimate occupancy;
  Estimate occupancy_spread;
  std::uint64_t served = 0;
};

struct Report {
  std::string name;
  std::uint32_t replications = 0;
  std::uint64_t inquiries = 0;  // that arrived and count
  std::uint64_t commands = 0;   // that the engine took, warm-up and all
  double commands_per_s = 0;    // of simulated time: the same on every machine
  Scope all;
  std::vector<Scope> classes;
  std::vector<GroupReport> agents;
  std::vector<Duration> thresholds;
  std::vector<std::pair<Duration, Estimate>> busy_at;
};

// Takes replications, one after the other.
class Collector {
 public:
  explicit Collector(const Scenario& scenario);  // borrowed

  // Takes the waits apart: `tally` is of no more use.
  void Add(Tally& tally);

  Report Finish() const;

 private:
  struct ScopeValues {
    ClassTally sums;  // counts only
    std::array<std::vector<double>, kMeasures> measures;
    std::vector<std::vector<double>> p_wait_gt;
    std::array<std::vector<double>, kQuantiles.size()> quantiles;
  };
  struct GroupValues {
    std::uint64_t served = 0;
    std::vector<double> occupancy;
    std::vector<double> spread;
  };

  void AddScope(ScopeValues& values, ClassTally& tally, double window_us);
  void AddGroups(const Tally& tally);
  Scope ToScope(const std::string& name, const ScopeValues& values) const;

  const Scenario& scenario_;
  std::uint32_t replications_ = 0;
  std::uint64_t commands_ = 0;
  double simulated_s_ = 0;
  ScopeValues all_;
  std::vector<ScopeValues> classes_;
  std::vector<GroupValues> groups_;
  std::vector<std::vector<double>> busy_at_;
};

// One JSON object, one line end; equal reports give equal bytes.
std::string ToJson(const Report& report);

// The same for people: a row a figure, a column a class.
std::string ToTable(const Report& report);

// "p_wait", as the JSON says it.
std::string_view NameOf(Measure measure);

// Seconds as a key: "20", "0.25".
std::string SecondsText(Duration time);

}  // namespace usher::simulate
