#include "kit/inquiry_rules.h"

#include <algorithm>
#include <set>

namespace usher::kit {
namespace {

Duration LengthOf(const SlaClass& sla, Target target) {
  switch (target) {
    case Target::kFirstResponse:
      return sla.first_response;
    case Target::kNextResponse:
      return sla.next_response;
    case Target::kResolution:
      return sla.resolution;
    default:
      return sla.update;
  }
}

std::string BadPlace(const InquiryState& i, const DeskState& state, const DeskView& view,
                     const Limits& limits) {
  if (!state.has_policy) return "open without a policy";
  if (view.queue(i.queue) == nullptr) return "in no queue of the policy";
  if (i.arrival == 0 || i.arrival > state.last_arrival) return "arrival was never given out";
  if (i.priority >= kPriorities) return "a priority over 9";
  if (i.priority_named && *i.priority_named >= kPriorities) return "a named priority over 9";
  if (i.unanswered > kUnansweredMost) return "more messages without an answer than are counted";
  if (i.raised >= kPriorities) return "raised by more than 9";
  if (i.units == 0 || i.units > limits.units_max) return "units out of bounds";
  if (i.features.channel.none()) return "no channel";
  if (i.more_needs.size() > limits.needs_max) return "too many needs";
  for (std::size_t n = 0; n < i.more_needs.size(); ++n) {
    if (i.more_needs[n].level > kMaxLevel) return "a level over 100";
    if (n > 0 && i.more_needs[n].skill <= i.more_needs[n - 1].skill) return "needs not sorted";
  }
  if (i.placed_at < Instant()) return "placed before 1970";
  if (i.placed_at > state.now && i.stage != Stage::kScheduled) return "placed in the future";
  if (i.exclusions.size() > limits.exclusions_max) return "too many exclusions";
  std::set<AgentName> excluded;
  for (const Exclusion& e : i.exclusions) {
    if (e.agent.none()) return "nobody is excluded";
    if (!excluded.insert(e.agent).second) return "an agent excluded twice";
  }
  if (i.preferred.size() > std::max(1U, limits.preferred_max)) return "too many preferred";
  return "";
}

std::string BadOffers(const InquiryState& i, const DeskState& state, const DeskView& view,
                      const Limits& limits) {
  if (i.offers.empty() == (i.stage == Stage::kOffered)) return "stage and offers disagree";
  if (i.offers.size() > limits.offers_max) return "too many offers";
  std::uint64_t last = 0;
  std::set<AgentName> agents;
  for (const OfferState& offer : i.offers) {
    if (offer.offer.number <= last) return "offers not sorted";
    last = offer.offer.number;
    if (last > state.last_offer) return "offer was never given out";
    if (!offer.expiry.set()) return "an offer without an end";
    if (offer.made_at > state.now || offer.made_at < Instant()) return "an offer of the future";
    if (!agents.insert(offer.agent).second) return "offered to an agent twice";
    const AgentState* a = view.agent(offer.agent);
    if (a == nullptr) return "offered to nobody known";
    if (a->presence != Presence::kAvailable && a->presence != Presence::kDraining) {
      return "offered to an agent who is not there";
    }
  }
  return "";
}

std::string BadOwner(const InquiryState& i, const DeskState& state, const DeskView& view) {
  const bool pending = i.stage == Stage::kPending;
  if (i.agent.none() == IsOwned(i) && !pending) return "stage and owner disagree";
  if (IsOwned(i) && i.answered != (i.stage == Stage::kAnswered)) {
    return "stage and answered disagree";
  }
  const AgentState* owner = view.agent(i.agent);
  if (!i.agent.none() && owner == nullptr) return "owned by nobody known";
  if (IsOwned(i) || pending ? i.assigned_at > state.now || i.assigned_at < Instant()
                            : i.assigned_at != Instant()) {
    return "assigned at another time";
  }
  if (i.holds && (!pending || i.agent.none())) return "held by nobody";
  if (i.answer.set() && !IsOwned(i)) return "an answer timer of nobody";
  if (i.gone.set() && (!IsOwned(i) || owner->presence != Presence::kOffline)) {
    return "a gone timer of one who is there";
  }
  if (i.wake.set() && !pending) return "a wake timer of what is not pending";
  return "";
}

std::string BadWaiting(const InquiryState& i, const DeskState& state, const DeskView& view) {
  const Queue& queue = *view.queue(i.queue);
  const bool waits = i.stage == Stage::kWaiting;
  const bool scheduled = i.stage == Stage::kScheduled;
  if (i.step > queue.steps.size()) return "beyond the last step";
  if (i.relax.set() != (waits && i.step < queue.steps.size())) return "relax timer and step differ";
  if (i.relax_left < Duration(0) || (waits && i.relax_left != Duration(0))) {
    return "time left of a step that runs";
  }
  const bool escalates = IsUnowned(i) && i.escalated < queue.escalations.size();
  if (i.escalate.set() != escalates) return "escalate timer and stage differ";
  const bool may_starve = IsUnowned(i) && state.policy.starve_after > Duration(0);
  if (may_starve ? i.starving == i.starve.set() : i.starving || i.starve.set()) {
    return "starving and its timer differ";
  }
  if (i.reserved.set() && !IsUnowned(i)) return "reserved, and not waiting";
  if (i.reserved.set() == i.preferred.empty() && !scheduled) return "reserved for nobody";
  if (i.reserved.set() && scheduled) return "reserved before it begins";
  if (i.prefer_for != Duration(0) && !scheduled) return "a wish that was not spent";
  if (i.start.set() != scheduled) return "start timer and stage differ";
  if (scheduled && i.start.at != i.placed_at) return "starts at another time";
  return "";
}

std::string BadClock(const Clock& clock, const InquiryState& i, const DeskState& state,
                     const DeskView& view) {
  const bool runs = clock.state == ClockState::kRunning || clock.state == ClockState::kWarned;
  const bool paused = clock.state == ClockState::kPaused;
  if (clock.state == ClockState::kNone) return "a clock in no state";
  if (clock.length <= Duration(0)) return "a clock without a target";
  if (clock.used < Duration(0) || clock.used > state.now - Instant()) return "time used up wrongly";
  if (clock.since < Instant() || clock.since > state.now) return "a clock of the future";
  if (clock.breach.set() != runs || (!runs && clock.warn.set())) {
    return "clock and its timers disagree";
  }
  if (runs && clock.breach.at != clock.due) return "the breach is not at due";
  if (paused && clock.due != kNever) return "due while paused";
  if (runs && i.stage == Stage::kPending) return "a clock runs while pending";
  if (paused && i.stage != Stage::kPending) return "a clock is paused while not pending";
  if (runs && (clock.state == ClockState::kWarned) != (clock.warned > 0)) {
    return "warned and its count disagree";
  }
  const bool first = clock.target == Target::kFirstResponse;
  if (clock.state == ClockState::kMet && !(first && i.answered)) return "met without an answer";
  if (first && i.answered && clock.state != ClockState::kMet &&
      clock.state != ClockState::kBreached) {
    return "answered, and the first response runs on";
  }
  if (clock.target == Target::kNextResponse && !i.answered) return "a next response before a first";
  if (!runs && !paused) return "";
  const SlaClass* sla = view.sla(i);
  if (sla == nullptr || LengthOf(*sla, clock.target) != clock.length || sla->hours != clock.hours) {
    return "a clock of another class";
  }
  if (clock.warn.set() && clock.warned >= sla->warn_permilles.size()) return "no such warning";
  return "";
}

std::string BadClocks(const InquiryState& i, const DeskState& state, const DeskView& view) {
  if (i.stage == Stage::kScheduled && !i.clocks.empty()) return "a clock before it begins";
  for (std::size_t n = 0; n < i.clocks.size(); ++n) {
    if (n > 0 && i.clocks[n].target <= i.clocks[n - 1].target) return "clocks not sorted";
    if (std::string bad = BadClock(i.clocks[n], i, state, view); !bad.empty()) return bad;
  }
  return "";
}

}  // namespace

std::string BadInquiry(const InquiryState& i, const DeskState& state, const DeskView& view,
                       const Limits& limits) {
  std::string bad = BadPlace(i, state, view, limits);
  if (bad.empty()) bad = BadOffers(i, state, view, limits);
  if (bad.empty()) bad = BadOwner(i, state, view);
  if (bad.empty()) bad = BadWaiting(i, state, view);
  if (bad.empty()) bad = BadClocks(i, state, view);
  return bad;
}

}  // namespace usher::kit
