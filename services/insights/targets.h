// Targets: what the metrics need of the desks' policies, read from `usher.policies`: every target
// of every SLA class, and the units of the channels.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "absl/status/status.h"
#include "core/time.h"
#include "log/log.h"
#include "model/names.h"
#include "usher/v1/snapshot.pb.h"

namespace usher::insights {

constexpr std::size_t kTargetsMax = 64;  // that become edges; further ones are counted between them

struct ChannelUnits {
  std::uint32_t units = 1;
  bool pending_holds = false;
};

class Targets {
 public:
  explicit Targets(log::Log& log) : log_(log) {}

  // Reads what came since the last time. May block. Errors: as the log says; what was known stays.
  absl::Status Refresh();

  // By the desk's newest policy; of a channel that it does not have: 1.
  ChannelUnits UnitsOf(const DeskName& desk, const ChannelName& channel) const;

  // Rising. At most kTargetsMax.
  const std::set<Duration>& all() const { return all_; }

 private:
  void Take(const v1::PolicyRecord& policy);
  void Add(Duration target);

  log::Log& log_;
  std::vector<std::int64_t> next_;  // by partition
  std::set<Duration> all_;
  std::map<DeskName, std::map<ChannelName, ChannelUnits>> units_;
};

}  // namespace usher::insights
