// Need: how many agents each queue and each skill asks for, hour by hour, by Erlang's formulas.
//
// Each queue (and each skill) is taken as if it had its agents for itself and each hour as if it
// went on for ever. Agents who serve several queues are counted at each of them, so the numbers of
// queues do not add up to a staff: trial.h plays the shop as it is.
//
// Threads: any.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "model/policy.h"
#include "staffing/forecast.h"

namespace usher::staffing {

struct HourNeed {
  double arrivals = 0;          // mean number in the hour
  double handling_s = 0;        // mean
  double patience_s = 0;        // mean; 0: nobody leaves
  std::optional<int> without;   // agents, by Erlang C: nobody leaves; nothing: no number is enough
  std::optional<int> with;      // agents, by Erlang A; nothing also without a patience
  double present = 0;           // agents expected who can do it
  double answered_in_time = 1;  // share, with those present, by Erlang A (or C without a patience)

  friend bool operator==(const HourNeed&, const HourNeed&) = default;
};

struct PoolNeed {
  std::string name;  // of the queue or the skill
  std::array<HourNeed, kHoursOfWeek> hours;

  friend bool operator==(const PoolNeed&, const PoolNeed&) = default;
};

struct Needs {
  std::vector<PoolNeed> queues;  // with a first-response target, in the policy's order
  std::vector<PoolNeed> skills;  // that such a queue cannot do without, by name

  friend bool operator==(const Needs&, const Needs&) = default;
};

// `wanted`: the share of all who come that is to be answered within its queue's target.
//
// Requires: 0 < wanted < 1.
Needs Compute(const Week& week, const Policy& policy, double wanted);

// May this agent take from the queue, before any relaxing?
bool MayTake(const Requirement& requirement, const Profile& profile);

// The first-response target of the queue's SLA class; 0: none.
Duration TargetOf(const Policy& policy, const Queue& queue);

}  // namespace usher::staffing
