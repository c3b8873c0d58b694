// ApplyPolicy: new rules, and everybody who waits is routed again.
#include <algorithm>

#include "engine/desk.h"
#include "engine/policy_check.h"
#include "engine/times.h"

namespace usher::engine {

void Engine::Desk::Do(const ApplyPolicy& command) {
  if (!IsSound(command.policy, limits_) || !coverage_.NamesFit(command.policy, {}, kNone)) {
    return Reject(RejectReason::kBadPolicy);
  }
  Slots waiting = OpenByArrival();
  for (const std::uint32_t slot : waiting) {
    if (inquiries_[slot].stage != Stage::kOffered) continue;
    Rescind(slot, RescindCause::kPolicyChanged);
    WaitsAgain(slot);
  }
  std::erase_if(waiting,
                [this](std::uint32_t slot) { return inquiries_[slot].stage != Stage::kWaiting; });
  waiting_.Clear();
  TakePolicy(command.policy);
  std::uint32_t rerouted = 0;
  for (const std::uint32_t slot : waiting) rerouted += Reroute(slot) ? 1 : 0;
  Emit<PolicyApplied>() = {command.policy.version, rerouted};

  for (const std::uint32_t slot : waiting) StartWaiting(slot);
  std::sort(waiting.begin(), waiting.end(), [this](std::uint32_t left, std::uint32_t right) {
    const Inquiry& a = inquiries_[left];
    const Inquiry& b = inquiries_[right];
    if (a.late() != b.late()) return b.late();
    if (a.priority != b.priority) return a.priority > b.priority;
    return a.due != b.due ? a.due < b.due : a.arrival < b.arrival;
  });
  for (const std::uint32_t slot : waiting) TryAgents(slot, OfferReason::kPolicyChanged);
}

Engine::Desk::Slots Engine::Desk::OpenByArrival() const {
  Slots open;
  open.reserve(inquiries_.size());
  for (std::uint32_t slot = 0; slot < inquiries_.end(); ++slot) {
    if (inquiries_.used(slot)) open.push_back(slot);
  }
  SortByArrival(open);
  return open;
}

// The new rules hold their names before the old ones let go of theirs, so that what stays is not
// made anew.
void Engine::Desk::TakePolicy(const Policy& policy) {
  Rules before = std::move(rules_);
  rules_ = Rules();
  rules_.Take(policy, lexicon_, coverage_);
  before.Release(lexicon_, coverage_);
  queued_.resize(std::max<std::size_t>(queued_.size(), lexicon_.queues.end()));
  free_.Renew(rules_.kinds());
}

// Tells whether anything that is told of a route has changed.
bool Engine::Desk::Reroute(std::uint32_t slot) {
  Inquiry& inquiry = inquiries_[slot];
  std::uint32_t named_queue = kNone;
  if (inquiry.queue_named) {
    named_queue = rules_.FindQueue(lexicon_.queues[inquiry.queue]);
    inquiry.queue_named = named_queue != kNone;
  }
  const Way way = Route(inquiry.features, named_queue, inquiry.priority_named);
  const Inquiry before = inquiry;
  --queued_[inquiry.queue];
  Follow(inquiry, way);
  DropNames(before);
  ++queued_[inquiry.queue];
  const std::uint32_t channel = rules_.FindChannel(inquiry.features.channel);
  if (channel != kNone) inquiry.units = rules_.channel(channel).units;
  RenewClock(slot, rules_.queue(way.queue));
  if (inquiry.queue == before.queue && inquiry.route == before.route &&
      inquiry.priority == before.priority && inquiry.needs == before.needs &&
      inquiry.due == before.due) {
    return false;
  }
  Emit<InquiryRerouted>() = {
      inquiry.id,       lexicon_.queues[inquiry.queue], lexicon_.routes[inquiry.route],
      inquiry.priority, lexicon_.slas[inquiry.sla],     inquiry.due};
  return true;
}

void Engine::Desk::RenewClock(std::uint32_t slot, const QueueRule& rule) {
  Inquiry& inquiry = inquiries_[slot];
  const bool has_target = rule.target > Duration(0);
  const Instant due = has_target ? After(inquiry.placed_at, rule.target) : kNever;
  if (due == inquiry.due) return;
  inquiry.due = due;
  StopClock(inquiry);
  if (inquiry.clock == ClockState::kMet) return;
  if (!has_target) {
    inquiry.clock = ClockState::kNone;
    return;
  }
  if (due <= now_ && inquiry.clock == ClockState::kBreached) return;
  inquiry.clock = ClockState::kRunning;
  if (due > now_ && rule.warns && After(inquiry.placed_at, rule.warn_after) > now_) {
    inquiry.warn = SetTimer(TimerKind::kWarn, slot, inquiry.placed_at, rule.warn_after);
  }
  inquiry.breach = SetTimer(TimerKind::kBreach, slot, inquiry.placed_at, rule.target);
}

}  // namespace usher::engine
