// Cancel, abandon, reply, finish: what the shop, the customer or the owner says of an open inquiry.
#include "engine/desk.h"
#include "engine/times.h"

namespace usher::engine {

void Engine::Desk::Do(const CancelInquiry& command) {
  const std::uint32_t slot = FindInquiry(command.inquiry);
  if (slot == kNone) return Reject(RejectReason::kUnknownInquiry);
  const std::uint32_t agent = inquiries_[slot].agent;
  if (inquiries_[slot].stage == Stage::kOffered) Rescind(slot, RescindCause::kInquiryCancelled);
  Emit<InquiryCancelled>() = {command.inquiry, command.reason};
  End(slot, agent);
}

void Engine::Desk::Do(const AbandonInquiry& command) {
  const std::uint32_t slot = FindInquiry(command.inquiry);
  if (slot == kNone) return Reject(RejectReason::kUnknownInquiry);
  const std::uint32_t agent = inquiries_[slot].agent;
  if (inquiries_[slot].stage == Stage::kOffered) Rescind(slot, RescindCause::kInquiryAbandoned);
  Emit<InquiryAbandoned>() = {command.inquiry, now_ - inquiries_[slot].placed_at};
  End(slot, agent);
}

void Engine::Desk::Do(const RecordReply& command) {
  const std::uint32_t slot = OwnedBy(command.inquiry, command.agent);
  if (slot == kNone) return;
  Inquiry& inquiry = inquiries_[slot];
  const bool first = !inquiry.answered;
  inquiry.answered = true;
  inquiry.stage = Stage::kAnswered;
  Emit<InquiryAnswered>() = {inquiry.id, command.agent, first, now_ - inquiry.placed_at};
  const bool running =
      inquiry.clock == ClockState::kRunning || inquiry.clock == ClockState::kWarned;
  if (!first || !running) return;
  inquiry.clock = ClockState::kMet;
  StopClock(inquiry);
  Emit<SlaMet>() = {inquiry.id, inquiry.due};
}

void Engine::Desk::Do(const FinishInquiry& command) {
  const std::uint32_t slot = OwnedBy(command.inquiry, command.agent);
  if (slot == kNone) return;
  const Inquiry& inquiry = inquiries_[slot];
  const std::uint32_t owner = inquiry.agent;
  inquiry_of_conversation_.Prefetch(inquiry.conversation);  // it leaves there, too
  Emit<InquiryResolved>() = {inquiry.id, command.agent, now_ - inquiry.assigned_at,
                             now_ - inquiry.placed_at};
  if (inquiry.wrap_up == Duration(0)) return End(slot, owner);
  WrapUpRecord wrap_up{inquiry.id, inquiry.channel, inquiry.units, kNone};
  wrap_up.end = SetTimer(TimerKind::kWrapUpEnd, owner, now_, inquiry.wrap_up);
  lexicon_.channels.Hold(wrap_up.channel);
  Leave(slot);
  Load(agents_[owner], wrap_up.channel, wrap_up.units);
  agents_[owner].wrap_ups.push_back(wrap_up);
}

std::uint32_t Engine::Desk::FindInquiry(const InquiryId& id) const {
  return inquiry_of_.Find(
      id, [this](std::uint32_t slot) -> const InquiryId& { return inquiries_[slot].id; });
}

std::uint32_t Engine::Desk::FindOffered(const OfferId& offer) const {
  return inquiry_of_offer_.Find(
      offer, [this](std::uint32_t slot) { return OfferId{inquiries_[slot].offer}; });
}

std::uint32_t Engine::Desk::FindConversation(const ConversationId& conversation) const {
  return inquiry_of_conversation_.Find(conversation,
                                       [this](std::uint32_t slot) -> const ConversationId& {
                                         return inquiries_[slot].conversation;
                                       });
}

// The open inquiry if `agent` owns it; else the command is rejected and it is kNone.
std::uint32_t Engine::Desk::OwnedBy(const InquiryId& id, const AgentName& agent) {
  const std::uint32_t slot = FindInquiry(id);
  if (slot == kNone) {
    Reject(RejectReason::kUnknownInquiry);
    return kNone;
  }
  const Inquiry& inquiry = inquiries_[slot];
  if (inquiry.stage != Stage::kAssigned && inquiry.stage != Stage::kAnswered) {
    Reject(RejectReason::kNotAssigned);
    return kNone;
  }
  if (agents_[inquiry.agent].name != agent) {
    Reject(RejectReason::kNotTheOwner);
    return kNone;
  }
  return slot;
}

// It leaves, and whoever had it (kNone: nobody) looks for the next one.
void Engine::Desk::End(std::uint32_t slot, std::uint32_t agent) {
  Leave(slot);
  if (agent == kNone) return;
  NewIdle(agent);
  TryInquiries(agent);
}

void Engine::Desk::Leave(std::uint32_t slot) {
  Inquiry& inquiry = inquiries_[slot];
  if (inquiry.stage == Stage::kWaiting || inquiry.stage == Stage::kOffered) {
    --queued_[inquiry.queue];
  }
  if (inquiry.stage == Stage::kWaiting) {
    waiting_.Remove(slot);
  } else {
    LetGo(slot);
  }
  if (inquiry.stage == Stage::kOffered) inquiry_of_offer_.Erase(OfferId{inquiry.offer}, slot);
  ClearTimer(inquiry.expiry);
  StopClock(inquiry);
  while (!inquiry.exclusions.empty()) DropExclusion(inquiry, inquiry.exclusions.size() - 1);
  inquiry_of_.Erase(inquiry.id, slot);
  if (!inquiry.conversation.none()) inquiry_of_conversation_.Erase(inquiry.conversation, slot);
  DropNames(inquiry);
  lexicon_.channels.Drop(inquiry.channel);
  inquiries_.Remove(slot);
}

// Those that came with its route.
void Engine::Desk::DropNames(const Inquiry& inquiry) {
  lexicon_.queues.Drop(inquiry.queue);
  lexicon_.routes.Drop(inquiry.route);
  lexicon_.slas.Drop(inquiry.sla);
  coverage_.DropNeeds(inquiry.needs);
}

void Engine::Desk::StopClock(Inquiry& inquiry) {
  ClearTimer(inquiry.warn);
  ClearTimer(inquiry.breach);
}

void Engine::Desk::ClearTimer(std::uint32_t& timer) {
  if (timer == kNone) return;
  timers_.Clear(timer);
  timer = kNone;
}

std::uint32_t Engine::Desk::SetTimer(TimerKind kind, std::uint32_t owner, Instant base,
                                     Duration length) {
  return timers_.Set(kind, owner, After(base, length), length, ++last_timer_);
}

}  // namespace usher::engine
