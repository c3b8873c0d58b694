// Accept, decline, take, assign, transfer, reply, finish, pause, resume: what agents do.
#include <algorithm>

#include "engine/desk.h"

namespace usher::engine {

void Engine::Desk::Do(const AcceptOffer& command) {
  Slot offer = kNone;
  if (OfferIs(command.offer, command.agent, offer)) Accept(offers_[offer].inquiry, offer, false);
}

void Engine::Desk::Do(const DeclineOffer& command) {
  Slot offer = kNone;
  if (!OfferIs(command.offer, command.agent, offer)) return;
  const Slot slot = offers_[offer].inquiry;
  const Slot agent = offers_[offer].agent;
  Emit<OfferDeclined>() = {command.offer, inquiries_[slot].id, command.agent, command.reason};
  EndOffer(offer);
  Exclude(slot, agent);
  EndOtherExclusions(slot, agent);
  agents_[agent].missed = 0;
  Idle(agent);
  if (inquiries_[slot].offers != kNone) return;
  WaitsAgain(slot);
  Looks(slot, OfferReason::kReoffered);
}

// An open offer of that number, the agent's; else the command is rejected.
bool Engine::Desk::OfferIs(const OfferId& number, const AgentName& agent, Slot& found) {
  found = FindOffer(number);
  if (found == kNone) {
    Reject(RejectReason::kUnknownOffer);
  } else if (agents_[offers_[found].agent].name != agent) {
    Reject(RejectReason::kNotTheOwner);
  } else {
    return true;
  }
  return false;
}

void Engine::Desk::Do(const TakeInquiry& command) {
  const Slot slot = FindInquiry(command.inquiry);
  if (slot == kNone) return Reject(RejectReason::kUnknownInquiry);
  const Slot agent = FindAgent(command.agent);
  if (agent == kNone) return Reject(RejectReason::kUnknownAgent);
  if (!agents_[agent].may_take) return Reject(RejectReason::kNotPermitted);
  const Inquiry& inquiry = inquiries_[slot];
  if (inquiry.stage != Stage::kWaiting) return Reject(RejectReason::kNotWaiting);
  if (!May(agent, inquiry) || !HasRoom(agent, inquiry, true)) return Reject(RejectReason::kNotAble);
  MakeOffers(slot, {&agent, 1}, OfferReason::kTaken, true);
}

void Engine::Desk::Do(const AssignInquiry& command) {
  const Slot slot = FindInquiry(command.inquiry);
  if (slot == kNone) return Reject(RejectReason::kUnknownInquiry);
  const Slot agent = FindAgent(command.agent);
  if (agent == kNone) return Reject(RejectReason::kUnknownAgent);
  const Slot supervisor = FindAgent(command.supervisor);
  if (supervisor == kNone || !agents_[supervisor].supervisor) {
    return Reject(RejectReason::kNotPermitted);
  }
  const Inquiry& inquiry = inquiries_[slot];
  if (inquiry.stage != Stage::kWaiting && inquiry.stage != Stage::kOffered) {
    return Reject(RejectReason::kNotWaiting);
  }
  if (!HasRoom(agent, inquiry, true)) return Reject(RejectReason::kNotAble);
  if (inquiry.stage == Stage::kOffered) {
    RescindOffers(slot, RescindCause::kTakenByAnother, true);
    WaitsAgain(slot);
  }
  MakeOffers(slot, {&agent, 1}, OfferReason::kAssigned, true);
}

void Engine::Desk::Do(const TransferInquiry& command) {
  const Slot slot = OwnerMay(command.inquiry, command.agent);
  if (slot == kNone) return;
  const Slot queue =
      command.queue.none() || !rules_.taken() ? kNone : rules_.FindQueue(command.queue);
  if (!command.queue.none() && queue == kNone) return Reject(RejectReason::kUnknownQueue);
  const Slot to = command.to.none() ? kNone : FindAgent(command.to);
  if (!command.to.none() && to == kNone) return Reject(RejectReason::kUnknownAgent);

  Inquiry& inquiry = inquiries_[slot];
  const Slot owner = inquiry.owner;
  const bool held = inquiry.stage != Stage::kPending || inquiry.holds;
  Emit<InquiryRequeued>() = {inquiry.id, command.agent, RequeueReason::kTransferred};
  if (queue != kNone) {
    const Before before = BeforeOf(inquiry);
    inquiry.queue_named = true;
    inquiry.NamePriority(inquiry.priority);
    SetQueue(inquiry, queue);
    Reroute(slot, before, nullptr);
  }
  if (inquiry.stage == Stage::kPending) GoOn(slot);
  Exclude(slot, owner);
  WaitsAgain(slot);
  if (held) Idle(owner);
  Looks(slot, OfferReason::kReoffered);
  if (to == kNone) return;
  const std::vector<ExclusionRecord>& exclusions = ExtraOf(inquiry).exclusions;
  for (std::size_t place = 0; place < exclusions.size(); ++place) {
    if (exclusions[place].agent != to) continue;
    DropExclusion(slot, place);
    break;
  }
  const Duration wait = rules_.policy().sticky.wait;
  if (wait > Duration(0) || IsAble(to, inquiry)) Reserve(slot, {to}, wait);
}

// The open inquiry if `agent` owns it, pending or not; else the command is rejected and it is
// kNone.
Engine::Desk::Slot Engine::Desk::OwnerMay(const InquiryId& id, const AgentName& agent) {
  const Slot slot = FindInquiry(id);
  if (slot == kNone) {
    Reject(RejectReason::kUnknownInquiry);
  } else if (inquiries_[slot].owner == kNone) {
    Reject(RejectReason::kNotAssigned);
  } else if (agents_[inquiries_[slot].owner].name != agent) {
    Reject(RejectReason::kNotTheOwner);
  } else {
    return slot;
  }
  return kNone;
}

void Engine::Desk::Do(const RecordReply& command) {
  if (!command.conversation.none()) return ReplyOutside(command);
  const Slot slot = OwnerMay(command.inquiry, command.agent);
  if (slot == kNone) return;
  Inquiry& inquiry = inquiries_[slot];
  if (!command.channel.none() && command.channel != lexicon_.channels[inquiry.channel]) {
    return Reject(RejectReason::kWrongChannel);
  }
  Answered(slot, command.agent, agents_[inquiry.owner].bot, false);
}

void Engine::Desk::ReplyOutside(const RecordReply& command) {
  const Slot slot = FindConversation(command.conversation);
  if (slot == kNone) return Reject(RejectReason::kUnknownInquiry);
  if (inquiries_[slot].stage == Stage::kScheduled) return Reject(RejectReason::kNotAssigned);
  Touch(slot);
  const Slot agent = FindAgent(command.agent);
  Answered(slot, command.agent, agent != kNone && agents_[agent].bot, true);
}

// Requires: touched, if it waits.
void Engine::Desk::Answered(Slot slot, const AgentName& agent, bool bot, bool outside) {
  Inquiry& inquiry = inquiries_[slot];
  inquiry_rows_.Mark(slot);
  ClearTimer(inquiry.answer);
  const bool first = !bot && !inquiry.answered;
  InquiryAnswered& answered = Emit<InquiryAnswered>();
  answered.inquiry = inquiry.id;
  answered.agent = agent;
  answered.first = first;
  answered.since_placed = now_ - inquiry.placed_at;
  answered.outside = outside;
  if (bot) return;
  inquiry.answered = true;
  inquiry.unanswered = 0;
  if (inquiry.owned()) SetStage(slot, Stage::kAnswered);
  ClockMet(slot, Target::kFirstResponse);
  ClockMet(slot, Target::kNextResponse);
  DropClock(slot, Target::kNextResponse);
  if (inquiry.owner != kNone) {
    DropClock(slot, Target::kUpdate);
    StartClock(slot, Target::kUpdate, now_);
  }
  FindRuling(slot);
}

void Engine::Desk::Do(const FinishInquiry& command) {
  const Slot slot = OwnerMay(command.inquiry, command.agent);
  if (slot == kNone) return;
  const Inquiry& inquiry = inquiries_[slot];
  const Slot owner = inquiry.owner;
  const bool held = inquiry.stage != Stage::kPending || inquiry.holds;
  const Duration handled = now_ - inquiry.assigned_at;
  inquiry_of_conversation_.Prefetch(inquiry.conversation);  // it leaves there, too
  memories_.Prefetch(inquiry.customer);
  resolved_.Prefetch(inquiry.conversation);
  InquiryResolved& resolved = Emit<InquiryResolved>();
  resolved.inquiry = inquiry.id;
  resolved.agent = command.agent;
  resolved.handled = handled;
  resolved.since_placed = now_ - inquiry.placed_at;
  ClockMet(slot, Target::kResolution);
  Remember(inquiry);
  const Duration wrap_up = RuleOf(inquiry).wrap_up;
  WrapUpRecord record{inquiry.id, inquiry.channel, inquiry.units, kNone};
  const bool wraps_up = held && wrap_up > Duration(0);
  if (wraps_up) lexicon_.channels.Hold(record.channel);
  const Slot queue = inquiry.queue;
  const Slot topic = inquiry.topic;
  if (topic != kNone) Learn(queue, topic, handled);
  Leave(slot);
  Learn(queue, kNone, handled);
  if (!held) return;
  if (!wraps_up) return Idle(owner);
  Agent& agent = agents_[owner];
  record.end = SetTimer(TimerKind::kWrapUpEnd, owner, now_, wrap_up);
  agent.used += record.units;
  CountChannel(agent, record.channel, 1);
  agent.wrap_ups.push_back(record);
  free_.Touch(owner);
}

void Engine::Desk::Learn(Slot queue, Slot topic, Duration handled) {
  const bool added = handlings_.Learn(queue, topic, handled, limits_.handlings_max);
  if (added && topic != kNone) lexicon_.topics.Hold(topic);
}

void Engine::Desk::Remember(const Inquiry& inquiry) {
  if (limits_.memories_max == 0) return;
  if (!inquiry.conversation.none()) {
    const auto drop = [this](const auto& entry) { DropAgent(entry.agent); };
    ++agents_[inquiry.owner].references;
    const auto any = [](const auto&) { return true; };
    resolved_.Renew(inquiry.conversation, inquiry.id, inquiry.owner, now_, any, drop);
  }
  if (inquiry.customer.none() || agents_[inquiry.owner].bot) return;
  const auto drop = [this](const auto& entry) {
    DropAgent(entry.agent);
    if (entry.what != kNone) lexicon_.topics.Drop(entry.what);
  };
  ++agents_[inquiry.owner].references;
  if (inquiry.topic != kNone) lexicon_.topics.Hold(inquiry.topic);
  const auto same = [&inquiry](const auto& entry) { return entry.what == inquiry.topic; };
  memories_.Renew(inquiry.customer, inquiry.topic, inquiry.owner, now_, same, drop);
}

void Engine::Desk::Do(const ShowWork& command) {
  const Slot slot = FindAgent(command.agent);
  if (slot == kNone) return Reject(RejectReason::kUnknownAgent);
  const Agent& agent = agents_[slot];
  WorkShown& shown = Emit<WorkShown>();
  shown.agent = agent.name;
  shown.presence = agent.presence;
  for (const Slot each : OffersOf(agent)) {
    const OfferRecord& offer = offers_[each];
    const Inquiry& inquiry = inquiries_[offer.inquiry];
    shown.offers.push_back(
        {OfferId{offer.number}, inquiry.id, QueueOf(inquiry).name, timers_.Plain(offer.expiry).at});
  }
  for (const Slot each : OwnedBy(agent)) {
    const Inquiry& inquiry = inquiries_[each];
    shown.assignments.push_back(
        {inquiry.id, QueueOf(inquiry).name, inquiry.answered, inquiry.stage == Stage::kPending});
  }
}

void Engine::Desk::Do(const PauseInquiry& command) {
  const Slot slot = OwnerMay(command.inquiry, command.agent);
  if (slot == kNone) return;
  Inquiry& inquiry = inquiries_[slot];
  ClearTimer(inquiry.answer);
  ClearGone(inquiry);
  ClearWake(inquiry);
  if (command.until != kNever) {
    const Instant at = std::max(command.until, now_);
    ExtraFor(inquiry).wake = SetTimerAt(TimerKind::kWake, slot, at, at - now_);
  }
  Emit<InquiryPaused>() = {inquiry.id, command.agent, command.until};
  if (inquiry.stage == Stage::kPending) return;
  Weigh(inquiry.owner, inquiry, true, -1);
  SetStage(slot, Stage::kPending);
  Halt(slot);
  const Channel* channel = ChannelOf(inquiry);
  inquiry.holds = channel != nullptr && channel->pending_holds;
  if (inquiry.holds) {
    Weigh(inquiry.owner, inquiry, false, 1);
  } else {
    Idle(inquiry.owner);
  }
}

void Engine::Desk::Do(const ResumeInquiry& command) {
  const Slot slot = OwnerMay(command.inquiry, command.agent);
  if (slot == kNone) return;
  if (inquiries_[slot].stage != Stage::kPending) return Reject(RejectReason::kNotPending);
  Resume(slot, WakeCause::kOwner);
}

void Engine::Desk::Resume(Slot slot, WakeCause cause) {
  Inquiry& inquiry = inquiries_[slot];
  ClearWake(inquiry);
  GoOn(slot);
  const Queue& queue = QueueOf(inquiry);
  const Slot owner = inquiry.owner;
  const bool by_owner = cause == WakeCause::kOwner;
  const bool held = inquiry.holds;
  if (owner != kNone && (queue.wake == Wake::kOwner || by_owner) &&
      HasRoom(owner, inquiry, by_owner)) {
    if (held) Weigh(owner, inquiry, false, -1);
    inquiry.holds = false;
    TakeUnits(inquiry);
    SetStage(slot, inquiry.answered ? Stage::kAnswered : Stage::kAssigned);
    Weigh(owner, inquiry, true, 1);
    if (queue.answer_within > Duration(0)) {
      inquiry.answer = SetTimer(TimerKind::kAnswer, slot, now_, queue.answer_within);
    }
    Emit<InquiryResumed>() = {inquiry.id, agents_[owner].name, cause};
    return AgentLooks(owner);
  }
  Emit<InquiryResumed>() = {inquiry.id, AgentName(), cause};
  WaitsAgain(slot);
  Looks(slot, OfferReason::kReoffered);
  if (owner == kNone) return;
  if (held) Idle(owner);
  const Duration wait = rules_.policy().sticky.wait;
  if (queue.wake == Wake::kOwner && agents_[owner].at_work() && wait > Duration(0) &&
      Fits(owner, inquiry) && !Excludes(inquiry, owner)) {
    Reserve(slot, {owner}, wait);
  }
}

}  // namespace usher::engine
