// ReferenceEngine: the chapter "Timers" of libs/engine/README.md.
#include <algorithm>

#include "kit/reference_engine.h"
#include "model/calendar.h"

namespace usher::kit {

void ReferenceEngine::Fire(const DueTimer& due) {
  InquiryState* i = Open(due.inquiry);
  AgentState* a = Find(due.agent);
  switch (due.kind) {
    case TimerKind::kWarn:
    case TimerKind::kBreach:
      return FireOfClock(*i, due);
    case TimerKind::kOfferExpiry:
      return FireOfferExpiry(*i, due.agent);
    case TimerKind::kExclusionEnd:
      std::erase_if(i->exclusions, [&](const Exclusion& e) { return e.agent == due.agent; });
      if (i->stage == Stage::kWaiting) Looks(*i, OfferReason::kChanged);
      return;
    case TimerKind::kWrapUpEnd:
      return FireWrapUpEnd(*a, due.timer.order);
    case TimerKind::kRelax:
      return EnterStep(*i, i->step + std::size_t{1}, false);
    case TimerKind::kEscalate:
      return FireEscalate(*i);
    case TimerKind::kStarve:
      i->starve = Timer();
      i->starving = true;
      return Emit(InquiryStarving{i->inquiry});
    case TimerKind::kReserved:
      return EndReservation(*i);
    case TimerKind::kAnswer:
      Requeue(*i, RequeueReason::kNoReply);
      Exclude(*i, due.agent);
      return Idle(due.agent);
    case TimerKind::kGone:
      Requeue(*i, RequeueReason::kAgentGone);
      return Idle(due.agent);
    case TimerKind::kStart:
      return Start(*i);
    case TimerKind::kWake:
      return Resume(*i, WakeCause::kTime);
    case TimerKind::kEdge:
      return FireEdge(due.calendar);
    case TimerKind::kPace:
      a->pace = Timer();
      a->paced = 0;
      a->pace_most = 0;
      return Looks(due.agent);
  }
}

void ReferenceEngine::FireOfClock(InquiryState& i, const DueTimer& due) {
  Clock& clock = *ClockOf(i, due.target);
  if (due.kind == TimerKind::kBreach) {
    clock.warn = Timer();
    clock.breach = Timer();
    clock.state = ClockState::kBreached;
    Emit(SlaBreached{i.inquiry, clock.target, clock.due});
    return Served(i, clock.target, false);
  }
  clock.warned += 1;
  clock.state = ClockState::kWarned;
  const std::uint16_t permille = ClassOfSla(i)->warn_permilles[clock.warned - 1];
  Emit(SlaWarned{i.inquiry, clock.target, clock.due, permille});
  ArmWarning(i, clock);
  if (RulingClock(i) == &clock && i.stage == Stage::kWaiting) Foresee(i);
}

void ReferenceEngine::FireOfferExpiry(InquiryState& i, const AgentName& agent) {
  AgentState& a = *Find(agent);
  const auto offer = std::find_if(i.offers.begin(), i.offers.end(),
                                  [&](const OfferState& o) { return o.agent == agent; });
  Emit(OfferExpired{offer->offer, i.inquiry, agent});
  EndOffer(i, agent);
  Exclude(i, agent);
  a.missed += 1;
  Idle(agent);
  const std::uint32_t missed_max = desk_.policy.missed_offers_max;
  if (missed_max > 0 && a.missed >= missed_max) {
    a.presence = Presence::kAway;
    a.away = AwayReason::kMissedOffers;
    a.missed = 0;
    Emit(PresenceChanged{agent, a.presence, a.away, a.shift_ends});
    RescindAll(agent, RescindCause::kAgentUnavailable);
  }
  if (i.offers.empty()) {
    WaitsAgain(i);
    Looks(i, OfferReason::kReoffered);
  }
}

void ReferenceEngine::FireWrapUpEnd(AgentState& a, std::uint64_t order) {
  const auto wrap_up = std::find_if(a.wrap_ups.begin(), a.wrap_ups.end(),
                                    [&](const WrapUp& w) { return w.end.order == order; });
  const InquiryId inquiry = wrap_up->inquiry;
  a.wrap_ups.erase(wrap_up);
  Emit(WrapUpEnded{inquiry, a.agent});
  Idle(a.agent);
}

void ReferenceEngine::FireEscalate(InquiryState& i) {
  const Escalation escalation = QueueOf(i).escalations[i.escalated];
  i.escalated += 1;
  if (escalation.priority) {
    NamePriority(i, *escalation.priority);
  }
  if (!escalation.queue.none() && escalation.queue != i.queue) {
    Move(i, escalation.queue);
  } else {
    StartEscalation(i);
  }
  Emit(InquiryEscalated{i.inquiry, i.queue, i.priority, EscalateReason::kAge});
  if (i.stage == Stage::kWaiting) Looks(i, OfferReason::kChanged);
}

void ReferenceEngine::FireEdge(const CalendarName& calendar) {
  const auto entry = std::find_if(desk_.edges.begin(), desk_.edges.end(),
                                  [&](const CalendarEdge& e) { return e.calendar == calendar; });
  const Instant next = NextEdge(CalendarOf(desk_.policy, calendar), desk_.now);
  if (next == kNever) {
    desk_.edges.erase(entry);
  } else {
    entry->at = NextTimerAt(next);
  }
  for (const InquiryState& i : desk_.inquiries) {
    if (i.stage != Stage::kWaiting) continue;
    const Queue& queue = QueueOf(i);
    if (queue.hours == calendar && IsOpenNow(queue)) Looks(i, OfferReason::kChanged);
  }
}

}  // namespace usher::kit
