// What happens when a timer fires.
#include <algorithm>

#include "core/check.h"
#include "engine/desk.h"
#include "model/calendar.h"

namespace usher::engine {

void Engine::Desk::Fire(Slot timer) {
  const Timers::Entry entry = timers_[timer];
  const Slot slot = entry.owner;
  switch (entry.kind) {
    case TimerKind::kWarn:
    case TimerKind::kBreach:
      return FireOfClock(slot, timer, entry.kind == TimerKind::kBreach);
    case TimerKind::kExpiry:
      return FireExpiry(slot);
    case TimerKind::kExclusionEnd:
      return FireExclusionEnd(slot, timer);
    case TimerKind::kWrapUpEnd:
      return FireWrapUpEnd(slot, timer);
    case TimerKind::kRelax:
      ClearTimer(inquiries_[slot].relax);
      return EnterStep(slot, inquiries_[slot].step + 1U, false);
    case TimerKind::kEscalate:
      return FireEscalate(slot);
    case TimerKind::kStarve:
      Touch(slot);
      ClearTimer(inquiries_[slot].starve);
      inquiries_[slot].starving = true;
      Emit<InquiryStarving>().inquiry = inquiries_[slot].id;
      return;
    case TimerKind::kReserved:
      return EndReservation(slot);
    case TimerKind::kAnswer: {
      const Slot owner = inquiries_[slot].owner;
      Requeue(slot, RequeueReason::kNoReply);
      Exclude(slot, owner);
      return Idle(owner);
    }
    case TimerKind::kGone: {
      const Slot owner = inquiries_[slot].owner;
      Requeue(slot, RequeueReason::kAgentGone);
      return Idle(owner);
    }
    case TimerKind::kStart:
      return Start(slot);
    case TimerKind::kWake:
      return Resume(slot, WakeCause::kTime);
    case TimerKind::kEdge:
      return FireEdge(slot);
    case TimerKind::kPace:
      ClearTimer(agents_[slot].pace);
      agents_[slot].paced = 0;
      agents_[slot].pace_most = 0;
      free_.Touch(slot);
      return AgentLooks(slot);
    case TimerKind::kRipening:
      return;
  }
}

void Engine::Desk::FireOfClock(Slot slot, Slot timer, bool breach) {
  Touch(slot);
  const Inquiry& inquiry = inquiries_[slot];
  Slot place = inquiry.clocks;
  while ((breach ? clocks_[place].breach : clocks_[place].warn) != timer) {
    place = clocks_[place].next;
    USHER_CHECK(place != kNone);
  }
  ClockRecord& clock = clocks_[place];
  if (breach) {
    Disarm(clock);
    clock.state = ClockState::kBreached;
    Emit<SlaBreached>() = {inquiry.id, clock.target, clock.due};
    Served(inquiry, clock.target, false);
    return FindRuling(slot);
  }
  ++clock.warned;
  clock.state = ClockState::kWarned;
  const std::uint16_t permille = SlaOf(inquiry)->warn_permilles[clock.warned - 1U];
  Emit<SlaWarned>() = {inquiry.id, clock.target, clock.due, permille};
  ArmWarning(slot, clock);
  FindRuling(slot);
  if (RulingClock(inquiry) == &clock && inquiry.stage == Stage::kWaiting) Foresee(slot);
}

void Engine::Desk::FireExpiry(Slot offer) {
  const Slot slot = offers_[offer].inquiry;
  const Slot holder = offers_[offer].agent;
  Inquiry& inquiry = inquiries_[slot];
  Agent& agent = agents_[holder];
  Emit<OfferExpired>() = {OfferId{offers_[offer].number}, inquiry.id, agent.name};
  EndOffer(offer);
  Exclude(slot, holder);
  ++agent.missed;
  Idle(holder);
  const std::uint32_t most = rules_.policy().missed_offers_max;
  if (most > 0 && agent.missed >= most) {
    SetPresenceOf(holder, Presence::kAway);
    agent.away = AwayReason::kMissedOffers;
    agent.missed = 0;
    Emit<PresenceChanged>() = {agent.name, agent.presence, agent.away, agent.shift_ends};
    RescindAll(holder, RescindCause::kAgentUnavailable);
  }
  if (inquiry.offers != kNone) return;
  WaitsAgain(slot);
  Looks(slot, OfferReason::kReoffered);
}

void Engine::Desk::FireExclusionEnd(Slot slot, Slot timer) {
  Touch(slot);
  const Inquiry& inquiry = inquiries_[slot];
  const std::vector<ExclusionRecord>& exclusions = extras_[inquiry.extra].exclusions;
  const auto exclusion = std::find_if(exclusions.begin(), exclusions.end(),
                                      [&](const ExclusionRecord& e) { return e.end == timer; });
  USHER_CHECK(exclusion != exclusions.end());
  DropExclusion(slot, static_cast<std::size_t>(exclusion - exclusions.begin()));
  if (inquiry.stage == Stage::kWaiting) Looks(slot, OfferReason::kChanged);
}

void Engine::Desk::FireWrapUpEnd(Slot slot, Slot timer) {
  Agent& agent = agents_[slot];
  const auto place = std::find_if(agent.wrap_ups.begin(), agent.wrap_ups.end(),
                                  [&](const WrapUpRecord& w) { return w.end == timer; });
  USHER_CHECK(place != agent.wrap_ups.end());
  WrapUpRecord wrap_up = *place;
  agent.wrap_ups.erase(place);
  ClearTimer(wrap_up.end);
  agent.used -= wrap_up.units;
  CountChannel(agent, wrap_up.channel, -1);
  lexicon_.channels.Drop(wrap_up.channel);
  Emit<WrapUpEnded>() = {wrap_up.inquiry, agent.name};
  Idle(slot);
}

void Engine::Desk::FireEscalate(Slot slot) {
  Touch(slot);
  Inquiry& inquiry = inquiries_[slot];
  ClearTimer(inquiry.escalate);
  const Escalation& escalation = QueueOf(inquiry).escalations[inquiry.escalated];
  ++inquiry.escalated;
  if (escalation.priority) inquiry.NamePriority(*escalation.priority);
  if (!escalation.queue.none() && escalation.queue != QueueOf(inquiry).name) {
    Move(slot, rules_.FindQueue(escalation.queue));
  } else {
    StartEscalation(slot);
  }
  Emit<InquiryEscalated>() = {inquiry.id, QueueOf(inquiry).name, inquiry.priority,
                              EscalateReason::kAge};
  if (inquiry.stage == Stage::kWaiting) Looks(slot, OfferReason::kChanged);
}

void Engine::Desk::FireEdge(Slot calendar) {
  const auto edge = std::find_if(edges_.begin(), edges_.end(),
                                 [&](const EdgeRecord& each) { return each.calendar == calendar; });
  ClearTimer(edge->timer);
  const Instant next = NextEdge(&rules_.policy().calendars[calendar], now_);
  if (next == kNever) {
    edges_.erase(edge);
  } else {
    edge->timer = SetTimerAt(TimerKind::kEdge, calendar, next, next - now_);
  }
  for (Slot slot = 0; slot < inquiries_.end(); ++slot) {
    if (!inquiries_.used(slot) || inquiries_[slot].stage != Stage::kWaiting) continue;
    const Slot queue = inquiries_[slot].queue;
    if (rules_.queue(queue).calendar == calendar && facts_[queue].is_open) {
      Looks(slot, OfferReason::kChanged);
    }
  }
}

}  // namespace usher::engine
