// Targets: every first-response target of every desk's policy, read from `usher.policies`.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <set>
#include <vector>

#include "absl/status/status.h"
#include "core/time.h"
#include "log/log.h"

namespace usher::insights {

constexpr std::size_t kTargetsMax = 64;  // that become edges; further ones are counted between them

class Targets {
 public:
  explicit Targets(log::Log& log) : log_(log) {}

  // Reads what came since the last time. May block. Errors: as the log says; what was known stays.
  absl::Status Refresh();

  // One more, from elsewhere.
  void Add(Duration target);

  // Rising. At most kTargetsMax.
  const std::set<Duration>& all() const { return all_; }

 private:
  log::Log& log_;
  std::vector<std::int64_t> next_;  // by partition
  std::set<Duration> all_;
};

}  // namespace usher::insights
