// Answers to questions: how long, why, what if. They change nothing.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/time.h"
#include "model/names.h"
#include "model/reason.h"

namespace usher {

struct WaitEstimated {
  InquiryId inquiry;
  QueueName queue;
  std::uint32_t position = 0;    // in its queue, from 1
  std::uint32_t slots = 0;       // inquiries like it that the agents at work can have at once
  Duration estimate = kForever;  // kForever: nobody is at work, or no work was measured yet
  friend bool operator==(const WaitEstimated&, const WaitEstimated&) = default;
};

struct Candidate {
  AgentName agent;
  Verdict verdict = Verdict::kAble;
  SkillName skill;         // for kLacksSkill, kLowLevel
  std::int64_t score = 0;  // what the queue's pick sorts by, lower first; for kAble
  friend bool operator==(const Candidate&, const Candidate&) = default;
};

struct VerdictCount {
  Verdict verdict = Verdict::kAble;
  std::uint32_t agents = 0;
  friend bool operator==(const VerdictCount&, const VerdictCount&) = default;
};

// How a need, or the expression (skill empty), stands among the agents logged in.
struct ClauseCount {
  SkillName skill;
  std::uint8_t level = 0;
  std::uint32_t failing = 0;  // agents that do not meet it
  std::uint32_t only = 0;     // agents that meet all the others: they would fit without it
  friend bool operator==(const ClauseCount&, const ClauseCount&) = default;
};

struct InquiryExplained {
  InquiryId inquiry;
  Stage stage = Stage::kWaiting;
  QueueName queue;
  RouteName route;
  std::uint8_t priority = 0;
  std::uint32_t step = 0;
  ClockState clock = ClockState::kNone;
  Instant due = kNever;
  std::uint32_t position = 0;           // 0: it does not wait
  std::vector<Candidate> candidates;    // as they would be asked, then the others by name
  std::vector<VerdictCount> verdicts;   // of all agents, by verdict
  std::vector<ClauseCount> clauses;     // needs by skill, then the expression if there is one
  NextChange next = NextChange::kNone;  // the earliest that may change the answer
  Instant next_at = kNever;
  friend bool operator==(const InquiryExplained&, const InquiryExplained&) = default;
};

struct PolicyPreviewed {
  std::string version;
  bool sound = false;           // else it would be rejected and the rest is 0
  std::uint32_t open = 0;       // inquiries
  std::uint32_t moved = 0;      // whose queue, route, priority or due would change
  std::uint32_t unstaffed = 0;  // waiting ones that nobody logged in would fit at any step
  friend bool operator==(const PolicyPreviewed&, const PolicyPreviewed&) = default;
};

}  // namespace usher
