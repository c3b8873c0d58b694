// The two choices, and what an offer does to its inquiry and its agent.
#include "engine/desk.h"
#include "engine/times.h"

namespace usher::engine {

void Engine::Desk::TryAgents(std::uint32_t slot, OfferReason reason) {
  const std::uint32_t agent = free_.Find(inquiries_[slot], rules_.kinds());
  if (agent != kNone) MakeOffer(slot, agent, reason);
}

void Engine::Desk::TryInquiries(std::uint32_t slot) {
  Agent& agent = agents_[slot];
  for (;;) {
    const std::uint64_t fitting = rules_.kinds().Fitting(agent);
    if (fitting == 0) return;
    const WaitingRoom::Taker taker{slot, agent, coverage_.served(agent.group), fitting};
    const std::uint32_t in_time = waiting_.First(false, taker);
    const std::uint32_t late = waiting_.First(true, taker);
    if (in_time == kNone && late == kNone) return;
    if (late == kNone) {
      MakeOffer(in_time, slot, OfferReason::kInTime);
      continue;
    }
    if (in_time == kNone) {
      MakeOffer(late, slot, OfferReason::kOnlyLate);
      continue;
    }
    late_credit_ += rules_.policy().late_share_permille;
    if (late_credit_ >= 1000) {
      late_credit_ -= 1000;
      MakeOffer(late, slot, OfferReason::kLateShare);
    } else {
      MakeOffer(in_time, slot, OfferReason::kInTime);
    }
  }
}

void Engine::Desk::MakeOffer(std::uint32_t slot, std::uint32_t agent, OfferReason reason) {
  Inquiry& inquiry = inquiries_[slot];
  waiting_.Remove(slot);
  inquiry.offer = ++last_offer_;
  inquiry.offered_at = now_;
  inquiry.stage = Stage::kOffered;
  inquiry_of_offer_.Insert(OfferId{inquiry.offer}, slot);
  Hold(slot, agent);
  NewIdle(agent);
  if (!inquiry.auto_accept) {
    inquiry.expiry = SetTimer(TimerKind::kExpiry, slot, now_, inquiry.offer_window);
  }
  OfferMade& made = Emit<OfferMade>();
  made.offer = OfferId{inquiry.offer};
  made.inquiry = inquiry.id;
  made.agent = agents_[agent].name;
  made.queue = lexicon_.queues[inquiry.queue];
  made.expires = timers_.Plain(inquiry.expiry).at;
  made.reason = reason;
  if (inquiry.auto_accept) Accept(slot, true);
}

void Engine::Desk::Accept(std::uint32_t slot, bool automatic) {
  Inquiry& inquiry = inquiries_[slot];
  Agent& agent = agents_[inquiry.agent];
  OfferAccepted& accepted = Emit<OfferAccepted>();
  accepted.offer = OfferId{inquiry.offer};
  accepted.inquiry = inquiry.id;
  accepted.agent = agent.name;
  accepted.automatic = automatic;
  ClearTimer(inquiry.expiry);
  inquiry_of_offer_.Erase(OfferId{inquiry.offer}, slot);
  inquiry.offer = 0;
  inquiry.offered_at = Instant();
  inquiry.assigned_at = now_;
  inquiry.stage = inquiry.answered ? Stage::kAnswered : Stage::kAssigned;
  --queued_[inquiry.queue];
  agent.missed = 0;
}

void Engine::Desk::Exclude(std::uint32_t slot, std::uint32_t agent) {
  const Duration cooldown = rules_.policy().decline_cooldown;
  if (cooldown == Duration(0) || limits_.exclusions_max == 0) return;
  Inquiry& inquiry = inquiries_[slot];
  if (inquiry.exclusions.size() >= limits_.exclusions_max) DropExclusion(inquiry, 0);
  ++agents_[agent].exclusions;
  inquiry.exclusions.push_back({agent, SetTimer(TimerKind::kExclusionEnd, slot, now_, cooldown)});
}

void Engine::Desk::DropExclusion(Inquiry& inquiry, std::size_t place) {
  ExclusionRecord exclusion = inquiry.exclusions[place];
  inquiry.exclusions.erase(inquiry.exclusions.begin() + static_cast<std::ptrdiff_t>(place));
  ClearTimer(exclusion.end);
  --agents_[exclusion.agent].exclusions;
  FreeAgentSlot(exclusion.agent);
}

void Engine::Desk::Rescind(std::uint32_t slot, RescindCause cause) {
  const Inquiry& inquiry = inquiries_[slot];
  Emit<OfferRescinded>() = {OfferId{inquiry.offer}, inquiry.id, agents_[inquiry.agent].name, cause};
}

// From an offer or an owner back to its place.
void Engine::Desk::WaitsAgain(std::uint32_t slot) {
  Inquiry& inquiry = inquiries_[slot];
  if (inquiry.stage == Stage::kOffered) {
    ClearTimer(inquiry.expiry);
    inquiry_of_offer_.Erase(OfferId{inquiry.offer}, slot);
    inquiry.offer = 0;
    inquiry.offered_at = Instant();
  } else {
    ++queued_[inquiry.queue];
    inquiry.assigned_at = Instant();
  }
  LetGo(slot);
  inquiry.stage = Stage::kWaiting;
  StartWaiting(slot);
}

void Engine::Desk::StartWaiting(std::uint32_t slot) {
  Inquiry& inquiry = inquiries_[slot];
  inquiry.kind = rules_.kinds().Of(inquiry.channel, inquiry.units);
  waiting_.Add(slot);
}

// The agent has it from now on, offered or owned.
void Engine::Desk::Hold(std::uint32_t slot, std::uint32_t holder) {
  Inquiry& inquiry = inquiries_[slot];
  Agent& agent = agents_[holder];
  inquiry.agent = holder;
  inquiry.previous = kNone;
  inquiry.next = agent.held;
  if (agent.held != kNone) inquiries_[agent.held].previous = slot;
  agent.held = slot;
  Load(agent, inquiry.channel, inquiry.units);
  free_.Touch(holder);
}

void Engine::Desk::LetGo(std::uint32_t slot) {
  Inquiry& inquiry = inquiries_[slot];
  Agent& agent = agents_[inquiry.agent];
  (inquiry.previous == kNone ? agent.held : inquiries_[inquiry.previous].next) = inquiry.next;
  if (inquiry.next != kNone) inquiries_[inquiry.next].previous = inquiry.previous;
  Unload(agent, inquiry.channel, inquiry.units);
  free_.Touch(inquiry.agent);
  inquiry.agent = inquiry.previous = inquiry.next = kNone;
}

void Engine::Desk::Load(Agent& agent, std::uint32_t channel, std::uint32_t units) {
  agent.used += units;
  for (LimitRecord& limit : agent.limits) {
    if (limit.channel == channel) ++limit.count;
  }
}

void Engine::Desk::Unload(Agent& agent, std::uint32_t channel, std::uint32_t units) {
  agent.used -= units;
  for (LimitRecord& limit : agent.limits) {
    if (limit.channel == channel) --limit.count;
  }
}

void Engine::Desk::NewIdle(std::uint32_t agent) {
  agents_[agent].idle = ++last_idle_;
  free_.Touch(agent);
}

}  // namespace usher::engine
