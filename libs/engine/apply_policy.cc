// ApplyPolicy: new rules, and everybody is routed again.
#include <algorithm>

#include "engine/desk.h"
#include "engine/policy_check.h"
#include "model/calendar.h"

namespace usher::engine {

bool Engine::Desk::IsGood(const Policy& policy) const {
  return PolicyIsSound(policy, limits_) && coverage_.NamesFit(policy, {}, kNone);
}

void Engine::Desk::Do(const ApplyPolicy& command) {
  if (!IsGood(command.policy)) return Reject(RejectReason::kBadPolicy);
  const std::uint32_t rerouted = TakePolicy(command.policy, command.keep);
  Emit<PolicyApplied>() = {command.policy.version, rerouted, command.policy.quality};
  for (const Slot slot : OpenByArrival()) {
    if (inquiries_[slot].stage == Stage::kWaiting) Looks(slot, OfferReason::kPolicyChanged);
  }
}

// The new rules hold their names before the old ones let go of theirs, so that what stays is not
// made anew. Nothing is listed, and nothing counted by queue, when this is called.
void Engine::Desk::LoadPolicy(const Policy& policy) {
  Rules before = std::move(rules_);
  rules_ = Rules();
  rules_.Take(policy, limited_, lexicon_, coverage_);
  std::vector<QueueRecord> facts(policy.queues.size());
  for (std::size_t old = 0; old < facts_.size(); ++old) {
    const Slot place = rules_.FindQueue(before.policy().queues[old].name);
    if (place == kNone) {
      DropAgent(facts_[old].turn);
      continue;
    }
    facts[place].turn = facts_[old].turn;
    facts[place].service_ppm = facts_[old].service_ppm;
  }
  facts_ = std::move(facts);
  Handlings kept;
  for (Handlings::Entry entry : handlings_.entries()) {
    entry.queue = rules_.FindQueue(before.policy().queues[entry.queue].name);
    if (entry.queue != kNone) {
      kept.Put(entry);
    } else if (entry.topic != kNone) {
      lexicon_.topics.Drop(entry.topic);
    }
  }
  handlings_ = std::move(kept);
  before.Release(lexicon_, coverage_);
  waiting_.Clear();
  crowds_.clear();
  free_.Renew(rules_.kinds());
  FindOpen();
}

std::uint32_t Engine::Desk::TakePolicy(const Policy& policy, bool keep) {
  const Policy before = rules_.policy();
  const bool was_linked = before.sticky.linked;
  const Slots open = OpenByArrival();
  std::vector<Before> found;
  found.reserve(open.size());
  for (const Slot slot : open) {
    Touch(slot);
    found.push_back(BeforeOf(inquiries_[slot]));
    inquiries_[slot].counted = false;
  }
  LoadPolicy(policy);
  RenewEdges();
  for (std::size_t i = 0; i < open.size(); ++i) {
    Inquiry& inquiry = inquiries_[open[i]];
    const Slot queue = rules_.FindQueue(found[i].queue_name);
    if (queue == kNone) inquiry.queue_named = false;
    inquiry.queue = queue == kNone ? 0 : queue;  // until it is routed
    if (!inquiry.customer.none() && was_linked != policy.sticky.linked) {
      if (was_linked) {
        of_customer_.Remove(open[i]);
      } else {
        of_customer_.Put(inquiry.customer, open[i]);
      }
    }
  }
  for (const Slot slot : open) SetStage(slot, inquiries_[slot].stage);  // counted again
  std::uint32_t rerouted = 0;
  for (std::size_t i = 0; i < open.size(); ++i) {
    const bool stays = keep && Stays(inquiries_[open[i]], found[i]);
    rerouted += Reroute(open[i], found[i], &before, stays) ? 1 : 0;
  }
  return rerouted;
}

// The queue and the route that it had are still there; then it has that route.
bool Engine::Desk::Stays(Inquiry& inquiry, const Before& before) const {
  if (rules_.FindQueue(before.queue_name) == kNone) return false;
  inquiry.route = kNone;
  if (inquiry.queue_named && before.route_name.none() && before.more_needs.empty()) return true;
  inquiry.route = rules_.FindRoute(before.route_name, before.more_needs);
  return inquiry.route != kNone;
}

void Engine::Desk::RenewEdges() {
  for (EdgeRecord& edge : edges_) ClearTimer(edge.timer);
  edges_.clear();
  const Policy& policy = rules_.policy();
  for (std::uint32_t place = 0; place < policy.calendars.size(); ++place) {
    const Calendar& calendar = policy.calendars[place];
    const bool kept = std::any_of(policy.queues.begin(), policy.queues.end(),
                                  [&](const Queue& queue) { return queue.hours == calendar.name; });
    const Instant at = NextEdge(&calendar, now_);
    if (!kept || at == kNever) continue;
    edges_.push_back({place, SetTimerAt(TimerKind::kEdge, place, at, at - now_)});
  }
}

}  // namespace usher::engine
