// What happens when a timer fires.
#include <algorithm>

#include "core/check.h"
#include "engine/desk.h"

namespace usher::engine {

void Engine::Desk::Fire(std::uint32_t timer) {
  const Timers::Entry entry = timers_[timer];
  switch (entry.kind) {
    case TimerKind::kWarn:
      return FireWarn(entry.owner);
    case TimerKind::kBreach:
      return FireBreach(entry.owner);
    case TimerKind::kExpiry:
      return FireExpiry(entry.owner);
    case TimerKind::kExclusionEnd:
      return FireExclusionEnd(entry.owner, timer);
    case TimerKind::kWrapUpEnd:
      return FireWrapUpEnd(entry.owner, timer);
  }
}

void Engine::Desk::FireWarn(std::uint32_t slot) {
  Inquiry& inquiry = inquiries_[slot];
  ClearTimer(inquiry.warn);
  inquiry.clock = ClockState::kWarned;
  Emit<SlaWarned>() = {inquiry.id, inquiry.due};
}

void Engine::Desk::FireBreach(std::uint32_t slot) {
  Inquiry& inquiry = inquiries_[slot];
  StopClock(inquiry);
  const bool waiting = inquiry.stage == Stage::kWaiting;
  if (waiting) waiting_.Remove(slot);
  inquiry.clock = ClockState::kBreached;
  if (waiting) waiting_.Add(slot);
  Emit<SlaBreached>() = {inquiry.id, inquiry.due};
}

void Engine::Desk::FireExpiry(std::uint32_t slot) {
  Inquiry& inquiry = inquiries_[slot];
  const std::uint32_t holder = inquiry.agent;
  Agent& agent = agents_[holder];
  Emit<OfferExpired>() = {OfferId{inquiry.offer}, inquiry.id, agent.name};
  WaitsAgain(slot);
  Exclude(slot, holder);
  ++agent.missed;
  NewIdle(holder);
  Slots others;
  const std::uint32_t most = rules_.policy().missed_offers_max;
  if (most > 0 && agent.missed >= most) {
    agent.presence = Presence::kAway;
    agent.away = AwayReason::kMissedOffers;
    agent.missed = 0;
    Emit<PresenceChanged>() = {agent.name, agent.presence, agent.away};
    others = RescindOffers(holder, RescindCause::kAgentUnavailable);
  }
  TryAgents(slot, OfferReason::kReoffered);
  for (const std::uint32_t other : others) TryAgents(other, OfferReason::kReoffered);
  TryInquiries(holder);
}

void Engine::Desk::FireExclusionEnd(std::uint32_t slot, std::uint32_t timer) {
  Inquiry& inquiry = inquiries_[slot];
  const auto exclusion = std::find_if(inquiry.exclusions.begin(), inquiry.exclusions.end(),
                                      [&](const ExclusionRecord& e) { return e.end == timer; });
  USHER_CHECK(exclusion != inquiry.exclusions.end());
  const std::uint32_t agent = exclusion->agent;
  const bool looks = agents_[agent].registered && inquiry.stage == Stage::kWaiting;
  DropExclusion(inquiry, static_cast<std::size_t>(exclusion - inquiry.exclusions.begin()));
  if (looks) TryInquiries(agent);
}

void Engine::Desk::FireWrapUpEnd(std::uint32_t slot, std::uint32_t timer) {
  Agent& agent = agents_[slot];
  const auto place = std::find_if(agent.wrap_ups.begin(), agent.wrap_ups.end(),
                                  [&](const WrapUpRecord& w) { return w.end == timer; });
  USHER_CHECK(place != agent.wrap_ups.end());
  WrapUpRecord wrap_up = *place;
  agent.wrap_ups.erase(place);
  ClearTimer(wrap_up.end);
  Unload(agent, wrap_up.channel, wrap_up.units);
  lexicon_.channels.Drop(wrap_up.channel);
  NewIdle(slot);
  Emit<WrapUpEnded>() = {wrap_up.inquiry, agent.name};
  TryInquiries(slot);
}

}  // namespace usher::engine
