// ReferenceEngine: ApplyPolicy and Checkpoint of libs/engine/README.md.
#include <algorithm>

#include "kit/policy_rules.h"
#include "kit/reference_engine.h"
#include "model/calendar.h"

namespace usher::kit {

void ReferenceEngine::Do(const ApplyPolicy& c) {
  if (!IsGood(c.policy)) return Reject(RejectReason::kBadPolicy);
  const std::uint32_t rerouted = TakePolicy(c.policy, c.keep);
  Emit(PolicyApplied{c.policy.version, rerouted, c.policy.quality});
  for (const InquiryState& i : desk_.inquiries) {
    if (i.stage == Stage::kWaiting) Looks(i, OfferReason::kPolicyChanged);
  }
}

bool ReferenceEngine::IsGood(const Policy& policy) const {
  return IsGoodPolicy(policy, limits_) && !TooManyNames(desk_.agents, policy, limits_);
}

std::uint32_t ReferenceEngine::TakePolicy(const Policy& policy, bool keep) {
  const Policy before = desk_.policy;
  desk_.has_policy = true;
  desk_.policy = policy;
  RenewFacts();
  RenewEdges();
  std::uint32_t rerouted = 0;
  for (InquiryState& i : desk_.inquiries) {  // by arrival
    const InquiryState as_it_was = i;
    if (Reroute(i, as_it_was, &before, keep)) rerouted += 1;
  }
  return rerouted;
}

void ReferenceEngine::RenewFacts() {
  std::vector<QueueFacts> facts;
  for (const Queue& queue : desk_.policy.queues) {
    QueueFacts made;
    made.queue = queue.name;
    for (const QueueFacts& known : desk_.queues) {
      if (known.queue == queue.name) made = known;
    }
    made.gates = 0;
    facts.push_back(made);
  }
  std::sort(facts.begin(), facts.end(),
            [](const QueueFacts& a, const QueueFacts& b) { return a.queue < b.queue; });
  desk_.queues = facts;
  std::erase_if(desk_.handlings,
                [&](const Handling& handling) { return Named(handling.queue) == nullptr; });
}

void ReferenceEngine::RenewEdges() {
  desk_.edges.clear();
  for (const Calendar& calendar : desk_.policy.calendars) {
    const bool kept = std::any_of(desk_.policy.queues.begin(), desk_.policy.queues.end(),
                                  [&](const Queue& q) { return q.hours == calendar.name; });
    const Instant edge = NextEdge(&calendar, desk_.now);
    if (kept && edge != kNever) desk_.edges.push_back({calendar.name, NextTimerAt(edge)});
  }
}

void ReferenceEngine::Do(const Checkpoint&) {
  Emit(Checkpointed{StateHash(), inquiries(), agents()});
}

}  // namespace usher::kit
