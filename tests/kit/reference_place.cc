// ReferenceEngine: PlaceInquiry and how a scheduled inquiry starts, of libs/engine/README.md.
#include <algorithm>
#include <cstddef>

#include "kit/reference_engine.h"

namespace usher::kit {
namespace {

constexpr int kDiversionsMax = 4;

template <class T, class Name>
bool HasName(const std::vector<T>& list, const Name& name) {
  return std::any_of(list.begin(), list.end(), [&](const T& each) { return each.name == name; });
}

}  // namespace

// --- PlaceInquiry
// ---------------------------------------------------------------------------------

void ReferenceEngine::Do(const PlaceInquiry& c) {
  const auto reject = [&](RejectReason reason, const QueueName& queue) {
    Emit(InquiryRejected{c.inquiry, c.message, queue, reason});
  };
  if (const auto reason = Unplaceable(c)) return reject(*reason, c.queue);
  if (!c.conversation.none()) {
    for (const InquiryState& open : desk_.inquiries) {
      if (open.conversation == c.conversation) return Join(open.inquiry, c);
    }
  }
  if (Open(c.inquiry) != nullptr) return reject(RejectReason::kInquiryExists, c.queue);
  if (desk_.inquiries.size() >= limits_.inquiries_max) {
    return reject(RejectReason::kTooManyInquiries, c.queue);
  }

  InquiryState made = Described(c);
  RouteBy(made);
  if (c.starts_at > desk_.now) return Schedule(made, c);
  const QueueName first_queue = made.queue;
  int diversions = 0;
  const RejectReason refused = Divert(made, diversions);
  if (refused != RejectReason::kNone) return reject(refused, made.queue);

  made.arrival = ++desk_.last_arrival;
  made.placed_at = std::max(Instant(), std::min(desk_.now, c.arrived_at));
  made.stage = Stage::kWaiting;
  desk_.inquiries.push_back(made);
  InquiryState& i = desk_.inquiries.back();
  for (const AskedExclusion& asked : c.exclude) AddExclusion(i, asked.agent, asked.length, false);
  Begin(i);
  Emit(InquiryPlaced{i.inquiry, i.conversation, i.customer, i.message, i.features, i.queue, i.route,
                     i.priority, QueueOf(i).sla, Due(i), diversions > 0 ? first_queue : QueueName(),
                     i.repeat, i.placed_at, Instant(), i.reopens});
  Looks(i, OfferReason::kArrival);
  ReserveForPreferred(i, c.preferred, c.prefer_for);
}

// It opens, and waits from its start on.
void ReferenceEngine::Schedule(InquiryState made, const PlaceInquiry& c) {
  made.arrival = ++desk_.last_arrival;
  made.placed_at = c.starts_at;
  made.stage = Stage::kScheduled;
  TakeUnits(made);
  made.preferred = c.preferred;
  made.prefer_for = c.prefer_for;
  for (const AskedExclusion& asked : c.exclude)
    AddExclusion(made, asked.agent, asked.length, false);
  made.start = NextTimerAt(c.starts_at);
  desk_.inquiries.push_back(made);
  Emit(InquiryPlaced{made.inquiry, made.conversation, made.customer, made.message, made.features,
                     made.queue, made.route, made.priority, QueueOf(made).sla, kNever, QueueName(),
                     made.repeat, c.starts_at, c.starts_at, made.reopens});
}

void ReferenceEngine::Begin(InquiryState& i) {
  TakeUnits(i);
  StartClock(i, Target::kFirstResponse, i.placed_at);
  StartClock(i, Target::kResolution, i.placed_at);
  StartStep(i);
  StartEscalation(i);
  StartStarving(i);
}

void ReferenceEngine::Start(InquiryState& i) {
  i.start = Timer();
  const QueueName first_queue = i.queue;
  int diversions = 0;
  const RejectReason refused = Divert(i, diversions);
  if (refused != RejectReason::kNone) {
    Emit(InquiryRejected{i.inquiry, i.message, i.queue, refused});
    return Leaves(i.inquiry);
  }
  i.stage = Stage::kWaiting;
  i.placed_at = desk_.now;
  Begin(i);
  Emit(InquiryStarted{i.inquiry, i.queue, diversions > 0 ? first_queue : QueueName(), i.priority,
                      QueueOf(i).sla, Due(i)});
  Looks(i, OfferReason::kArrival);
  const std::vector<AgentName> asked = i.preferred;
  const Duration prefer_for = i.prefer_for;
  i.preferred.clear();
  i.prefer_for = Duration(0);
  ReserveForPreferred(i, asked, prefer_for);
}

std::optional<RejectReason> ReferenceEngine::Unplaceable(const PlaceInquiry& c) const {
  if (!desk_.has_policy) return RejectReason::kNoPolicy;
  if (c.priority && *c.priority > 9) return RejectReason::kBadPriority;
  if (!HasName(desk_.policy.channels, c.features.channel)) return RejectReason::kUnknownChannel;
  if (!c.queue.none() && !HasName(desk_.policy.queues, c.queue)) {
    return RejectReason::kUnknownQueue;
  }
  if (c.exclude.size() > limits_.exclusions_max || c.preferred.size() > limits_.preferred_max) {
    return RejectReason::kTooManyExclusions;
  }
  return std::nullopt;
}

// As the command says, not routed yet.
InquiryState ReferenceEngine::Described(const PlaceInquiry& c) const {
  InquiryState i;
  i.inquiry = c.inquiry;
  i.conversation = c.conversation;
  i.customer = c.customer;
  i.message = c.message;
  i.features = c.features;
  i.queue_named = !c.queue.none();
  i.priority_named = c.priority;
  i.queue = c.queue;
  i.unanswered = c.message.none() ? 0 : 1;
  i.repeat = IsRepeat(i);
  const Duration reopen = desk_.policy.reopen;
  const Resolved* resolved = ResolvedOf(c.conversation);
  if (reopen > Duration(0) && resolved != nullptr && desk_.now - resolved->at <= reopen) {
    i.reopens = resolved->inquiry;
  }
  return i;
}

bool ReferenceEngine::IsRepeat(const InquiryState& i) const {
  const Duration window = desk_.policy.sticky.repeat;
  if (window == Duration(0) || i.customer.none() || i.features.topic.none()) return false;
  const Memory* memory = MemoryOf(i.customer, i.features.topic);
  return memory != nullptr && desk_.now - memory->at <= window;
}

const Memory* ReferenceEngine::MemoryOf(const CustomerId& customer, const TopicName& topic) const {
  for (const Memory& memory : desk_.memories) {
    if (memory.customer == customer && memory.topic == topic) return &memory;
  }
  return nullptr;
}

const Resolved* ReferenceEngine::ResolvedOf(const ConversationId& conversation) const {
  if (conversation.none()) return nullptr;
  for (const Resolved& resolved : desk_.resolved) {
    if (resolved.conversation == conversation) return &resolved;
  }
  return nullptr;
}

RejectReason ReferenceEngine::Divert(InquiryState& i, int& diversions) const {
  const auto go_to = [&i](const QueueName& queue) {
    i.queue = queue;
    i.queue_named = true;
    NamePriority(i, i.priority);
  };
  for (; diversions < kDiversionsMax; ++diversions) {
    const Queue& queue = QueueOf(i);
    const bool closed = queue.when_closed != Refuge::kHold && !IsOpenNow(queue);
    const auto waiting = std::count_if(
        desk_.inquiries.begin(), desk_.inquiries.end(), [&](const InquiryState& other) {
          return other.queue == i.queue &&
                 (other.stage == Stage::kWaiting || other.stage == Stage::kOffered);
        });
    const bool full = queue.max_waiting > 0 && waiting >= std::int64_t{queue.max_waiting};
    bool staffed = queue.when_nobody == Refuge::kHold;
    for (std::size_t step = 0; step <= queue.steps.size(); ++step) {
      staffed = staffed || StaffedAt(i, step);
    }
    if (closed && queue.when_closed == Refuge::kReject) {
      return RejectReason::kQueueClosed;
    } else if (closed) {
      go_to(queue.closed_queue);
    } else if (full && queue.when_full == Refuge::kReject) {
      return RejectReason::kQueueFull;
    } else if (full) {
      go_to(queue.full_queue);
    } else if (!staffed && queue.when_nobody == Refuge::kReject) {
      return RejectReason::kNobodyHere;
    } else if (!staffed) {
      go_to(queue.nobody_queue);
    } else {
      break;
    }
  }
  return RejectReason::kNone;
}

void ReferenceEngine::ReserveForPreferred(InquiryState& i, const std::vector<AgentName>& asked,
                                          Duration prefer_for) {
  const std::vector<AgentName> preferred = PreferredFor(i, asked);
  if (preferred.empty()) return;
  const Duration wait = prefer_for > Duration(0) ? prefer_for : desk_.policy.sticky.wait;
  const bool one_is_able = std::any_of(preferred.begin(), preferred.end(),
                                       [&](const AgentName& name) { return Able(*Find(name), i); });
  if (wait > Duration(0) || one_is_able) Reserve(i, preferred, wait);
}

std::vector<AgentName> ReferenceEngine::PreferredFor(const InquiryState& i,
                                                     const std::vector<AgentName>& asked) const {
  const Sticky& sticky = desk_.policy.sticky;
  std::vector<AgentName> wished = asked;
  const Resolved* resolved = ResolvedOf(i.conversation);
  if (!i.reopens.none() && resolved != nullptr && resolved->inquiry == i.reopens) {
    wished.push_back(resolved->agent);
  }
  if (sticky.linked) {
    for (std::size_t n = desk_.inquiries.size(); n-- > 0;) {  // the highest arrival first
      const InquiryState& other = desk_.inquiries[n];
      if (Linked(i, other) && !other.agent.none()) wished.push_back(other.agent);
    }
  }
  const Memory* memory = MemoryOf(i.customer, i.features.topic);
  if (sticky.repeat > Duration(0) && i.repeat && memory != nullptr) {
    wished.push_back(memory->agent);
  }
  if (sticky.last_agent > Duration(0) && !i.customer.none()) {
    const Memory* newest = nullptr;
    for (const Memory& each : desk_.memories) {  // oldest first
      if (each.customer == i.customer) newest = &each;
    }
    if (newest != nullptr && desk_.now - newest->at <= sticky.last_agent) {
      wished.push_back(newest->agent);
    }
  }
  std::vector<AgentName> preferred;
  for (const AgentName& name : wished) {
    const bool known = std::any_of(desk_.agents.begin(), desk_.agents.end(),
                                   [&](const AgentState& a) { return a.agent == name; });
    const bool twice = std::find(preferred.begin(), preferred.end(), name) != preferred.end();
    if (known && !twice && preferred.size() < limits_.preferred_max) preferred.push_back(name);
  }
  return preferred;
}

}  // namespace usher::kit
