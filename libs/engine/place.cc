// PlaceInquiry: a message opens an inquiry, if it joins none; and how a scheduled one starts.
#include <algorithm>

#include "engine/desk.h"

namespace usher::engine {

constexpr int kDiversionsMost = 4;

void Engine::Desk::RejectPlace(const PlaceInquiry& command, const QueueName& queue,
                               RejectReason reason) {
  Emit<InquiryRejected>() = {command.inquiry, command.message, queue, reason};
}

// kNone if it may be placed; `channel` is the name of its channel, `queue` the place of the queue
// that it names.
RejectReason Engine::Desk::Unplaceable(const PlaceInquiry& command, Slot& channel,
                                       Slot& queue) const {
  if (!rules_.taken()) return RejectReason::kNoPolicy;
  if (command.priority && *command.priority >= kPriorities) return RejectReason::kBadPriority;
  channel = lexicon_.channels.Find(command.features.channel);
  if (channel == kNone || rules_.ChannelOf(channel) == kNone) return RejectReason::kUnknownChannel;
  queue = command.queue.none() ? kNone : rules_.FindQueue(command.queue);
  if (!command.queue.none() && queue == kNone) return RejectReason::kUnknownQueue;
  if (command.exclude.size() > limits_.exclusions_max ||
      command.preferred.size() > limits_.preferred_max) {
    return RejectReason::kTooManyExclusions;
  }
  return RejectReason::kNone;
}

void Engine::Desk::Do(const PlaceInquiry& command) {
  Slot channel = kNone;
  Slot queue = kNone;
  const RejectReason unplaceable = Unplaceable(command, channel, queue);
  if (unplaceable != RejectReason::kNone) return RejectPlace(command, command.queue, unplaceable);
  if (!command.conversation.none()) {
    const Slot open = FindConversation(command.conversation);
    if (open != kNone) return Join(open, command);
  }
  if (FindInquiry(command.inquiry) != kNone) {
    return RejectPlace(command, command.queue, RejectReason::kInquiryExists);
  }
  if (inquiries_.size() >= limits_.inquiries_max) {
    return RejectPlace(command, command.queue, RejectReason::kTooManyInquiries);
  }
  lexicon_.channels.Hold(channel);
  const Slot slot = Describe(command, channel, queue);
  Inquiry& inquiry = inquiries_[slot];
  Route(inquiry);
  Ask(inquiry);
  if (command.starts_at > now_) return Schedule(slot, command);
  const Slot first_queue = inquiry.queue;
  int diversions = 0;
  const RejectReason refused = Divert(slot, diversions);
  if (refused != RejectReason::kNone) {
    RejectPlace(command, QueueOf(inquiry).name, refused);
    return Leave(slot);
  }
  if (diversions > 0) Ask(inquiry);
  inquiry.arrival = ++last_arrival_;
  inquiry.placed_at = std::max(Instant(), std::min(now_, command.arrived_at));
  SetStage(slot, Stage::kWaiting);
  Touch(slot);
  for (const AskedExclusion& asked : command.exclude) {
    const Slot agent = HoldAgent(asked.agent);
    AddExclusion(slot, agent, asked.length, false);
    DropAgent(agent);
  }
  Begin(slot);
  TellPlaced(slot, command.features, diversions > 0 ? first_queue : kNone, Instant());
  Looks(slot, OfferReason::kArrival);
  const Sticky& sticky = rules_.policy().sticky;
  if (command.preferred.empty() && inquiry.extra == kNone && !sticky.linked && !inquiry.repeat &&
      sticky.last_agent == Duration(0)) {
    return;
  }
  Slots asked;
  for (const AgentName& name : command.preferred) {
    const Slot agent = FindAgent(name);
    if (agent != kNone) asked.push_back(agent);
  }
  ReserveForPreferred(slot, asked, command.prefer_for);
}

void Engine::Desk::TellPlaced(Slot slot, const Features& features, Slot diverted_from,
                              Instant starts_at) {
  const Inquiry& inquiry = inquiries_[slot];
  InquiryPlaced& placed = Emit<InquiryPlaced>();
  placed.inquiry = inquiry.id;
  placed.conversation = inquiry.conversation;
  placed.customer = inquiry.customer;
  placed.message = inquiry.message;
  placed.features = features;
  placed.queue = QueueOf(inquiry).name;
  if (inquiry.route != kNone) placed.route = rules_.policy().routes[inquiry.route].name;
  placed.priority = inquiry.priority;
  placed.sla = QueueOf(inquiry).sla;
  placed.due = inquiry.due;
  if (diverted_from != kNone) placed.diverted_from = rules_.policy().queues[diverted_from].name;
  placed.repeat = inquiry.repeat;
  placed.arrived_at = inquiry.placed_at;
  placed.starts_at = starts_at;
  placed.reopens = ExtraOf(inquiry).reopens;
}

// As the command says, not routed yet; it can be found, and counts for no queue.
// `channel` is held for it.
Engine::Desk::Slot Engine::Desk::Describe(const PlaceInquiry& command, Slot channel, Slot queue) {
  const Slot slot = inquiries_.Add();
  inquiry_rows_.Mark(slot);
  Inquiry& inquiry = inquiries_[slot];
  const Features& features = command.features;
  inquiry.id = command.inquiry;
  inquiry.conversation = command.conversation;
  inquiry.customer = command.customer;
  inquiry.message = command.message;
  inquiry.channel = channel;
  if (!features.language.none()) inquiry.language = lexicon_.languages.Add(features.language);
  if (!features.topic.none()) inquiry.topic = lexicon_.topics.Add(features.topic);
  if (!features.tier.none()) AboutFor(inquiry).tier = lexicon_.tiers.Add(features.tier);
  if (!features.order_status.none()) {
    AboutFor(inquiry).order_status = lexicon_.statuses.Add(features.order_status);
  }
  if (!features.order.none()) AboutFor(inquiry).order = features.order;
  if (features.value != 0) AboutFor(inquiry).value = features.value;
  inquiry.sentiment = features.sentiment;
  inquiry.on_site = features.on_site;
  inquiry.queue_named = queue != kNone;
  if (queue != kNone) inquiry.queue = queue;
  if (command.priority) inquiry.priority_named = *command.priority;
  inquiry.unanswered = command.message.none() ? 0 : 1;
  inquiry.stage = Stage::kScheduled;
  inquiry_of_.Insert(inquiry.id, slot);
  if (!inquiry.conversation.none()) inquiry_of_conversation_.Insert(inquiry.conversation, slot);
  if (!inquiry.customer.none() && rules_.policy().sticky.linked) {
    of_customer_.Put(inquiry.customer, slot);
  }
  if (!features.order.none()) of_order_.Put(features.order, slot);

  const Policy& policy = rules_.policy();
  inquiry.repeat = IsRepeat(inquiry);
  if (policy.reopen > Duration(0) && !inquiry.conversation.none()) {
    const Slot resolved = resolved_.Newest(inquiry.conversation);
    if (resolved != kNone && now_ - resolved_[resolved].at <= policy.reopen) {
      ExtraFor(inquiry).reopens = resolved_[resolved].what;
    }
  }
  return slot;
}

// The customer asked on its topic lately.
bool Engine::Desk::IsRepeat(const Inquiry& inquiry) const {
  const Duration window = rules_.policy().sticky.repeat;
  if (window == Duration(0) || inquiry.customer.none() || inquiry.topic == kNone) return false;
  const Slot memory = memories_.Find(inquiry.customer, inquiry.topic);
  return memory != kNone && now_ - memories_[memory].at <= window;
}

// It waits from its start on.
void Engine::Desk::Schedule(Slot slot, const PlaceInquiry& command) {
  Inquiry& inquiry = inquiries_[slot];
  inquiry.arrival = ++last_arrival_;
  inquiry.placed_at = command.starts_at;
  TakeUnits(inquiry);
  if (!command.preferred.empty()) {
    for (const AgentName& name : command.preferred) {
      ExtraFor(inquiry).preferred.push_back(HoldAgent(name));
    }
  }
  if (command.prefer_for != Duration(0)) ExtraFor(inquiry).prefer_for = command.prefer_for;
  for (const AskedExclusion& asked : command.exclude) {
    const Slot agent = HoldAgent(asked.agent);
    AddExclusion(slot, agent, asked.length, false);
    DropAgent(agent);
  }
  ExtraFor(inquiry).wake =
      SetTimerAt(TimerKind::kStart, slot, command.starts_at, command.starts_at - now_);
  TellPlaced(slot, command.features, kNone, command.starts_at);
}

void Engine::Desk::Begin(Slot slot) {
  Inquiry& inquiry = inquiries_[slot];
  TakeUnits(inquiry);
  StartClock(slot, Target::kFirstResponse, inquiry.placed_at);
  StartClock(slot, Target::kResolution, inquiry.placed_at);
  StartStep(slot);
  StartEscalation(slot);
  StartStarving(slot);
}

void Engine::Desk::Start(Slot slot) {
  Inquiry& inquiry = inquiries_[slot];
  ClearWake(inquiry);
  const Slot first_queue = inquiry.queue;
  int diversions = 0;
  const RejectReason refused = Divert(slot, diversions);
  if (refused != RejectReason::kNone) {
    Emit<InquiryRejected>() = {inquiry.id, inquiry.message, QueueOf(inquiry).name, refused};
    return Leave(slot);
  }
  if (first_queue != inquiry.queue && inquiry.step > QueueOf(inquiry).steps.size())
    inquiry.step = 0;
  Ask(inquiry);
  SetStage(slot, Stage::kWaiting);
  Touch(slot);
  inquiry.placed_at = now_;
  Begin(slot);
  InquiryStarted& started = Emit<InquiryStarted>();
  started.inquiry = inquiry.id;
  started.queue = QueueOf(inquiry).name;
  if (diversions > 0) started.diverted_from = rules_.policy().queues[first_queue].name;
  started.priority = inquiry.priority;
  started.sla = QueueOf(inquiry).sla;
  started.due = inquiry.due;
  Looks(slot, OfferReason::kArrival);
  const Slots preferred = ExtraOf(inquiry).preferred;
  const Duration prefer_for = ExtraOf(inquiry).prefer_for;
  for (const Slot agent : preferred) ++agents_[agent].references;
  Unprefer(slot);
  if (inquiry.extra != kNone) extras_[inquiry.extra].prefer_for = Duration(0);
  ReserveForPreferred(slot, preferred, prefer_for);
  for (const Slot agent : preferred) DropAgent(agent);
}

RejectReason Engine::Desk::Divert(Slot slot, int& diversions) {
  Inquiry& inquiry = inquiries_[slot];
  for (; diversions < kDiversionsMost; ++diversions) {
    const QueueRule& rule = RuleOf(inquiry);
    const QueueRecord& facts = facts_[inquiry.queue];
    if (!rule.diverts_closed && rule.max_waiting == 0 && !rule.diverts_nobody) break;
    const Queue& queue = QueueOf(inquiry);
    Slot next = kNone;
    if (queue.when_closed != Refuge::kHold && !facts.is_open) {
      if (queue.when_closed == Refuge::kReject) return RejectReason::kQueueClosed;
      next = RuleOf(inquiry).closed_queue;
    } else if (queue.max_waiting > 0 && facts.queued >= queue.max_waiting) {
      if (queue.when_full == Refuge::kReject) return RejectReason::kQueueFull;
      next = RuleOf(inquiry).full_queue;
    } else if (queue.when_nobody != Refuge::kHold && !IsStaffedAtAll(inquiry)) {
      if (queue.when_nobody == Refuge::kReject) return RejectReason::kNobodyHere;
      next = RuleOf(inquiry).nobody_queue;
    } else {
      break;
    }
    inquiry.queue = next;
    inquiry.queue_named = true;
    inquiry.NamePriority(inquiry.priority);
  }
  return RejectReason::kNone;
}

void Engine::Desk::ReserveForPreferred(Slot slot, const Slots& asked, Duration prefer_for) {
  const Inquiry& inquiry = inquiries_[slot];
  const Slots preferred = PreferredFor(inquiry, asked);
  if (preferred.empty()) return;
  const Duration wait = prefer_for > Duration(0) ? prefer_for : rules_.policy().sticky.wait;
  const bool one_is_able = std::any_of(preferred.begin(), preferred.end(),
                                       [&](Slot agent) { return IsAble(agent, inquiry); });
  if (wait > Duration(0) || one_is_able) Reserve(slot, preferred, wait);
}

Engine::Desk::Slots Engine::Desk::PreferredFor(const Inquiry& inquiry, const Slots& asked) {
  const Sticky& sticky = rules_.policy().sticky;
  Slots wished = asked;
  const InquiryId reopens = ExtraOf(inquiry).reopens;
  const Slot resolved =
      inquiry.conversation.none() ? kNone : resolved_.Newest(inquiry.conversation);
  if (!reopens.none() && resolved != kNone && resolved_[resolved].what == reopens) {
    wished.push_back(resolved_[resolved].agent);
  }
  if (sticky.linked) {
    Slots linked = LinkedWith(FindInquiry(inquiry.id));
    std::reverse(linked.begin(), linked.end());  // the highest arrival first
    for (const Slot other : linked) {
      if (inquiries_[other].owner != kNone) wished.push_back(inquiries_[other].owner);
    }
  }
  const Slot memory = inquiry.customer.none() || !inquiry.repeat
                          ? kNone
                          : memories_.Find(inquiry.customer, inquiry.topic);
  if (sticky.repeat > Duration(0) && memory != kNone) wished.push_back(memories_[memory].agent);
  if (sticky.last_agent > Duration(0) && !inquiry.customer.none()) {
    const Slot newest = memories_.Newest(inquiry.customer);
    if (newest != kNone && now_ - memories_[newest].at <= sticky.last_agent) {
      wished.push_back(memories_[newest].agent);
    }
  }
  Slots preferred;
  for (const Slot agent : wished) {
    const bool twice = std::find(preferred.begin(), preferred.end(), agent) != preferred.end();
    if (agents_[agent].registered && !twice && preferred.size() < limits_.preferred_max) {
      preferred.push_back(agent);
    }
  }
  return preferred;
}

}  // namespace usher::engine
