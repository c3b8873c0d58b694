// Suggest: whom to add, and when, so that every queue of a day keeps its target; found by playing
// the day again and again on the engine.
//
// Greedy, and no proof that fewer would not do: as long as a queue keeps its target for fewer than
// wanted, one more agent (where the shop is played smaller: one of those played) comes in the hour
// in which most of its inquiries are late: one of a crew that exists and may take from it, with the
// fewest skills; else one who can do just that.
//
// Threads: any. Equal arguments give equal results.
#pragma once

#include <array>
#include <vector>

#include "absl/status/statusor.h"
#include "model/policy.h"
#include "staffing/trial.h"

namespace usher::staffing {

struct More {
  Profile profile;
  std::uint32_t units = 1;
  std::array<int, kHoursOfDay> count{};  // by hour of the day

  friend bool operator==(const More&, const More&) = default;
};

struct Suggestion {
  Trial before;
  Trial after;
  std::vector<More> more;          // empty: nobody is needed
  std::vector<QueueName> not_met;  // queues below `wanted` after all

  friend bool operator==(const Suggestion&, const Suggestion&) = default;
};

struct SuggestOptions {
  TrialOptions trial;
  int rounds_max = 40;  // days are played so often
};

// Requires: 0 <= weekday < 7, 0 < wanted < 1.
// Errors:   as Play().
absl::StatusOr<Suggestion> Suggest(const Week& week, const Policy& policy, int weekday,
                                   double wanted, const SuggestOptions& options = {});

}  // namespace usher::staffing
