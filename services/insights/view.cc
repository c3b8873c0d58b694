#include "insights/view.h"

#include <algorithm>
#include <variant>

#include "insights/counts.h"
#include "insights/keys.h"
#include "insights/labels.h"
#include "insights/view_taking.h"

namespace usher::insights {

namespace {

// A newcomer, or one whose time has come, was not taken by its queue.
bool RefusedByQueue(RejectReason reason) {
  return reason == RejectReason::kQueueFull || reason == RejectReason::kNobodyHere ||
         reason == RejectReason::kQueueClosed;
}

// Where those are counted that do not wait for an agent.
std::uint32_t LiveQueue::*Lane(Standing standing) {
  if (standing == Standing::kScheduled) return &LiveQueue::scheduled;
  if (standing == Standing::kPending) return &LiveQueue::pending;
  return &LiveQueue::assigned;
}

// Where those are counted that take units of an agent, or may do so; null: they take none.
std::uint32_t ChannelLoad::*LoadOf(Standing standing) {
  if (standing == Standing::kScheduled) return nullptr;
  return standing == Standing::kPending ? &ChannelLoad::pending : &ChannelLoad::assigned;
}

bool HasFirstDue(const InquiryRow& row) { return row.due != kNever && row.answered_at == kNever; }

}  // namespace

QueueRow LiveQueue::Row() const {
  QueueRow row;
  row.waiting = static_cast<std::uint32_t>(waiting_ids.size());
  row.assigned = assigned;
  row.scheduled = scheduled;
  row.pending = pending;
  if (!waiting_ids.empty()) row.oldest_placed_at = waiting_ids.begin()->first;
  if (!due_ids.empty()) row.earliest_due = due_ids.begin()->first;
  row.foretold = foretold;
  return row;
}

void View::Take(const wire::DecisionRecord& record, std::string_view bytes, std::int64_t offset) {
  if (!watermark_) {
    // The store knows nothing of this partition, yet parts of an earlier view may have survived.
    writes_.push_back(store::DeleteKey{OpenTable(partition_)});
    writes_.push_back(store::DeleteKey{AgentTable(partition_)});
    writes_.push_back(store::DeleteKey{DeskTable(partition_)});
    facts_.Clear();
    reviews_.Clear();
  }
  const auto [desk, is_new] = desks_.try_emplace(record.desk);
  if (is_new) {
    writes_.push_back(store::DeleteKey{CountTable(record.desk)});
    writes_.push_back(store::DeleteKey{QueueTable(record.desk)});
    writes_.push_back(store::PutRow{DeskTable(partition_), record.desk.ToString(), ""});
  }
  Taking taking{record, bytes, offset, desk->second};
  Count(taking, kCountDecisions);
  facts_.Before(record, desk->second);
  const bool told = reviews_.Take(record, desk->second, facts_);
  std::visit([&](const auto& body) { On(taking, body); }, record.decision.body);
  if (told) SaidAfterwards(taking);
  facts_.After(record, desk->second);

  const Instant before = watermark_ ? watermark_->at : Instant();
  watermark_ = Watermark{record.stamp, offset + 1, std::max(before, record.decision.at)};
}

void View::On(Taking& taking, const InquiryPlaced& placed) {
  // A view that is built anew meets what the old one left; so does an id that is used again.
  writes_.push_back(store::DeleteKey{TimelineKey(taking.desk_name(), placed.inquiry)});
  writes_.push_back(store::DeleteKey{EndedKey(taking.desk_name(), placed.inquiry)});
  if (const InquiryRow* open = Find(taking, placed.inquiry)) Leave(taking.desk, *open);
  InquiryRow row;
  row.inquiry = placed.inquiry;
  row.queue = placed.queue;
  row.route = placed.route;
  row.priority = std::min<std::uint8_t>(placed.priority, kPriorities - 1);
  row.features = placed.features;
  // Records of before imports say 1970.
  row.placed_at = placed.arrived_at == Instant() ? taking.at() : placed.arrived_at;
  row.due = placed.due;
  row.repeat = placed.repeat;
  row.diverted_from = placed.diverted_from;
  row.reopens = placed.reopens;
  if (placed.starts_at != Instant()) {
    row.standing = Standing::kScheduled;
    row.starts_at = placed.starts_at;
  }
  row.messages = 1;
  InquiryRow& live = taking.desk.inquiries[placed.inquiry] = row;
  Enter(taking.desk, live);
  Touch(taking, live);
  Entry(taking, live);
  Count(taking, kCountPlaced);
  Count(taking, kCountByQueue + placed.queue.ToString());
  Count(taking, kCountByLanguage + OrUnknown(placed.features.language.view()));
  Count(taking, kCountByTopic + OrUnknown(placed.features.topic.view()));
  Observe(taking, Observation::Kind::kInquiry, placed.queue, kCountPlaced);
}

void View::On(Taking& taking, const MessageJoined& joined) {
  Count(taking, kCountJoined);
  InquiryRow* row = Find(taking, joined.inquiry);
  Observe(taking, Observation::Kind::kInquiry, row ? row->queue : QueueName(), kCountJoined);
  if (!row) return;
  ++row->messages;
  if (row->answered_at != kNever && row->asked_at == kNever) row->asked_at = taking.at();
  Entry(taking, *row, /*repeats=*/true);
}

void View::On(Taking& taking, const InquiryRejected& rejected) {
  if (IsLoss(rejected)) {
    Count(taking, kCountRejected);
    Observe(taking, Observation::Kind::kInquiry, rejected.queue, kCountRejected);
  }
  if (InquiryRow* open = Find(taking, rejected.inquiry)) {
    // Either its id is taken, or its time came and its queue took it not.
    if (open->standing == Standing::kScheduled && RefusedByQueue(rejected.reason)) {
      Leaves(taking, *open, Standing::kRejected);
    } else {
      Entry(taking, *open, /*repeats=*/true);
    }
    return;
  }
  InquiryRow row;
  row.inquiry = rejected.inquiry;
  row.standing = Standing::kRejected;
  row.queue = rejected.queue;
  row.placed_at = row.ended_at = taking.at();
  row.messages = row.entries = 1;
  const std::string timeline = TimelineKey(taking.desk_name(), rejected.inquiry);
  writes_.push_back(store::DeleteKey{timeline});
  writes_.push_back(store::PushToList{timeline, std::string(taking.bytes), ended_ttl_});
  writes_.push_back(store::PutValue{EndedKey(taking.desk_name(), rejected.inquiry),
                                    EncodeInquiry(row), ended_ttl_});
}

void View::On(Taking& taking, const InquiryRerouted& rerouted) {
  InquiryRow* row = Find(taking, rerouted.inquiry);
  if (!row) return;
  Transfer(taking, *row, rerouted.queue, rerouted.priority);
  row->route = rerouted.route;
  Alter(taking, *row, [&] { row->due = rerouted.due; });
  Entry(taking, *row);
}

void View::On(Taking& taking, const OfferMade& made) {
  Count(taking, kCountOffers + std::string(kMade));
  Observe(taking, Observation::Kind::kOffer, made.queue, kMade);
  Observe(taking, Observation::Kind::kAsked, made.queue, Label(made.reason));
  InquiryRow* row = Find(taking, made.inquiry);
  if (!row) return;
  if (row->offers == 0) {
    Observe(taking, Observation::Kind::kOfferWait, made.queue).value = taking.at() - row->placed_at;
  }
  ++row->offers;
  row->offered_at = taking.at();
  row->asked.push_back(made.agent);
  row->agent = row->asked.front();
  Move(taking, *row, Standing::kOffered);
  Entry(taking, *row, /*repeats=*/true);
}

void View::On(Taking& taking, const OfferAccepted& accepted) {
  Count(taking, kCountOffers + std::string(kAccepted));
  InquiryRow* row = Find(taking, accepted.inquiry);
  const QueueName queue = row ? row->queue : QueueName();
  Observe(taking, Observation::Kind::kOffer, queue, kAccepted);
  if (!row) return;
  if (!accepted.automatic && row->offered_at != kNever) {
    Observe(taking, Observation::Kind::kAccept, queue).value = taking.at() - row->offered_at;
  }
  row->agent = accepted.agent;
  row->asked.clear();  // the offers to others are taken back next
  row->starving = false;
  row->reserved_until = kNever;
  Move(taking, *row, row->answered_at == kNever ? Standing::kAssigned : Standing::kAnswered);
  Entry(taking, *row, /*repeats=*/true);
}

template <class Ended>
void View::OfferEnded(Taking& taking, const Ended& ended, const char* outcome) {
  Count(taking, kCountOffers + std::string(outcome));
  InquiryRow* row = Find(taking, ended.inquiry);
  Observe(taking, Observation::Kind::kOffer, row ? row->queue : QueueName(), outcome);
  if (!row) return;
  const auto asked = std::find(row->asked.begin(), row->asked.end(), ended.agent);
  if (asked != row->asked.end()) row->asked.erase(asked);
  // Of an inquiry that another agent has by now, nothing else changes.
  if (row->standing == Standing::kOffered) {
    row->agent = row->asked.empty() ? AgentName() : row->asked.front();
    if (row->asked.empty()) Move(taking, *row, Standing::kWaiting);
  }
  Entry(taking, *row, /*repeats=*/true);
}

void View::On(Taking& taking, const OfferDeclined& declined) {
  OfferEnded(taking, declined, kDeclined);
  InquiryRow* row = Find(taking, declined.inquiry);
  Observe(taking, Observation::Kind::kDecline, row ? row->queue : QueueName(),
          Label(declined.reason));
}

void View::On(Taking& taking, const OfferExpired& expired) {
  OfferEnded(taking, expired, kExpired);
}

void View::On(Taking& taking, const OfferRescinded& rescinded) {
  OfferEnded(taking, rescinded, kRescinded);
  const InquiryRow* row = Find(taking, rescinded.inquiry);
  Observe(taking, Observation::Kind::kRescind, row ? row->queue : QueueName(),
          Label(rescinded.cause));
}

void View::On(Taking& taking, const InquiryAnswered& answered) {
  InquiryRow* row = Find(taking, answered.inquiry);
  if (answered.first) {
    Count(taking, kCountAnswered);
    Count(taking, FirstResponseRow(answered.since_placed));
    Observe(taking, Observation::Kind::kInquiry, row ? row->queue : QueueName(), kCountAnswered);
  }
  if (!row) return;
  if (answered.first) {
    Observation& response = Observe(taking, Observation::Kind::kFirstResponse, row->queue);
    response.channel = row->features.channel;
    response.value = answered.since_placed;
  } else if (row->asked_at != kNever) {
    Observe(taking, Observation::Kind::kNextResponse, row->queue).value =
        taking.at() - row->asked_at;
  }
  row->asked_at = kNever;
  Alter(taking, *row, [&] {
    if (answered.first) row->answered_at = taking.at();
    row->foretold = false;
  });
  if (!answered.outside) row->agent = answered.agent;
  // Who waits for the customer may write meanwhile; what waits for an agent still does.
  const bool owned = !answered.outside || row->standing == Standing::kAssigned;
  if (owned && row->standing != Standing::kPending) Move(taking, *row, Standing::kAnswered);
  Entry(taking, *row, /*repeats=*/!answered.first);
}

void View::Ends(Taking& taking, const InquiryId& inquiry, Standing standing, const char* outcome) {
  Count(taking, outcome);
  InquiryRow* row = Find(taking, inquiry);
  Observe(taking, Observation::Kind::kInquiry, row ? row->queue : QueueName(), outcome);
  if (row) Leaves(taking, *row, standing);
}

void View::Leaves(Taking& taking, InquiryRow& row, Standing standing) {
  const InquiryId inquiry = row.inquiry;
  Touch(taking, row);
  Leave(taking.desk, row);
  row.standing = standing;
  row.ended_at = taking.at();
  ++row.entries;
  writes_.push_back(store::PushToList{TimelineKey(taking.desk_name(), inquiry),
                                      std::string(taking.bytes), ended_ttl_});
  writes_.push_back(
      store::PutValue{EndedKey(taking.desk_name(), inquiry), EncodeInquiry(row), ended_ttl_});
  taking.desk.inquiries.erase(inquiry);
}

void View::On(Taking& taking, const InquiryResolved& resolved) {
  if (const InquiryRow* row = Find(taking, resolved.inquiry)) {
    Observe(taking, Observation::Kind::kHandling, row->queue).value = resolved.handled;
    Observe(taking, Observation::Kind::kResolution, row->queue).value = resolved.since_placed;
  }
  Ends(taking, resolved.inquiry, Standing::kResolved, kCountResolved);
}

void View::On(Taking& taking, const InquiryCancelled& cancelled) {
  Ends(taking, cancelled.inquiry, Standing::kCancelled, kCountCancelled);
}

void View::On(Taking& taking, const InquiryAbandoned& abandoned) {
  Ends(taking, abandoned.inquiry, Standing::kAbandoned, kCountAbandoned);
}

void View::On(Taking& taking, const InquiryRequeued& requeued) {
  Count(taking, kCountRequeues + std::string(Label(requeued.reason)));
  InquiryRow* row = Find(taking, requeued.inquiry);
  Observe(taking, Observation::Kind::kRequeue, row ? row->queue : QueueName(),
          Label(requeued.reason));
  if (!row) return;
  row->agent = AgentName();
  Move(taking, *row, Standing::kWaiting);
  Entry(taking, *row);
}

void View::On(Taking& taking, const WrapUpEnded& ended) {
  // The inquiry itself is over; its timeline lives on for its time.
  writes_.push_back(store::PushToList{TimelineKey(taking.desk_name(), ended.inquiry),
                                      std::string(taking.bytes), ended_ttl_});
}

void View::On(Taking& taking, const AgentRegistered& registered) {
  const auto [agent, is_new] = taking.desk.agents.try_emplace(registered.agent);
  if (!is_new) CountAgent(taking.desk, agent->second, -1);
  agent->second.units = registered.units;
  agent->second.profile = {registered.skills, registered.attributes};
  agent->second.bot = registered.bot;
  CountAgent(taking.desk, agent->second, 1);
  TouchAgent(taking, registered.agent);
}

void View::On(Taking& taking, const AgentRemoved& removed) {
  const auto agent = taking.desk.agents.find(removed.agent);
  if (agent == taking.desk.agents.end()) return;
  CountAgent(taking.desk, agent->second, -1);
  taking.desk.agents.erase(agent);
  TouchAgent(taking, removed.agent);
}

void View::On(Taking& taking, const PresenceChanged& changed) {
  const auto [agent, is_new] = taking.desk.agents.try_emplace(changed.agent);
  if (!is_new) CountAgent(taking.desk, agent->second, -1);
  agent->second.presence = changed.presence;
  agent->second.away = changed.away;
  CountAgent(taking.desk, agent->second, 1);
  TouchAgent(taking, changed.agent);
}

void View::TouchAgent(Taking& taking, const AgentName& agent) {
  dirty_agents_.emplace(taking.desk_name(), agent);
  dirty_desks_.insert(taking.desk_name());
}

void View::On(Taking& taking, const PolicyApplied&) {
  Observe(taking, Observation::Kind::kPolicy, QueueName());
}

void View::On(Taking& taking, const CommandRepeated& repeated) {
  Observe(taking, Observation::Kind::kRepeat, QueueName(), Label(repeated.reason));
}

void View::On(Taking& taking, const CommandRejected& rejected) {
  static const std::size_t kReply = CommandBody(RecordReply()).index();
  if (rejected.inquiry.none() && rejected.command == kReply &&
      rejected.reason == RejectReason::kUnknownInquiry) {
    Observe(taking, Observation::Kind::kStrayReply, QueueName());
  }
  if (rejected.inquiry.none()) return;
  if (InquiryRow* row = Find(taking, rejected.inquiry)) Entry(taking, *row, /*repeats=*/true);
}

InquiryRow* View::Find(Taking& taking, const InquiryId& inquiry) {
  const auto found = taking.desk.inquiries.find(inquiry);
  if (found == taking.desk.inquiries.end()) return nullptr;
  dirty_inquiries_.emplace(taking.desk_name(), inquiry);
  return &found->second;
}

void View::Count(Taking& taking, const std::string& name) { ++counts_[{taking.desk_name(), name}]; }

Observation& View::Observe(Taking& taking, Observation::Kind kind, const QueueName& queue,
                           const char* label) {
  Observation& observation = observations_.emplace_back();
  observation.kind = kind;
  observation.offset = taking.offset;
  observation.desk = taking.desk_name();
  observation.queue = queue;
  observation.label = label;
  return observation;
}

void View::Entry(Taking& taking, InquiryRow& row, bool repeats) {
  if (row.entries >= (repeats ? kTimelineRepeatsMax : kTimelineMax - 1)) return;
  ++row.entries;
  writes_.push_back(store::PushToList{TimelineKey(taking.desk_name(), row.inquiry),
                                      std::string(taking.bytes), store::kKeep});
}

void View::Enter(LiveDesk& desk, const InquiryRow& row) {
  LiveQueue& queue = desk.queues[row.queue];
  if (Waits(row.standing)) {
    ++queue.waiting[row.priority];
    queue.waiting_ids.emplace(row.placed_at, row.inquiry);
    queue.waiting_by_priority[row.priority].emplace(row.placed_at, row.inquiry);
    if (HasFirstDue(row)) queue.due_ids.emplace(row.due, row.inquiry);
  } else {
    ++(queue.*Lane(row.standing));
    if (auto load = LoadOf(row.standing)) ++(desk.loads[row.features.channel].*load);
  }
  if (row.foretold) ++queue.foretold;
}

void View::Leave(LiveDesk& desk, const InquiryRow& row) {
  LiveQueue& queue = desk.queues[row.queue];
  if (Waits(row.standing)) {
    --queue.waiting[row.priority];
    queue.waiting_ids.erase({row.placed_at, row.inquiry});
    queue.waiting_by_priority[row.priority].erase({row.placed_at, row.inquiry});
    queue.due_ids.erase({row.due, row.inquiry});
  } else {
    --(queue.*Lane(row.standing));
    if (auto load = LoadOf(row.standing)) --(desk.loads[row.features.channel].*load);
  }
  if (row.foretold) --queue.foretold;
}

void View::Move(Taking& taking, InquiryRow& row, Standing standing) {
  const bool waits = Waits(standing);
  const bool same = waits == Waits(row.standing) && (waits || Lane(standing) == Lane(row.standing));
  if (same) {
    row.standing = standing;
    return;
  }
  Leave(taking.desk, row);
  row.standing = standing;
  Enter(taking.desk, row);
  Touch(taking, row);
}

void View::Transfer(Taking& taking, InquiryRow& row, const QueueName& queue,
                    std::uint8_t priority) {
  Leave(taking.desk, row);
  Touch(taking, row);
  if (row.queue != queue) row.step = 0;
  row.queue = queue;
  row.priority = std::min<std::uint8_t>(priority, kPriorities - 1);
  Enter(taking.desk, row);
  Touch(taking, row);
}

void View::Touch(Taking& taking, const InquiryRow& row) {
  dirty_inquiries_.emplace(taking.desk_name(), row.inquiry);
  dirty_queues_.emplace(taking.desk_name(), row.queue);
}

}  // namespace usher::insights
