// ReferenceEngine: what agents and supervisors do with inquiries, of the chapter "Commands" of
// libs/engine/README.md.
#include <algorithm>
#include <tuple>

#include "kit/reference_engine.h"

namespace usher::kit {
namespace {

constexpr std::uint32_t kFinishedMost = 1'000'000;

}  // namespace

// --- AcceptOffer, DeclineOffer
// --------------------------------------------------------------------

void ReferenceEngine::Do(const AcceptOffer& c) {
  InquiryState* i = Offered(c.offer);
  if (i == nullptr) return Reject(RejectReason::kUnknownOffer);
  if (!IsOfferOf(c.offer, c.agent)) return Reject(RejectReason::kNotTheOwner);
  Accept(*i, c.agent, false);
}

void ReferenceEngine::Do(const DeclineOffer& c) {
  InquiryState* i = Offered(c.offer);
  if (i == nullptr) return Reject(RejectReason::kUnknownOffer);
  if (!IsOfferOf(c.offer, c.agent)) return Reject(RejectReason::kNotTheOwner);
  Emit(OfferDeclined{c.offer, i->inquiry, c.agent, c.reason});
  EndOffer(*i, c.agent);
  Exclude(*i, c.agent);
  EndOtherExclusions(*i, c.agent);
  Find(c.agent)->missed = 0;
  Idle(c.agent);
  if (i->offers.empty()) {
    WaitsAgain(*i);
    Looks(*i, OfferReason::kReoffered);
  }
}

bool ReferenceEngine::IsOfferOf(const OfferId& offer, const AgentName& agent) {
  for (const OfferState& each : Offered(offer)->offers) {
    if (each.offer == offer) return each.agent == agent;
  }
  return false;
}

// --- TakeInquiry, AssignInquiry
// -------------------------------------------------------------------

void ReferenceEngine::Do(const TakeInquiry& c) {
  InquiryState* i = Open(c.inquiry);
  if (i == nullptr) return Reject(RejectReason::kUnknownInquiry);
  const AgentState* a = Find(c.agent);
  if (a == nullptr) return Reject(RejectReason::kUnknownAgent);
  if (!a->may_take) return Reject(RejectReason::kNotPermitted);
  if (i->stage != Stage::kWaiting) return Reject(RejectReason::kNotWaiting);
  if (!May(*a, *i) || !Room(*a, *i, true)) return Reject(RejectReason::kNotAble);
  MakeOffers(*i, {c.agent}, OfferReason::kTaken, true);
}

void ReferenceEngine::Do(const AssignInquiry& c) {
  InquiryState* i = Open(c.inquiry);
  if (i == nullptr) return Reject(RejectReason::kUnknownInquiry);
  const AgentState* a = Find(c.agent);
  if (a == nullptr) return Reject(RejectReason::kUnknownAgent);
  const AgentState* supervisor = Find(c.supervisor);
  if (supervisor == nullptr || !supervisor->supervisor) return Reject(RejectReason::kNotPermitted);
  if (i->stage != Stage::kWaiting && i->stage != Stage::kOffered) {
    return Reject(RejectReason::kNotWaiting);
  }
  if (!Room(*a, *i, true)) return Reject(RejectReason::kNotAble);
  if (i->stage == Stage::kOffered) {
    RescindOffers(*i, RescindCause::kTakenByAnother, true);
    WaitsAgain(*i);
  }
  MakeOffers(*i, {c.agent}, OfferReason::kAssigned, true);
}

// --- TransferInquiry
// ------------------------------------------------------------------------------

void ReferenceEngine::Do(const TransferInquiry& c) {
  if (!OwnerMay(c.inquiry, c.agent)) return;
  if (!c.queue.none() && Named(c.queue) == nullptr) return Reject(RejectReason::kUnknownQueue);
  if (!c.to.none() && Find(c.to) == nullptr) return Reject(RejectReason::kUnknownAgent);

  InquiryState& i = *Open(c.inquiry);
  const bool held = i.stage != Stage::kPending || i.holds;
  Emit(InquiryRequeued{i.inquiry, c.agent, RequeueReason::kTransferred});
  if (!c.queue.none()) {
    const InquiryState before = i;
    i.queue_named = true;
    NamePriority(i, i.priority);
    i.queue = c.queue;
    Reroute(i, before, nullptr);
  }
  if (i.stage == Stage::kPending) GoOn(i);
  Exclude(i, c.agent);
  WaitsAgain(i);
  if (held) Idle(c.agent);
  Looks(i, OfferReason::kReoffered);
  const Duration wait = desk_.policy.sticky.wait;
  if (c.to.none()) return;
  std::erase_if(i.exclusions, [&](const Exclusion& e) { return e.agent == c.to; });
  if (wait > Duration(0) || Able(*Find(c.to), i)) Reserve(i, {c.to}, wait);
}

// --- RecordReply, FinishInquiry, ShowWork
// ---------------------------------------------------------

bool ReferenceEngine::OwnerMay(const InquiryId& inquiry, const AgentName& agent) {
  const InquiryState* i = Open(inquiry);
  if (i == nullptr) {
    Reject(RejectReason::kUnknownInquiry);
  } else if (i->agent.none()) {
    Reject(RejectReason::kNotAssigned);
  } else if (i->agent != agent) {
    Reject(RejectReason::kNotTheOwner);
  } else {
    return true;
  }
  return false;
}

void ReferenceEngine::Do(const RecordReply& c) {
  if (!c.conversation.none()) return ReplyOutside(c);
  if (!OwnerMay(c.inquiry, c.agent)) return;
  InquiryState& i = *Open(c.inquiry);
  if (!c.channel.none() && c.channel != i.features.channel) {
    return Reject(RejectReason::kWrongChannel);
  }
  Answered(i, c.agent, false);
}

void ReferenceEngine::ReplyOutside(const RecordReply& c) {
  for (InquiryState& i : desk_.inquiries) {
    if (i.conversation != c.conversation) continue;
    if (i.stage == Stage::kScheduled) return Reject(RejectReason::kNotAssigned);
    return Answered(i, c.agent, true);
  }
  Reject(RejectReason::kUnknownInquiry);
}

void ReferenceEngine::Answered(InquiryState& i, const AgentName& by, bool outside) {
  i.answer = Timer();
  const Duration since_placed = desk_.now - i.placed_at;
  const AgentState* a = Find(by);
  if (a != nullptr && a->bot) {
    return Emit(InquiryAnswered{i.inquiry, by, false, since_placed, outside});
  }
  const bool first = !i.answered;
  i.answered = true;
  i.unanswered = 0;
  Emit(InquiryAnswered{i.inquiry, by, first, since_placed, outside});
  if (i.stage == Stage::kAssigned) i.stage = Stage::kAnswered;
  ClockMet(i, Target::kFirstResponse);
  ClockMet(i, Target::kNextResponse);
  DropClock(i, Target::kNextResponse);
  if (i.agent.none()) return;
  DropClock(i, Target::kUpdate);
  StartClock(i, Target::kUpdate, desk_.now);
}

void ReferenceEngine::Do(const FinishInquiry& c) {
  if (!OwnerMay(c.inquiry, c.agent)) return;
  InquiryState i = *Open(c.inquiry);
  const bool held = i.stage != Stage::kPending || i.holds;
  const Duration handled = desk_.now - i.assigned_at;
  Emit(InquiryResolved{i.inquiry, c.agent, handled, desk_.now - i.placed_at});
  ClockMet(i, Target::kResolution);
  Remember(i);
  Leaves(i.inquiry);
  if (!i.features.topic.none()) Learn(i.queue, i.features.topic, handled);
  Learn(i.queue, TopicName(), handled);
  if (!held) return;
  const Duration wrap_up = QueueOf(i).wrap_up;
  if (wrap_up > Duration(0)) {
    Find(c.agent)->wrap_ups.push_back({i.inquiry, i.features.channel, i.units, NextTimer(wrap_up)});
  } else {
    Idle(c.agent);
  }
}

void ReferenceEngine::Learn(const QueueName& queue, const TopicName& topic, Duration handled) {
  for (Handling& handling : desk_.handlings) {
    if (handling.queue != queue || handling.topic != topic) continue;
    handling.mean += (handled - handling.mean) / 32;
    handling.finished = std::min(handling.finished + 1, kFinishedMost);
    return;
  }
  if (desk_.handlings.size() >= limits_.handlings_max) return;
  desk_.handlings.push_back({queue, topic, handled, 1});
  std::sort(desk_.handlings.begin(), desk_.handlings.end(),
            [](const Handling& a, const Handling& b) {
              return std::tie(a.queue, a.topic) < std::tie(b.queue, b.topic);
            });
}

void ReferenceEngine::Remember(const InquiryState& i) {
  if (limits_.memories_max == 0) return;
  if (!i.conversation.none()) {
    std::vector<Resolved>& resolved = desk_.resolved;
    std::erase_if(resolved, [&](const Resolved& r) { return r.conversation == i.conversation; });
    resolved.push_back({i.conversation, i.inquiry, i.agent, desk_.now});
    if (resolved.size() > limits_.memories_max) resolved.erase(resolved.begin());
  }
  if (i.customer.none() || Find(i.agent)->bot) return;
  std::vector<Memory>& memories = desk_.memories;
  std::erase_if(memories, [&](const Memory& m) {
    return m.customer == i.customer && m.topic == i.features.topic;
  });
  memories.push_back({i.customer, i.features.topic, i.agent, desk_.now});
  if (memories.size() > limits_.memories_max) memories.erase(memories.begin());
}

void ReferenceEngine::Do(const ShowWork& c) {
  const AgentState* a = Find(c.agent);
  if (a == nullptr) return Reject(RejectReason::kUnknownAgent);
  WorkShown shown;
  shown.agent = a->agent;
  shown.presence = a->presence;
  for (const OfferId& offer : OffersOf(c.agent)) {
    const InquiryState& i = *Offered(offer);
    for (const OfferState& o : i.offers) {
      if (o.offer == offer) shown.offers.push_back({offer, i.inquiry, i.queue, o.expiry.at});
    }
  }
  for (const InquiryState& i : desk_.inquiries) {  // by arrival
    if (i.agent != a->agent) continue;
    shown.assignments.push_back({i.inquiry, i.queue, i.answered, i.stage == Stage::kPending});
  }
  Emit(shown);
}

// --- PauseInquiry, ResumeInquiry
// ------------------------------------------------------------------

void ReferenceEngine::Do(const PauseInquiry& c) {
  if (!OwnerMay(c.inquiry, c.agent)) return;
  InquiryState& i = *Open(c.inquiry);
  i.answer = Timer();
  i.gone = Timer();
  i.wake = Timer();
  if (c.until != kNever) i.wake = NextTimerAt(std::max(c.until, desk_.now));
  Emit(InquiryPaused{i.inquiry, c.agent, c.until});
  if (i.stage == Stage::kPending) return;
  i.stage = Stage::kPending;
  Halt(i);
  const Channel* channel = ChannelOf(i);
  i.holds = channel != nullptr && channel->pending_holds;
  if (!i.holds) Idle(c.agent);
}

void ReferenceEngine::Do(const ResumeInquiry& c) {
  if (!OwnerMay(c.inquiry, c.agent)) return;
  InquiryState& i = *Open(c.inquiry);
  if (i.stage != Stage::kPending) return Reject(RejectReason::kNotPending);
  Resume(i, WakeCause::kOwner);
}

void ReferenceEngine::Resume(InquiryState& i, WakeCause cause) {
  i.wake = Timer();
  GoOn(i);
  const Queue& queue = QueueOf(i);
  const AgentState* a = Find(i.agent);  // null without an owner
  const bool by_owner = cause == WakeCause::kOwner;
  if (a != nullptr && (queue.wake == Wake::kOwner || by_owner) && Room(*a, i, by_owner)) {
    TakeUnits(i);
    i.stage = i.answered ? Stage::kAnswered : Stage::kAssigned;
    i.holds = false;
    if (queue.answer_within > Duration(0)) i.answer = NextTimer(queue.answer_within);
    Emit(InquiryResumed{i.inquiry, a->agent, cause});
    Looks(a->agent);
    return;
  }
  const bool held = i.holds;
  Emit(InquiryResumed{i.inquiry, AgentName(), cause});
  WaitsAgain(i);
  Looks(i, OfferReason::kReoffered);
  if (a == nullptr) return;
  if (held) Idle(a->agent);
  const Duration wait = desk_.policy.sticky.wait;
  if (queue.wake == Wake::kOwner && AtWork(*a) && wait > Duration(0) && Fits(*a, i) &&
      !Excludes(i, a->agent)) {
    Reserve(i, {a->agent}, wait);
  }
}

}  // namespace usher::kit
