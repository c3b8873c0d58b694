// DecisionLoop: reads every partition of `usher.decisions` from its beginning, keeps the directory,
// tells the desktops what is theirs, and callers what
// became of their commands. Each process of this service reads all: an agent may
// connect to any.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "agents/desktops.h"
#include "agents/directory.h"
#include "agents/outcomes.h"
#include "journal/command_log.h"
#include "journal/decision_filter.h"
#include "log/log.h"
#include "rpc/server.h"
#include "support/stepper.h"
#include "telemetry/metrics.h"

namespace usher::agents {

// Threads: one; caught_up() any.
class DecisionLoop : public Stepper {
 public:
  DecisionLoop(const journal::CommandLog& commands, log::Log& log,
               std::unique_ptr<log::Reader> reader, Directory& directory, Desktops& desktops,
               Outcomes& outcomes, telemetry::Metrics& metrics, rpc::Health& health);

  // Errors: kFailedPrecondition: the log of decisions has a gap, or belongs to another log of
  // commands; kInvalidArgument: a record that is no decision.
  absl::Status Step(Instant now, Duration wait) override;

  // Everything that stood in the log at start-up is in the directory.
  bool caught_up() const { return caught_up_.load(std::memory_order_acquire); }

 private:
  struct Partition {
    journal::DecisionFilter filter;
    std::int64_t end_at_start = 0;
    std::int64_t next = 0;
    telemetry::Gauge* lag = nullptr;
  };

  absl::Status TakeAssigned(const log::Assigned& assigned);
  absl::Status TakeRecord(const log::Record& record);
  void LookWhetherCaughtUp();
  absl::Status MeasureLag(Instant now);

  const journal::CommandLog commands_;
  log::Log& log_;
  const std::unique_ptr<log::Reader> reader_;
  Directory& directory_;
  Desktops& desktops_;
  Outcomes& outcomes_;
  telemetry::Metrics& metrics_;
  rpc::Health& health_;
  telemetry::Counter& decisions_;
  telemetry::Gauge& streams_;
  std::map<std::int32_t, Partition> partitions_;
  std::atomic<bool> caught_up_{false};
  Instant lag_next_;
  std::vector<log::ReaderEvent> events_;
};

}  // namespace usher::agents
