// The staff of a played day: agents whose skills fit what the policy's queues need, as many as the
// plan's load asks for.
//
// Most are specialists of one queue; what is left of each queue's load is given to generalists, who
// hold the skills of several. Every queue of the policy has at least two who can serve it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/policy.h"
#include "usher/play_plan.h"
#include "usher/play_samples.h"

namespace usher::play {

constexpr std::size_t kStaffMax = 2'000;  // of one desk
constexpr std::size_t kSkillsMax = 64;    // of one agent, as the engine bounds them

struct Hand {
  std::string name;
  std::vector<Need> skills;  // sorted by skill
  std::uint32_t units = 1;

  friend bool operator==(const Hand&, const Hand&) = default;
};

// The first route of `policy` that takes such an inquiry; its queue. Requires: the last route takes
// all.
const Queue* QueueFor(const Policy& policy, const PlannedConversation& conversation,
                      const Sample& sample);

// The staff of desk `desk` of the plan. Equal arguments give equal staff.
std::vector<Hand> MakeStaff(const Policy& policy, const DayPlan& plan,
                            const std::vector<Sample>& samples, std::uint32_t desk,
                            std::uint64_t seed);

}  // namespace usher::play
