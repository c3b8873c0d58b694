// Accept and decline: what an agent says of an offer.
#include "engine/desk.h"

namespace usher::engine {

void Engine::Desk::Do(const AcceptOffer& command) {
  const std::uint32_t slot = FindOffered(command.offer);
  if (slot == kNone) return Reject(RejectReason::kUnknownOffer);
  if (agents_[inquiries_[slot].agent].name != command.agent) {
    return Reject(RejectReason::kNotTheOwner);
  }
  Accept(slot, false);
}

void Engine::Desk::Do(const DeclineOffer& command) {
  const std::uint32_t slot = FindOffered(command.offer);
  if (slot == kNone) return Reject(RejectReason::kUnknownOffer);
  const std::uint32_t agent = inquiries_[slot].agent;
  if (agents_[agent].name != command.agent) return Reject(RejectReason::kNotTheOwner);
  Emit<OfferDeclined>() = {command.offer, inquiries_[slot].id, command.agent, command.reason};
  WaitsAgain(slot);
  Exclude(slot, agent);
  agents_[agent].missed = 0;
  NewIdle(agent);
  TryAgents(slot, OfferReason::kReoffered);
  TryInquiries(agent);
}

}  // namespace usher::engine
