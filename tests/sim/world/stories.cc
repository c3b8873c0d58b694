#include "sim/world/stories.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "journal/topics.h"
#include "sim/world/office.h"
#include "wire/surface.h"

namespace usher::sim {
namespace {

constexpr std::int64_t kWorthACall = 9'900;  // in hundredths, over the least of office.cc
constexpr int kLateOrders = 4;               // of the carrier with an incident, of office.cc's 3
constexpr int kToldLate = 2;                 // of them: too few, unless those count that are not

v1::OrderEvent OrderOf(const std::string& desk, const std::string& order, const char* event,
                       v1::OrderStatus status, Instant at) {
  v1::OrderEvent told;
  told.set_desk(desk);
  told.set_event_id(absl::StrCat(order, "-", event));
  told.set_order_id(order);
  told.set_customer_id("c-" + order);
  told.set_status(status);
  *told.mutable_happened_at() = wire::ToTimestamp(at);
  return told;
}

}  // namespace

Stories::Stories(const Cluster::Parts& parts, Ledger& ledger, Add add)
    : parts_(parts), ledger_(ledger), add_(std::move(add)) {}

std::int32_t Stories::Partition() {
  return static_cast<std::int32_t>(
      parts_.dice.Below(static_cast<std::uint64_t>(parts_.workload.partitions)));
}

Instant Stories::After(Instant from, Duration least, Duration most) {
  const auto width = static_cast<std::uint64_t>((most - least).count()) + 1;
  return from + least + Duration(static_cast<std::int64_t>(parts_.dice.Below(width)));
}

void Stories::Plan(const std::string& desk, Instant from, Instant until) {
  const Workload& workload = parts_.workload;
  const Duration load = until - from;
  for (std::int64_t i = 0; i < workload.promises; ++i) {
    PlanPromise(desk, i, After(from, Duration::zero(), load));
  }
  if (parts_.dice.Below(1000) < static_cast<std::uint64_t>(workload.incident_permille)) {
    PlanLate(desk, from, until);
  }
  for (std::int64_t i = 0; i < workload.replies; ++i) {
    PlanReply(desk, i, After(from, Duration::zero(), load));
  }
  for (std::int64_t i = 0; i < workload.automatic; ++i) {
    PlanAutomatic(desk, i, After(from, Duration::zero(), load));
  }
}

// An order is placed with a promise. Then: nothing, and the promise passes; or another promise; or
// it is delivered, or cancelled, some before the promise and some after it.
void Stories::PlanPromise(const std::string& desk, std::int64_t number, Instant at) {
  const std::string id = absl::StrCat("p", number);
  const auto key = std::pair{DeskName::Of(desk), wire::OrderIdOf(DeskName::Of(desk), id)};
  const Instant promised = After(at, 1s, 8s);
  v1::OrderEvent placed = OrderOf(desk, id, "placed", v1::ORDER_STATUS_PLACED, at);
  *placed.mutable_promised_at() = wire::ToTimestamp(promised);
  // By a clock that is an hour ahead it would be called about in an hour.
  if (!ledger_.clocks_lie) placed.set_value_cents(kWorthACall);
  Ledger::Promised& noted = ledger_.promised[key];
  noted.promises.push_back(promised);
  AddOrder(placed, at, [] {});

  const Instant later = After(at, 200ms, 9s);
  switch (parts_.dice.Below(4)) {
    case 0:
      return;
    case 1: {
      const Instant moved = After(std::max(later, promised), 1s, 6s);
      v1::OrderEvent shipped = OrderOf(desk, id, "moved", v1::ORDER_STATUS_SHIPPED, later);
      *shipped.mutable_promised_at() = wire::ToTimestamp(moved);
      noted.promises.push_back(moved);
      return AddOrder(shipped, later, [] {});
    }
    case 2:
      noted.ends = true;
      return AddOrder(OrderOf(desk, id, "delivered", v1::ORDER_STATUS_DELIVERED, later), later,
                      [] {});
    default:
      noted.ends = true;
      return AddOrder(OrderOf(desk, id, "cancelled", v1::ORDER_STATUS_CANCELLED, later), later,
                      [&ledger = ledger_, key, now = parts_.now] {
                        // Of several answers the first says from when on nobody is called.
                        ledger.called_off.try_emplace(key, now());
                      });
  }
}

// Several orders late with one carrier, which is an incident, and one with another, which is none.
// Some of the several nobody calls late: their promise passes in silence.
void Stories::PlanLate(const std::string& desk, Instant from, Instant until) {
  for (int i = 0; i <= kLateOrders; ++i) {
    const bool alone = i == kLateOrders;
    const std::string id = absl::StrCat("l", i);
    const Instant placed_at = After(from, Duration::zero(), (until - from) / 2);
    v1::OrderEvent placed = OrderOf(desk, id, "placed", v1::ORDER_STATUS_SHIPPED, placed_at);
    placed.set_carrier(alone ? "swift" : "slow");
    if (i >= kToldLate && !alone) {
      const Instant promised = After(placed_at, 1s, 8s);
      *placed.mutable_promised_at() = wire::ToTimestamp(promised);
      const DeskName name = DeskName::Of(desk);
      Ledger::Promised& noted = ledger_.promised[{name, wire::OrderIdOf(name, id)}];
      noted.promises.push_back(promised);
      noted.in_incident = true;
      AddOrder(placed, placed_at, [] {});
      continue;
    }
    const Instant late_at = After(placed_at, 1s, (until - from) / 2);
    v1::OrderEvent late = OrderOf(desk, id, "late", v1::ORDER_STATUS_LATE, late_at);
    late.set_carrier(placed.carrier());
    AddOrder(placed, placed_at, [] {});
    AddOrder(late, late_at, [] {});
  }
  ledger_.incidents.insert(DeskName::Of(desk));
}

void Stories::PlanReply(const std::string& desk, std::int64_t number, Instant at) {
  kit::Dice& dice = parts_.dice;
  v1::MessageEvent reply;
  reply.set_desk(desk);
  reply.set_event_id(absl::StrCat("reply-", number));
  reply.set_conversation_id(absl::StrCat("talk-", dice.Below(9)));  // as in Shop
  reply.set_customer_id(absl::StrCat("c", dice.Below(6)));
  reply.set_channel("email");
  reply.set_text("we look into it");
  reply.set_author(v1::MESSAGE_AUTHOR_AGENT);
  if (dice.Chance(50)) reply.set_agent(Office::AgentOf(0));
  const DeskName name = DeskName::Of(desk);
  ledger_.not_of_customers.insert(wire::MessageIdOf(name, reply.event_id()));
  // The request of an event has the bits of its message's id.
  const RequestId id{wire::MessageIdOf(name, reply.event_id()).bits};
  const auto request = std::pair{name, id};
  AddMessage(reply, at, [&ledger = ledger_, request] { ledger.replies.insert(request); });
}

void Stories::PlanAutomatic(const std::string& desk, std::int64_t number, Instant at) {
  kit::Dice& dice = parts_.dice;
  v1::MessageEvent event;
  event.set_desk(desk);
  event.set_event_id(absl::StrCat("auto-", number));
  event.set_conversation_id(absl::StrCat("talk-", dice.Below(9)));
  event.set_customer_id(absl::StrCat("c", dice.Below(6)));
  event.set_channel("email");
  event.set_text("I am away until Monday");
  switch (dice.Below(4)) {
    case 0:
      event.set_author(v1::MESSAGE_AUTHOR_AUTOMATIC);
      break;
    case 1:
      (*event.mutable_headers())["Auto-Submitted"] = "auto-replied";
      break;
    case 2:
      (*event.mutable_headers())["Return-Path"] = "<>";
      break;
    default:
      (*event.mutable_headers())["X-Loop"] = "shop@shop.example";
  }
  const DeskName name = DeskName::Of(desk);
  ledger_.not_of_customers.insert(wire::MessageIdOf(name, event.event_id()));
  AddMessage(event, at, [] {});
}

template <class Event>
Shop::Event Stories::Planned(const Event& event, const char* topic) {
  Shop::Event planned;
  planned.desk = DeskName::Of(event.desk());
  planned.bytes = event.SerializeAsString();
  planned.topic = topic;
  planned.partition = Partition();
  return planned;
}

void Stories::AddOrder(const v1::OrderEvent& event, Instant at, std::function<void()> taken) {
  Shop::Event planned = Planned(event, journal::kOrders);
  planned.what = parts_.dice.Chance(50) ? Shop::What::kTopic : Shop::What::kOrder;
  // What landed in a topic is not yet done, and is read from there.
  if (planned.what == Shop::What::kOrder) {
    planned.taken = [&ledger = ledger_, taken = std::move(taken), at,
                     order =
                         std::pair{planned.desk, wire::OrderIdOf(planned.desk, event.order_id())},
                     status = static_cast<int>(event.status())] {
      ledger.orders[order][at] = status;
      taken();
    };
  }
  add_(at, std::move(planned));
}

void Stories::AddMessage(const v1::MessageEvent& event, Instant at, std::function<void()> taken) {
  Shop::Event planned = Planned(event, journal::kMessages);
  planned.what = parts_.dice.Chance(60) ? Shop::What::kTopic : Shop::What::kMessage;
  planned.taken = std::move(taken);
  add_(at, std::move(planned));
}

}  // namespace usher::sim
