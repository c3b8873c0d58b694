// ReferenceEngine: the chapter "Commands" of libs/engine/README.md, all but ApplyPolicy.
#include <algorithm>
#include <tuple>

#include "kit/reference_engine.h"

namespace usher::kit {
namespace {

template <class T, class Name>
bool HasName(const std::vector<T>& list, const Name& name) {
  return std::any_of(list.begin(), list.end(), [&](const T& each) { return each.name == name; });
}

// Sorted by skill, doubles keep the higher level.
std::vector<Need> Tidy(std::vector<Need> skills) {
  std::sort(skills.begin(), skills.end(), [](const Need& a, const Need& b) {
    return a.skill != b.skill ? a.skill < b.skill : a.level > b.level;
  });
  skills.erase(std::unique(skills.begin(), skills.end(),
                           [](const Need& a, const Need& b) { return a.skill == b.skill; }),
               skills.end());
  return skills;
}

// Sorted by channel, doubles keep the lower limit.
std::vector<ChannelLimit> Tidy(std::vector<ChannelLimit> limits) {
  std::sort(limits.begin(), limits.end(), [](const ChannelLimit& a, const ChannelLimit& b) {
    return std::tie(a.channel, a.most) < std::tie(b.channel, b.most);
  });
  limits.erase(std::unique(limits.begin(), limits.end(),
                           [](const ChannelLimit& a, const ChannelLimit& b) {
                             return a.channel == b.channel;
                           }),
               limits.end());
  return limits;
}

}  // namespace

// --- PlaceInquiry
// ---------------------------------------------------------------------------------

void ReferenceEngine::Do(const PlaceInquiry& c) {
  const auto reject = [&](RejectReason reason, const QueueName& queue) {
    Emit(InquiryRejected{c.inquiry, c.message, queue, reason});
  };
  if (!desk_.has_policy) return reject(RejectReason::kNoPolicy, c.queue);
  if (c.priority && *c.priority > 9) return reject(RejectReason::kBadPriority, c.queue);
  if (!HasName(desk_.policy.channels, c.features.channel)) {
    return reject(RejectReason::kUnknownChannel, c.queue);
  }
  if (!c.queue.none() && !HasName(desk_.policy.queues, c.queue)) {
    return reject(RejectReason::kUnknownQueue, c.queue);
  }
  if (!c.conversation.none()) {
    for (const InquiryState& open : desk_.inquiries) {
      if (open.conversation == c.conversation) {
        return Emit(MessageJoined{open.inquiry, c.message});
      }
    }
  }
  if (Open(c.inquiry) != nullptr) return reject(RejectReason::kInquiryExists, c.queue);
  if (desk_.inquiries.size() >= limits_.inquiries_max) {
    return reject(RejectReason::kTooManyInquiries, c.queue);
  }

  InquiryState i;
  i.inquiry = c.inquiry;
  i.conversation = c.conversation;
  i.customer = c.customer;
  i.message = c.message;
  i.features = c.features;
  i.queue_named = !c.queue.none();
  i.priority_named = c.priority;
  i.queue = c.queue;
  RouteBy(desk_.policy, i);

  const auto queue = std::find_if(desk_.policy.queues.begin(), desk_.policy.queues.end(),
                                  [&](const Queue& q) { return q.name == i.queue; });
  const auto waiting =
      std::count_if(desk_.inquiries.begin(), desk_.inquiries.end(), [&](const InquiryState& other) {
        return other.queue == i.queue &&
               (other.stage == Stage::kWaiting || other.stage == Stage::kOffered);
      });
  if (queue->max_waiting > 0 && waiting >= std::int64_t{queue->max_waiting}) {
    return reject(RejectReason::kQueueFull, i.queue);
  }

  i.arrival = ++desk_.last_arrival;
  i.placed_at = desk_.now;
  i.stage = Stage::kWaiting;
  if (Target(i) > Duration(0)) {
    i.due = Sum(i.placed_at, Target(i));
    i.clock = ClockState::kRunning;
    if (const auto warn_at = WarnAt(i)) i.warn = NextTimerAt(*warn_at);
    i.breach = NextTimerAt(i.due);
  }
  Emit(InquiryPlaced{i.inquiry, i.conversation, i.customer, i.message, i.features, i.queue, i.route,
                     i.priority, i.sla, i.due});
  desk_.inquiries.push_back(i);
  TryAgents(desk_.inquiries.back(), OfferReason::kArrival);
}

// --- CancelInquiry, AbandonInquiry
// ----------------------------------------------------------------

void ReferenceEngine::Do(const CancelInquiry& c) {
  CancelOrAbandon(c.inquiry, RescindCause::kInquiryCancelled,
                  InquiryCancelled{c.inquiry, c.reason});
}

void ReferenceEngine::Do(const AbandonInquiry& c) {
  const InquiryState* i = Open(c.inquiry);
  const Duration since_placed = i == nullptr ? Duration(0) : desk_.now - i->placed_at;
  CancelOrAbandon(c.inquiry, RescindCause::kInquiryAbandoned,
                  InquiryAbandoned{c.inquiry, since_placed});
}

void ReferenceEngine::CancelOrAbandon(const InquiryId& inquiry, RescindCause cause,
                                      DecisionBody ended) {
  const InquiryState* i = Open(inquiry);
  if (i == nullptr) return Reject(RejectReason::kUnknownInquiry);
  if (i->offer) Emit(Rescinded(*i, cause));
  Emit(std::move(ended));
  AgentState* a = Find(i->offer ? i->offer->agent : i->agent);
  Leaves(inquiry);
  if (a != nullptr) {
    a->idle = NextIdle();
    TryInquiries(*a);
  }
}

// --- RegisterAgent, RemoveAgent
// -------------------------------------------------------------------

void ReferenceEngine::Do(const RegisterAgent& c) {
  if (c.agent.none()) return Reject(RejectReason::kUnknownAgent);
  if (c.units == 0 || c.units > limits_.units_max) return Reject(RejectReason::kBadCapacity);
  for (const Need& skill : c.skills) {
    if (skill.level > 100) return Reject(RejectReason::kBadLevel);
  }
  if (c.skills.size() > limits_.skills_per_agent_max) return Reject(RejectReason::kTooManySkills);
  const bool is_new = Find(c.agent) == nullptr;
  if (is_new && desk_.agents.size() >= limits_.agents_max) {
    return Reject(RejectReason::kTooManyAgents);
  }
  if (c.limits.size() > limits_.channels_max) return Reject(RejectReason::kBadCapacity);
  std::vector<AgentState> as_it_would_be = desk_.agents;
  std::erase_if(as_it_would_be, [&](const AgentState& a) { return a.agent == c.agent; });
  as_it_would_be.push_back({.agent = c.agent, .skills = c.skills});
  if (TooManyNames(as_it_would_be, desk_.policy)) return Reject(RejectReason::kTooManyNames);

  if (is_new) {
    AgentState made;
    made.agent = c.agent;
    made.presence = Presence::kOffline;
    made.idle = NextIdle();
    desk_.agents.push_back(made);
    std::sort(desk_.agents.begin(), desk_.agents.end(),
              [](const AgentState& a, const AgentState& b) { return a.agent < b.agent; });
  }
  AgentState& a = *Find(c.agent);
  a.skills = Tidy(c.skills);
  a.units = c.units;
  a.limits = Tidy(c.limits);
  Emit(AgentRegistered{a.agent, a.skills, a.units, a.limits});
  if (!is_new) TryInquiries(a);
}

void ReferenceEngine::Do(const RemoveAgent& c) {
  if (Find(c.agent) == nullptr) return Reject(RejectReason::kUnknownAgent);
  Emit(AgentRemoved{c.agent});
  std::vector<InquiryState*> its;
  for (InquiryState& i : desk_.inquiries) {  // in order of arrival
    if (i.offer && i.offer->agent == c.agent) {
      Emit(Rescinded(i, RescindCause::kAgentRemoved));
    } else if (i.agent == c.agent) {
      Emit(InquiryRequeued{i.inquiry, c.agent, RequeueReason::kAgentRemoved});
    } else {
      continue;
    }
    WaitsAgain(i);
    its.push_back(&i);
  }
  std::erase_if(desk_.agents, [&](const AgentState& a) { return a.agent == c.agent; });
  for (InquiryState* i : its) TryAgents(*i, OfferReason::kReoffered);
}

// --- SetPresence
// ----------------------------------------------------------------------------------

void ReferenceEngine::Do(const SetPresence& c) {
  AgentState* a = Find(c.agent);
  if (a == nullptr) return Reject(RejectReason::kUnknownAgent);
  const Presence before = a->presence;
  a->presence = c.presence;
  a->away = c.presence == Presence::kAway ? AwayReason::kAsked : AwayReason::kNone;
  Emit(PresenceChanged{a->agent, a->presence, a->away});
  switch (c.presence) {
    case Presence::kAvailable:
      if (before != Presence::kAvailable) {
        a->idle = NextIdle();
        a->missed = 0;
      }
      TryInquiries(*a);
      break;
    case Presence::kDraining:
      break;
    case Presence::kBusy:
    case Presence::kAway:
    case Presence::kOffline:
      RescindAll(*a, RescindCause::kAgentUnavailable);
      break;
  }
}

void ReferenceEngine::RescindAll(AgentState& agent, RescindCause cause) {
  const std::vector<InquiryState*> offered = OffersOf(agent);
  for (InquiryState* i : offered) {
    Emit(Rescinded(*i, cause));
    WaitsAgain(*i);
  }
  for (InquiryState* i : offered) TryAgents(*i, OfferReason::kReoffered);
}

std::vector<InquiryState*> ReferenceEngine::OffersOf(const AgentState& agent) {
  std::vector<InquiryState*> offered;
  for (InquiryState& i : desk_.inquiries) {
    if (i.offer && i.offer->agent == agent.agent) offered.push_back(&i);
  }
  std::sort(offered.begin(), offered.end(), [](const InquiryState* a, const InquiryState* b) {
    return a->offer->offer < b->offer->offer;
  });
  return offered;
}

// --- AcceptOffer, DeclineOffer
// --------------------------------------------------------------------

void ReferenceEngine::Do(const AcceptOffer& c) {
  InquiryState* i = Offered(c.offer);
  if (i == nullptr) return Reject(RejectReason::kUnknownOffer);
  if (i->offer->agent != c.agent) return Reject(RejectReason::kNotTheOwner);
  Accept(*i, false);
}

void ReferenceEngine::Do(const DeclineOffer& c) {
  InquiryState* i = Offered(c.offer);
  if (i == nullptr) return Reject(RejectReason::kUnknownOffer);
  if (i->offer->agent != c.agent) return Reject(RejectReason::kNotTheOwner);
  AgentState& a = *Find(c.agent);
  Emit(OfferDeclined{c.offer, i->inquiry, a.agent, c.reason});
  WaitsAgain(*i);
  Exclude(*i, a);
  a.missed = 0;
  a.idle = NextIdle();
  TryAgents(*i, OfferReason::kReoffered);
  TryInquiries(a);
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
  if (!OwnerMay(c.inquiry, c.agent)) return;
  InquiryState& i = *Open(c.inquiry);
  const bool first = !i.answered;
  i.answered = true;
  Emit(InquiryAnswered{i.inquiry, c.agent, first, desk_.now - i.placed_at});
  i.stage = Stage::kAnswered;
  if (first && (i.clock == ClockState::kRunning || i.clock == ClockState::kWarned)) {
    i.clock = ClockState::kMet;
    i.warn = Timer();
    i.breach = Timer();
    Emit(SlaMet{i.inquiry, i.due});
  }
}

void ReferenceEngine::Do(const FinishInquiry& c) {
  if (!OwnerMay(c.inquiry, c.agent)) return;
  const InquiryState i = *Open(c.inquiry);
  AgentState& a = *Find(c.agent);
  Emit(InquiryResolved{i.inquiry, a.agent, desk_.now - i.assigned_at, desk_.now - i.placed_at});
  Leaves(i.inquiry);
  if (i.wrap_up > Duration(0)) {
    a.wrap_ups.push_back({i.inquiry, i.features.channel, i.units, NextTimer(i.wrap_up)});
  } else {
    a.idle = NextIdle();
    TryInquiries(a);
  }
}

void ReferenceEngine::Do(const ShowWork& c) {
  const AgentState* a = Find(c.agent);
  if (a == nullptr) return Reject(RejectReason::kUnknownAgent);
  WorkShown shown;
  shown.agent = a->agent;
  shown.presence = a->presence;
  for (const InquiryState* i : OffersOf(*a)) {
    shown.offers.push_back({i->offer->offer, i->inquiry, i->queue, i->offer->expiry.at});
  }
  for (const InquiryState& i : desk_.inquiries) {
    if (i.agent == a->agent) shown.assignments.push_back({i.inquiry, i.queue, i.answered});
  }
  Emit(shown);
}

// --- Checkpoint
// -----------------------------------------------------------------------------------

void ReferenceEngine::Do(const Checkpoint&) {
  Emit(Checkpointed{StateHash(), inquiries(), agents()});
}

}  // namespace usher::kit
