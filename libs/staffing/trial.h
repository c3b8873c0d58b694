// Trial: a day of the week to expect, played on the engine with the shop's own policy.
//
// Arrivals are Poisson with the hour's mean, days differ by a factor of coefficient of variation
// 10%, handling is lognormal (squared coefficient of variation 1.2), patience exponential. Agents
// accept at once and reply when they accept. The day before is played too and not counted. Opening
// hours are those in which somebody came: the policy's calendars are left out.
// (Laws: Brown et al., JASA 100 (2005) 36-50; Weinberg, Brown, Stroud, JASA 102 (2007) 1185-1198.)
//
// Threads: any; nothing is shared between calls. Equal arguments give equal results.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "model/policy.h"
#include "staffing/forecast.h"

namespace usher::staffing {

constexpr std::uint32_t kTrialDaysMin = 4;

struct TrialOptions {
  std::uint32_t days = 20;  // played, each by other chance
  std::uint64_t seed = 1;
  // Mean number in all days played, so that an answer comes in time. Where more come fewer days are
  // played, but kTrialDaysMin; where that is not enough the shop is played at a share of its size.
  double inquiries_max = 100'000;
  // Asked after each day: true ends it. Empty: nothing does.
  std::function<bool()> stopped;
};

// Mean numbers a day.
struct TrialHour {
  double placed = 0;   // with a first-response target
  double in_time = 0;  // of those, answered within it

  friend bool operator==(const TrialHour&, const TrialHour&) = default;
};

struct TrialQueue {
  std::array<TrialHour, kHoursOfDay> hours;  // by the hour in which they were placed

  TrialHour Day() const;
  friend bool operator==(const TrialQueue&, const TrialQueue&) = default;
};

struct Trial {
  std::map<QueueName, TrialQueue> queues;  // to which something with a target came
  double placed = 0;                       // a day, with or without a target
  double abandoned = 0;
  double left_out = 0;     // a day: of channels that the policy does not have
  std::uint32_t days = 0;  // that were played
  // Below 1: so large a part of what comes and of the agents was played. What is told is of the
  // whole shop all the same; a crew of few is played by one at least, so that its queues look
  // better.
  double share = 1;

  friend bool operator==(const Trial&, const Trial&) = default;
};

// `weekday`: 0 is Monday.
//
// Requires: 0 <= weekday < 7.
// Errors:   kInvalidArgument: nothing comes that day, or the engine refuses the policy or an agent;
//           kCancelled: it was stopped.
absl::StatusOr<Trial> Play(const Week& week, const Policy& policy, int weekday,
                           const TrialOptions& options = {});

}  // namespace usher::staffing
