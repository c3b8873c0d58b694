// Golden: a recorded log of a release in one file: records of the command log and of the decision
// log as they were, with their offsets and times, gzipped.
//
// Threads: one.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/time.h"
#include "log/log.h"
#include "log/sim/sim_log.h"

namespace usher::golden {

struct Recorded {
  std::vector<log::Record> commands;   // of partition 0, the header first
  std::vector<log::Record> decisions;  // of partition 0
};

absl::Status Write(const std::string& file, const Recorded& recorded);

// Errors: kNotFound; kDataLoss: it is cut off or no such file.
absl::StatusOr<Recorded> Read(const std::string& file);

// A log in memory that holds what was recorded, at the same offsets and times.
class Replayed {
 public:
  explicit Replayed(const Recorded& recorded);
  log::Log& log() { return log_; }

 private:
  void Append(const std::vector<log::Record>& records);

  Instant now_;
  log::SimLog log_;
};

}  // namespace usher::golden
