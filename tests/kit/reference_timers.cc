// ReferenceEngine: the chapter "Timers" of libs/engine/README.md.
#include <algorithm>

#include "kit/reference_engine.h"

namespace usher::kit {

void ReferenceEngine::FireWarn(InquiryState& inquiry) {
  inquiry.warn = Timer();
  inquiry.clock = ClockState::kWarned;
  Emit(SlaWarned{inquiry.inquiry, inquiry.due});
}

void ReferenceEngine::FireBreach(InquiryState& inquiry) {
  inquiry.breach = Timer();
  inquiry.clock = ClockState::kBreached;
  inquiry.warn = Timer();
  Emit(SlaBreached{inquiry.inquiry, inquiry.due});
}

void ReferenceEngine::FireOfferExpiry(InquiryState& inquiry) {
  AgentState& agent = *Find(inquiry.offer->agent);
  Emit(OfferExpired{inquiry.offer->offer, inquiry.inquiry, agent.agent});
  WaitsAgain(inquiry);
  Exclude(inquiry, agent);
  agent.missed += 1;
  agent.idle = NextIdle();
  std::vector<InquiryState*> others;
  const std::uint32_t missed_max = desk_.policy.missed_offers_max;
  if (missed_max > 0 && agent.missed >= missed_max) {
    agent.presence = Presence::kAway;
    agent.away = AwayReason::kMissedOffers;
    agent.missed = 0;
    Emit(PresenceChanged{agent.agent, agent.presence, agent.away});
    others = OffersOf(agent);
    for (InquiryState* other : others) {
      Emit(Rescinded(*other, RescindCause::kAgentUnavailable));
      WaitsAgain(*other);
    }
  }
  TryAgents(inquiry, OfferReason::kReoffered);
  for (InquiryState* other : others) TryAgents(*other, OfferReason::kReoffered);
  TryInquiries(agent);
}

void ReferenceEngine::FireExclusionEnd(InquiryState& inquiry, const AgentName& agent,
                                       std::uint64_t order) {
  std::erase_if(inquiry.exclusions, [&](const Exclusion& e) { return e.end.order == order; });
  AgentState* known = Find(agent);
  if (inquiry.stage == Stage::kWaiting && known != nullptr) TryInquiries(*known);
}

void ReferenceEngine::FireWrapUpEnd(AgentState& agent, std::uint64_t order) {
  const auto wrap_up = std::find_if(agent.wrap_ups.begin(), agent.wrap_ups.end(),
                                    [&](const WrapUp& w) { return w.end.order == order; });
  const InquiryId inquiry = wrap_up->inquiry;
  agent.wrap_ups.erase(wrap_up);
  agent.idle = NextIdle();
  Emit(WrapUpEnded{inquiry, agent.agent});
  TryInquiries(agent);
}

}  // namespace usher::kit
