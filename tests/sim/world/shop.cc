#include "sim/world/shop.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "intake/handlers.h"
#include "journal/topics.h"
#include "model/limits.h"
#include "sim/world/office.h"
#include "sim/world/stories.h"
#include "usher/v1/event.pb.h"
#include "usher/v1/intake.pb.h"
#include "wire/records.h"
#include "wire/surface.h"

namespace usher::sim {
namespace {

constexpr Duration kPatience = 2s;  // of a caller, before it asks another
constexpr const char* kChannels[] = {"chat", "chat", "email"};
constexpr const char* kTexts[] = {"where is it", "a refund please", "hello", "refund or exchange"};
constexpr v1::OrderStatus kStatuses[] = {v1::ORDER_STATUS_PLACED, v1::ORDER_STATUS_SHIPPED,
                                         v1::ORDER_STATUS_LATE, v1::ORDER_STATUS_DELIVERED};

}  // namespace

Shop::Shop(Cluster::Parts parts, Cluster& cluster, Ledger& ledger)
    : parts_(std::move(parts)), cluster_(cluster), ledger_(ledger) {}

Instant Shop::Within(Instant from, Instant until) {
  return from + Duration(static_cast<std::int64_t>(
                    parts_.dice.Below(static_cast<std::uint64_t>((until - from).count()) + 1)));
}

void Shop::Plan(Instant from, Instant until) {
  Stories stories(parts_, ledger_, [this](Instant at, Event event) { Add(at, std::move(event)); });
  for (std::int64_t desk = 0; desk < parts_.workload.desks; ++desk) {
    const std::string name = absl::StrCat("desk-", desk);
    for (int i = 0; i < parts_.workload.messages; ++i) PlanMessage(i, name, Within(from, until));
    for (int i = 0; i < parts_.workload.orders; ++i) PlanOrder(i, name, Within(from, until));
    stories.Plan(name, from, until);
  }
}

void Shop::Add(Instant at, Event event) {
  const auto repeats = static_cast<std::uint64_t>(parts_.workload.repeat_permille);
  if (parts_.dice.Below(1000) < repeats)
    plan_.emplace(at + Within(Instant(), Instant(6s)).time_since_epoch(), event);
  plan_.emplace(at, std::move(event));
}

void Shop::PlanMessage(int number, const std::string& desk, Instant at) {
  kit::Dice& dice = parts_.dice;
  v1::MessageEvent event;
  const std::string id = absl::StrCat("m", number);
  event.set_desk(desk);
  event.set_event_id(id);
  // Few customers and conversations, so that messages join, come back and are linked.
  event.set_conversation_id(absl::StrCat("talk-", dice.Below(9)));
  event.set_customer_id(absl::StrCat("c", dice.Below(6)));
  event.set_channel(dice.Pick(kChannels));
  event.set_text(dice.Pick(kTexts));
  if (dice.Chance(30)) event.set_order_id(absl::StrCat("o", dice.Below(3)));
  if (dice.Chance(8)) *event.mutable_starts_at() = wire::ToTimestamp(at + 4s);
  const bool bad = dice.Below(1000) < static_cast<std::uint64_t>(parts_.workload.bad_permille);
  if (bad) event.clear_channel();
  Event planned;
  planned.desk = DeskName::Of(desk);
  if (!bad) {
    planned.taken = [this, desk = planned.desk, message = wire::MessageIdOf(planned.desk, id)] {
      ledger_.messages[message] = desk;
    };
  }
  planned.bytes = event.SerializeAsString();
  planned.topic = journal::kMessages;
  planned.partition =
      static_cast<std::int32_t>(dice.Below(static_cast<std::uint64_t>(parts_.workload.partitions)));
  planned.what = bad || dice.Chance(60) ? What::kTopic : What::kMessage;
  Add(at, std::move(planned));
  if (!bad && dice.Chance(30))
    PlanWord(id, desk, at + Within(Instant(), Instant(5s)).time_since_epoch());
}

void Shop::PlanOrder(int number, const std::string& desk, Instant at) {
  kit::Dice& dice = parts_.dice;
  v1::OrderEvent event;
  event.set_desk(desk);
  event.set_event_id(absl::StrCat("e", number));
  event.set_order_id(absl::StrCat("o", dice.Below(3)));
  event.set_customer_id(absl::StrCat("c", dice.Below(6)));
  event.set_status(dice.Pick(kStatuses));
  *event.mutable_happened_at() = wire::ToTimestamp(at);
  Event planned;
  planned.desk = DeskName::Of(desk);
  planned.bytes = event.SerializeAsString();
  planned.topic = journal::kOrders;
  planned.partition =
      static_cast<std::int32_t>(dice.Below(static_cast<std::uint64_t>(parts_.workload.partitions)));
  planned.what = dice.Chance(60) ? What::kTopic : What::kOrder;
  planned.taken =
      [this, order = std::pair{planned.desk, wire::OrderIdOf(planned.desk, event.order_id())}, at,
       status = static_cast<int>(event.status())] { ledger_.orders[order][at] = status; };
  Add(at, std::move(planned));
}

// What is said of an inquiry from outside, whether it is open by then or not: by its customer, by
// the shop, an agent who takes it, a supervisor, or somebody who asks.
CommandBody Shop::AWordOn(const InquiryId& inquiry, Instant at) {
  kit::Dice& dice = parts_.dice;
  const auto agent = [&] {
    return AgentName::Of(Office::AgentOf(
        static_cast<std::int64_t>(dice.Below(static_cast<std::uint64_t>(parts_.workload.agents)))));
  };
  switch (dice.Below(10)) {
    case 0:
    case 1:
      return AbandonInquiry{inquiry};
    case 2:
    case 3:
      return CancelInquiry{inquiry, CancelReason::kShop};
    case 4: {
      UpdateInquiry update;
      update.inquiry = inquiry;
      update.priority = static_cast<std::uint8_t>(dice.Below(kPriorities));
      update.on_site = dice.Chance(50);
      return update;
    }
    case 5:
      return TakeInquiry{inquiry, agent()};
    case 6:
      return AssignInquiry{inquiry, agent(), AgentName::Of(Office::AgentOf(0))};
    case 7:
      return ScheduleInquiry{inquiry, at + 3s};
    case 8:
      return EstimateWait{inquiry};
    default:
      return ExplainInquiry{inquiry};
  }
}

void Shop::PlanWord(const std::string& event_id, const std::string& desk, Instant at) {
  Event planned;
  planned.what = What::kCommand;
  planned.desk = DeskName::Of(desk);
  wire::CommandRecord record;
  record.desk = planned.desk;
  record.command.request = wire::RequestIdOf(planned.desk, "word-" + event_id);
  record.command.body = AWordOn(wire::InquiryIdOf(planned.desk, event_id), at);
  planned.bytes = wire::EncodeCommand(record);
  Add(at, std::move(planned));
}

void Shop::Step() {
  const Instant now = parts_.now();
  while (!plan_.empty() && plan_.begin()->first <= now) {
    Event event = std::move(plan_.begin()->second);
    plan_.erase(plan_.begin());
    Send(std::move(event));
  }
  TakeAcks();
  std::vector<Event> again;
  for (auto call = calls_.begin(); call != calls_.end();) {
    if (call->second.until > now) {
      ++call;
    } else {
      again.push_back(std::move(call->second.event));
      call = calls_.erase(call);
    }
  }
  for (Event& event : again) Send(std::move(event));
}

void Shop::Send(Event event) {
  if (event.what == What::kTopic) {
    SendTopic(std::move(event));
  } else {
    CallDoor(std::move(event));
  }
}

void Shop::SendTopic(Event event) {
  if (appender_ == nullptr) appender_ = *parts_.log.OpenAppender();
  const std::uint64_t token = next_++;
  const log::Entry entry{{event.topic, event.partition}, event.desk.ToString(), event.bytes, {}};
  if (!appender_->Append(entry, token).ok()) {
    plan_.emplace(parts_.now() + 100ms, std::move(event));
    return;
  }
  unsent_.emplace(token, std::move(event));
}

// A shop that does not know whether its event landed sends it again, by a new producer.
void Shop::TakeAcks() {
  if (appender_ == nullptr) return;
  std::vector<log::Ack> acks;
  appender_->Poll(acks);
  bool dead = false;
  for (const log::Ack& ack : acks) {
    auto sent = unsent_.extract(ack.token);
    if (sent.empty()) continue;
    if (ack.status.ok()) {
      if (sent.mapped().taken) sent.mapped().taken();
    } else {
      dead = true;
      plan_.emplace(parts_.now() + 200ms, std::move(sent.mapped()));
    }
  }
  if (!dead) return;
  for (auto& [token, event] : unsent_) plan_.emplace(parts_.now() + 200ms, std::move(event));
  unsent_.clear();
  appender_.reset();
}

void Shop::CallDoor(Event event) {
  const std::uint64_t call = next_++;
  const Duration patience = kPatience + std::chrono::milliseconds(parts_.workload.land_ms * 2);
  Event copy = event;
  calls_[call] = {std::move(event), parts_.now() + patience};
  Slot* const slot = cluster_.Any(Kind::kIntake);
  if (slot == nullptr) return;  // the call times out
  Hand(call, copy, *slot->process);
}

std::function<void(const absl::StatusOr<journal::Appended>&)> Shop::Answer(std::uint64_t call) {
  return [this, call, there = std::weak_ptr<bool>(there_)](const auto& at) {
    if (!there.expired()) Answered(call, at);
  };
}

void Shop::Hand(std::uint64_t call, const Event& event, Process& process) {
  const intake::FrontDoor& door = process.intake->front_door();
  const auto answer = Answer(call);
  if (event.what == What::kMessage) {
    v1::MessageEvent message;
    message.ParseFromString(event.bytes);
    const absl::Status taken = door.Place(message, [answer](const auto& placed) {
      answer(placed.ok() ? absl::StatusOr<journal::Appended>(placed->at) : placed.status());
    });
    if (!taken.ok()) answer(taken);
  } else if (event.what == What::kOrder) {
    v1::OrderEvent order;
    order.ParseFromString(event.bytes);
    const absl::Status taken = door.Take(order, [answer](const auto& changed) {
      answer(changed.ok() ? absl::StatusOr<journal::Appended>(journal::Appended())
                          : changed.status());
    });
    if (!taken.ok()) answer(taken);
  } else {
    auto record = wire::DecodeCommand(event.bytes);
    Cluster::SubmitterOf(process)->Submit(std::get<wire::CommandRecord>(*record), answer);
  }
}

void Shop::Answered(std::uint64_t call, const absl::StatusOr<journal::Appended>& at) {
  const auto waiting = calls_.find(call);
  if (waiting == calls_.end()) return;
  const bool lost =
      parts_.dice.Below(1000) < static_cast<std::uint64_t>(parts_.workload.answer_lost_permille);
  if (lost) return;
  Event event = std::move(waiting->second.event);
  calls_.erase(waiting);
  if (!at.ok()) {
    plan_.emplace(parts_.now() + 300ms, std::move(event));
    return;
  }
  if (event.taken) event.taken();
  if (at->offset >= 0) ledger_.told.insert({at->partition, at->offset});
}

}  // namespace usher::sim
