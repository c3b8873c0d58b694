#include "story.h"

#include <algorithm>
#include <variant>

#include "core/hash.h"

namespace usher::insights {
namespace {

constexpr const char* kDesks[] = {"shop", "garden"};
constexpr const char* kQueues[] = {"billing", "delivery", "other"};
constexpr const char* kAgents[] = {"ana", "ben", "cleo", "dan"};
constexpr const char* kLanguages[] = {"uk", "en", ""};
constexpr const char* kTopics[] = {"delivery", "refund", "other"};

}  // namespace

Story::Story(std::uint64_t seed, std::int32_t partition)
    : random_(seed), now_(FromMicros(1'700'000'000'000'000)) {
  last_.log = LogId::Of("log" + std::to_string(partition));
  last_.partition = partition;
}

std::uint64_t Story::Draw(std::uint64_t below) {
  random_ += 0x9e3779b97f4a7c15ULL;
  return Mix64(random_) % below;
}

wire::DecisionRecord Story::Say(const std::string& desk, Duration after, DecisionBody body) {
  wire::DecisionRecord record;
  record.previous = last_.none() ? Stamp() : last_;
  Stamp stamp = last_;
  if (!last_.none() && Draw(3) == 0) {
    ++stamp.index;  // of the same command
  } else {
    stamp.offset += 1 + static_cast<std::int64_t>(Draw(3));
    stamp.index = 0;
  }
  last_ = record.stamp = stamp;
  now_ += after;
  record.desk = DeskName::Of(desk);
  record.command_at = now_;
  record.decision = Decision{now_, std::move(body)};
  return record;
}

std::vector<wire::DecisionRecord> Story::Tell(std::size_t count) {
  std::vector<wire::DecisionRecord> told;
  for (std::size_t i = 0; i < count; ++i) told.push_back(NextOne());
  return told;
}

wire::DecisionRecord Story::NextOne() {
  const Duration after = std::chrono::milliseconds(Draw(5'000));
  const auto desk = DeskName::Of(kDesks[Draw(2)]);
  if (live_.size() < 3 || Draw(10) < 2) return Say(desk.ToString(), after, Place(desk));
  if (Draw(12) == 0) return Say(desk.ToString(), after, AgentStory());
  const std::size_t index = Draw(live_.size());
  const std::string its_desk = live_[index].desk.ToString();
  now_ += after;
  DecisionBody body = Go(index);
  return Say(its_desk, Duration::zero(), std::move(body));
}

DecisionBody Story::Place(const DeskName& desk) {
  const std::uint64_t number = ++inquiries_;
  const auto inquiry = InquiryId::Of("inquiry" + std::to_string(number));
  const auto queue = QueueName::Of(kQueues[Draw(3)]);
  if (Draw(15) == 0) {
    return InquiryRejected{inquiry, MessageId::Of("m"), queue, RejectReason::kQueueFull};
  }
  Live live;
  live.inquiry = inquiry;
  live.desk = desk;
  live.queue = queue;
  live.placed_at = now_;
  live.due = Draw(4) == 0 ? kNever : now_ + 60s;
  live_.push_back(live);
  Features features;
  features.channel = ChannelName::Of(Draw(2) == 0 ? "chat" : "email");
  features.language = LanguageName::Of(kLanguages[Draw(3)]);
  features.topic = TopicName::Of(kTopics[Draw(3)]);
  InquiryPlaced placed;
  placed.inquiry = inquiry;
  placed.features = features;
  placed.queue = queue;
  placed.route = RouteName::Of("r" + std::to_string(Draw(4)));
  placed.priority = static_cast<std::uint8_t>(Draw(10));
  placed.due = live.due;
  placed.arrived_at = now_;
  live_.back().priority = placed.priority;
  return placed;
}

DecisionBody Story::Go(std::size_t index) {
  Live& live = live_[index];
  if (Draw(20) == 0) return MessageJoined{live.inquiry, MessageId::Of("more")};
  if (live.due != kNever && !live.breached && !live.answered && now_ > live.due) {
    live.breached = true;
    return SlaBreached{live.inquiry, Target::kFirstResponse, live.due};
  }
  // Of several offers one was accepted: the other is taken back next.
  if (!live.second.none() && live.stage != Stage::kOffered) {
    const OfferRescinded over{live.second_offer, live.inquiry, live.second,
                              RescindCause::kTakenByAnother};
    live.second = AgentName();
    return over;
  }
  if (live.stage == Stage::kWaiting) return GoWaiting(index);
  return live.stage == Stage::kOffered ? GoOffered(live) : GoAssigned(index);
}

DecisionBody Story::GoWaiting(std::size_t index) {
  Live& live = live_[index];
  if (Draw(12) == 0) {
    const InquiryAbandoned gone{live.inquiry, now_ - live.placed_at};
    live_.erase(live_.begin() + static_cast<std::ptrdiff_t>(index));
    return gone;
  }
  if (Draw(12) == 0) {
    const InquiryCancelled gone{live.inquiry, CancelReason::kSpam};
    live_.erase(live_.begin() + static_cast<std::ptrdiff_t>(index));
    return gone;
  }
  if (Draw(12) == 0) {
    live.queue = QueueName::Of(kQueues[Draw(3)]);
    return InquiryRerouted{live.inquiry, live.queue, RouteName::Of("new"), 3, SlaName(), live.due};
  }
  switch (Draw(40)) {
    case 0:
      return InquiryRelaxed{live.inquiry, static_cast<std::uint32_t>(1 + Draw(3)), Draw(2) == 0};
    case 1:
      live.queue = QueueName::Of(kQueues[Draw(3)]);
      live.priority = static_cast<std::uint8_t>(Draw(10));
      return InquiryEscalated{live.inquiry, live.queue, live.priority,
                              static_cast<EscalateReason>(1 + live.priority % 3)};
    case 2:
      return InquiryReserved{live.inquiry, {AgentName::Of(kAgents[Draw(4)])}, now_ + 30s};
    case 3:
      return ReservationEnded{live.inquiry};
    case 4:
      return InquiryStarving{live.inquiry};
    case 6:
      if (live.due == kNever) return InquiryStarving{live.inquiry};
      return BreachForecast{live.inquiry, live.due, 90s};
    case 7:
      if (live.due == kNever || live.breached) return ReservationEnded{live.inquiry};
      live.due += 5s;  // as a pause would have moved it
      return SlaWarned{live.inquiry, Target::kFirstResponse, live.due, 500};
    case 5: {
      Features features;
      features.channel = ChannelName::Of("chat");
      features.on_site = true;
      live.priority = static_cast<std::uint8_t>(Draw(10));
      return InquiryUpdated{live.inquiry, features, live.priority};
    }
    default:
      break;
  }
  live.stage = Stage::kOffered;
  live.agent = AgentName::Of(kAgents[Draw(4)]);
  live.offer = OfferId{++offers_};
  return OfferMade{live.offer, live.inquiry, live.agent,
                   live.queue, now_ + 20s,   OfferReason::kArrival};
}

DecisionBody Story::GoOffered(Live& live) {
  const std::uint64_t way = Draw(10);
  if (live.second.none() && Draw(4) == 0) {
    live.second = AgentName::Of(kAgents[Draw(4)]);
    if (live.second == live.agent) live.second = AgentName::Of("eva");
    live.second_offer = OfferId{++offers_};
    return OfferMade{live.second_offer, live.inquiry, live.second,
                     live.queue,        now_ + 20s,   OfferReason::kArrival};
  }
  if (way < 7) {
    live.stage = live.answered ? Stage::kAnswered : Stage::kAssigned;
    live.accepted_at = now_;
    return OfferAccepted{live.offer, live.inquiry, live.agent, false};
  }
  const OfferId offer = live.offer;
  const AgentName agent = live.agent;
  if (live.second.none()) {
    live.stage = Stage::kWaiting;
  } else {  // the other offer stands
    live.offer = live.second_offer;
    live.agent = live.second;
    live.second = AgentName();
  }
  if (way == 7) return OfferDeclined{offer, live.inquiry, agent, DeclineReason::kBusy};
  if (way == 8) return OfferExpired{offer, live.inquiry, agent};
  return OfferRescinded{offer, live.inquiry, agent, RescindCause::kAgentUnavailable};
}

DecisionBody Story::GoAssigned(std::size_t index) {
  Live& live = live_[index];
  if (Draw(15) == 0) {
    live.stage = Stage::kWaiting;
    return InquiryRequeued{live.inquiry, live.agent, static_cast<RequeueReason>(1 + Draw(4))};
  }
  if (!live.answered || Draw(2) == 0) {
    const bool first = !live.answered;
    live.answered = true;
    live.stage = Stage::kAnswered;
    return InquiryAnswered{live.inquiry, live.agent, first, now_ - live.placed_at};
  }
  const InquiryResolved resolved{live.inquiry, live.agent, now_ - live.accepted_at,
                                 now_ - live.placed_at};
  live_.erase(live_.begin() + static_cast<std::ptrdiff_t>(index));
  return resolved;
}

DecisionBody Story::AgentStory() {
  const auto agent = AgentName::Of(kAgents[Draw(4)]);
  switch (Draw(3)) {
    case 0:
      return AgentRegistered{agent, {}, 1, {}};
    case 1:
      return AgentRemoved{agent};
    default:
      return PresenceChanged{agent, static_cast<Presence>(Draw(5)), AwayReason::kNone};
  }
}

namespace {

struct OpenOne {
  std::string queue;
  bool assigned = false;
  bool answered = false;
  bool foretold = false;
  Instant due = kNever;
};

struct Counter {
  Recount& desk;
  std::map<InquiryId, OpenOne>& open;

  void End(const InquiryId& inquiry, const char* how) {
    ++desk.totals[how];
    open.erase(inquiry);
  }

  void operator()(const InquiryPlaced& d) {
    ++desk.totals["placed"];
    ++desk.totals["queue/" + d.queue.ToString()];
    ++desk.totals["language/" +
                  (d.features.language.none() ? "unknown" : d.features.language.ToString())];
    ++desk.totals["topic/" + d.features.topic.ToString()];
    open[d.inquiry] = {d.queue.ToString(), false, false, false, d.due};
  }
  void operator()(const MessageJoined&) { ++desk.totals["joined"]; }
  void operator()(const InquiryRejected&) { ++desk.totals["rejected"]; }
  void operator()(const InquiryRerouted& d) {
    open.at(d.inquiry).queue = d.queue.ToString();
    open.at(d.inquiry).due = d.due;
  }
  void operator()(const OfferMade&) { ++desk.totals["offer/made"]; }
  void operator()(const OfferAccepted& d) {
    ++desk.totals["offer/accepted"];
    open.at(d.inquiry).assigned = true;
  }
  void operator()(const OfferDeclined&) { ++desk.totals["offer/declined"]; }
  void operator()(const OfferExpired&) { ++desk.totals["offer/expired"]; }
  void operator()(const OfferRescinded&) { ++desk.totals["offer/rescinded"]; }
  void operator()(const InquiryRelaxed&) { ++desk.totals["relaxed"]; }
  void operator()(const InquiryEscalated& d) {
    ++desk.totals["escalated"];
    open.at(d.inquiry).queue = d.queue.ToString();
  }
  void operator()(const InquiryReserved&) { ++desk.totals["reserved"]; }
  void operator()(const InquiryStarving&) { ++desk.totals["starved"]; }
  void operator()(const InquiryUpdated&) { ++desk.totals["updated"]; }
  void operator()(const InquiryAnswered& d) {
    desk.totals["answered"] += d.first ? 1 : 0;
    open.at(d.inquiry).answered = true;
    open.at(d.inquiry).foretold = false;
  }
  void operator()(const InquiryResolved& d) { End(d.inquiry, "resolved"); }
  void operator()(const InquiryCancelled& d) { End(d.inquiry, "cancelled"); }
  void operator()(const InquiryAbandoned& d) { End(d.inquiry, "abandoned"); }
  void operator()(const InquiryRequeued& d) {
    static constexpr const char* kReasons[] = {"none", "agent_removed", "no_reply", "agent_gone",
                                               "transferred"};
    ++desk.totals[std::string("requeue/") + kReasons[static_cast<int>(d.reason)]];
    open.at(d.inquiry).assigned = false;
  }
  void operator()(const SlaBreached& d) {
    ++desk.totals["breached"];
    open.at(d.inquiry).foretold = false;
  }
  void operator()(const SlaWarned& d) { open.at(d.inquiry).due = d.due; }
  void operator()(const BreachForecast& d) { open.at(d.inquiry).foretold = true; }
  template <class Other>
  void operator()(const Other&) {}
};

}  // namespace

std::map<std::string, Recount> CountAgain(const std::vector<wire::DecisionRecord>& decisions) {
  std::map<std::string, Recount> desks;
  std::map<std::string, std::map<InquiryId, OpenOne>> open;
  for (const wire::DecisionRecord& record : decisions) {
    const std::string desk = record.desk.ToString();
    std::visit(Counter{desks[desk], open[desk]}, record.decision.body);
  }
  for (auto& [desk, inquiries] : open) {
    Recount& recount = desks[desk];
    for (const auto& [inquiry, one] : inquiries) {
      ++(one.assigned ? recount.assigned : recount.waiting)[one.queue];
      if (one.foretold) ++recount.foretold[one.queue];
      if (one.assigned || one.answered || one.due == kNever) continue;
      const auto [due, first] = recount.earliest_due.try_emplace(one.queue, one.due);
      due->second = std::min(due->second, one.due);
    }
  }
  return desks;
}

}  // namespace usher::insights
