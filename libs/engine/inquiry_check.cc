#include "engine/inquiry_check.h"

#include <algorithm>

#include "engine/distinct.h"

namespace usher::engine {
namespace {

constexpr std::uint32_t kByteMost = 255;

bool IsOwned(const InquiryState& i) {
  return i.stage == Stage::kAssigned || i.stage == Stage::kAnswered;
}

bool IsUnowned(const InquiryState& i) {
  return i.stage == Stage::kWaiting || i.stage == Stage::kOffered;
}

const AgentState* Find(const StateView& view, const AgentName& name) {
  const auto found = view.agents.find(name);
  return found == view.agents.end() ? nullptr : found->second;
}

bool RouteIsRight(const InquiryState& i, const StateView& view) {
  if (i.more_needs.size() > view.limits.needs_max) return false;
  if (i.route.none() && i.more_needs.empty()) return true;
  const std::vector<Route>& routes = view.state.policy.routes;
  return std::any_of(routes.begin(), routes.end(), [&](const Route& route) {
    return route.name == i.route && route.needs == i.more_needs;
  });
}

bool PlaceIsRight(const InquiryState& i, const StateView& view) {
  const DeskState& state = view.state;
  if (view.queues.find(i.queue) == view.queues.end()) return false;
  if (i.arrival == 0 || i.arrival > state.last_arrival) return false;
  if (i.priority >= kPriorities) return false;
  if (i.priority_named && *i.priority_named >= kPriorities) return false;
  if (i.unanswered > kUnansweredMost || i.raised >= kPriorities) return false;
  if (i.units == 0 || i.units > view.limits.units_max) return false;
  if (i.features.channel.none() || i.features.sentiment > Sentiment::kPositive) return false;
  if (i.stage > Stage::kPending) return false;
  if (i.placed_at < Instant()) return false;
  if (i.placed_at > state.now && i.stage != Stage::kScheduled) return false;
  if (i.exclusions.size() > view.limits.exclusions_max) return false;
  std::vector<AgentName> excluded;
  for (const Exclusion& exclusion : i.exclusions) {
    if (exclusion.agent.none()) return false;
    excluded.push_back(exclusion.agent);
  }
  if (!IsDistinct(std::move(excluded))) return false;
  if (i.preferred.size() > std::max(1U, view.limits.preferred_max)) return false;
  if (i.stage != Stage::kScheduled && !IsDistinct(i.preferred)) return false;
  return RouteIsRight(i, view);
}

bool OffersAreRight(const InquiryState& i, const StateView& view) {
  if (i.offers.empty() == (i.stage == Stage::kOffered)) return false;
  if (i.offers.size() > view.limits.offers_max) return false;
  std::uint64_t last = 0;
  std::vector<AgentName> agents;
  for (const OfferState& offer : i.offers) {
    if (offer.offer.number <= last || offer.offer.number > view.state.last_offer) return false;
    last = offer.offer.number;
    if (!offer.expiry.set() || offer.made_at > view.state.now || offer.made_at < Instant()) {
      return false;
    }
    agents.push_back(offer.agent);
    const AgentState* a = Find(view, offer.agent);
    if (a == nullptr) return false;
    if (a->presence != Presence::kAvailable && a->presence != Presence::kDraining) return false;
  }
  return IsDistinct(std::move(agents));
}

bool OwnerIsRight(const InquiryState& i, const StateView& view) {
  const bool pending = i.stage == Stage::kPending;
  if (i.agent.none() == IsOwned(i) && !pending) return false;
  if (IsOwned(i) && i.answered != (i.stage == Stage::kAnswered)) return false;
  const AgentState* owner = Find(view, i.agent);
  if (!i.agent.none() && owner == nullptr) return false;
  if (IsOwned(i) || pending) {
    if (i.assigned_at > view.state.now || i.assigned_at < Instant()) return false;
  } else if (i.assigned_at != Instant()) {
    return false;
  }
  if (i.holds && (!pending || i.agent.none())) return false;
  if (i.answer.set() && !IsOwned(i)) return false;
  if (i.gone.set() && (!IsOwned(i) || owner->presence != Presence::kOffline)) return false;
  return !i.wake.set() || pending;
}

bool WaitingIsRight(const InquiryState& i, const StateView& view) {
  const Queue& queue = *view.queues.at(i.queue);
  const bool waits = i.stage == Stage::kWaiting;
  const bool scheduled = i.stage == Stage::kScheduled;
  if (i.step > queue.steps.size() || i.step > kByteMost || i.escalated > kByteMost) return false;
  if (i.relax.set() != (waits && i.step < queue.steps.size())) return false;
  if (i.relax_left < Duration(0) || (waits && i.relax_left != Duration(0))) return false;
  const bool escalates = IsUnowned(i) && i.escalated < queue.escalations.size();
  if (i.escalate.set() != escalates) return false;
  const bool may_starve = IsUnowned(i) && view.state.policy.starve_after > Duration(0);
  if (may_starve ? i.starving == i.starve.set() : i.starving || i.starve.set()) return false;
  if (i.reserved.set() && !IsUnowned(i)) return false;
  if (i.reserved.set() == i.preferred.empty() && !scheduled) return false;
  if (i.prefer_for != Duration(0) && !scheduled) return false;
  if (i.start.set() != scheduled) return false;
  return !scheduled || i.start.at == i.placed_at;
}

Duration LengthOf(const SlaClass& sla, Target target) {
  switch (target) {
    case Target::kFirstResponse:
      return sla.first_response;
    case Target::kNextResponse:
      return sla.next_response;
    case Target::kResolution:
      return sla.resolution;
    case Target::kUpdate:
      return sla.update;
  }
  return Duration(0);
}

bool ClockIsRight(const Clock& clock, const InquiryState& i, const StateView& view) {
  const DeskState& state = view.state;
  const bool runs = clock.state == ClockState::kRunning || clock.state == ClockState::kWarned;
  const bool paused = clock.state == ClockState::kPaused;
  if (clock.state == ClockState::kNone || clock.state > ClockState::kPaused) return false;
  if (clock.length <= Duration(0)) return false;
  if (clock.used < Duration(0) || clock.used > state.now - Instant()) return false;
  if (clock.since < Instant() || clock.since > state.now) return false;
  if (clock.breach.set() != runs || (!runs && clock.warn.set())) return false;
  if (runs && clock.breach.at != clock.due) return false;
  if (paused && clock.due != kNever) return false;
  if (runs && i.stage == Stage::kPending) return false;
  if (paused && i.stage != Stage::kPending) return false;
  if (runs && (clock.state == ClockState::kWarned) != (clock.warned > 0)) return false;
  if (clock.warned > kByteMost) return false;
  const bool first = clock.target == Target::kFirstResponse;
  if (clock.state == ClockState::kMet && !(first && i.answered)) return false;
  if (first && i.answered && (runs || paused)) return false;
  if (clock.target == Target::kNextResponse && !i.answered) return false;
  if (!runs && !paused) return true;
  const auto sla = view.slas.find(view.queues.at(i.queue)->sla);
  if (sla == view.slas.end() || LengthOf(*sla->second, clock.target) != clock.length ||
      sla->second->hours != clock.hours) {
    return false;
  }
  return !clock.warn.set() || clock.warned < sla->second->warn_permilles.size();
}

bool ClocksAreRight(const InquiryState& i, const StateView& view) {
  if (i.stage == Stage::kScheduled && !i.clocks.empty()) return false;
  for (std::size_t n = 0; n < i.clocks.size(); ++n) {
    if (i.clocks[n].target > Target::kUpdate) return false;
    if (n > 0 && i.clocks[n].target <= i.clocks[n - 1].target) return false;
    if (!ClockIsRight(i.clocks[n], i, view)) return false;
  }
  return true;
}

}  // namespace

StateView::StateView(const DeskState& of, const Limits& bounds) : state(of), limits(bounds) {
  for (const Queue& queue : of.policy.queues) queues[queue.name] = &queue;
  for (const SlaClass& sla : of.policy.sla_classes) slas[sla.name] = &sla;
  for (const AgentState& agent : of.agents) agents[agent.agent] = &agent;
}

bool IsConsistent(const InquiryState& inquiry, const StateView& view) {
  return PlaceIsRight(inquiry, view) && OffersAreRight(inquiry, view) &&
         OwnerIsRight(inquiry, view) && WaitingIsRight(inquiry, view) &&
         ClocksAreRight(inquiry, view);
}

}  // namespace usher::engine
