// LagWatch: how many records of the decisions the views have not taken yet. A stepper of its own,
// since asking a log for its end may block.
//
// Threads: one.
#pragma once

#include <map>

#include "insights/positions.h"
#include "log/log.h"
#include "support/pause.h"
#include "support/stepper.h"
#include "telemetry/metrics.h"

namespace usher::insights {

class LagWatch : public Stepper {
 public:
  LagWatch(log::Log& log, const Positions& positions, telemetry::Metrics& metrics, Pause& pause)
      : log_(log), positions_(positions), metrics_(metrics), pause_(pause) {}

  // Looks once a second; a log that does not answer leaves the gauge as it was.
  absl::Status Step(Instant now, Duration wait) override;

 private:
  log::Log& log_;
  const Positions& positions_;
  telemetry::Metrics& metrics_;
  Pause& pause_;
  std::map<log::TopicPartition, telemetry::Gauge*> gauges_;
  Instant next_look_;
};

}  // namespace usher::insights
