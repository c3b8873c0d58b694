#include "intake/late_orders.h"

#include <algorithm>

#include "core/bytes.h"

namespace usher::intake {
namespace {

constexpr std::uint8_t kFormat = 5;  // unlike those of orders.cc and open_orders.cc
constexpr std::size_t kBytesOfOne = 24;

InquiryId IncidentIdOf(const OrderFacts& facts, const std::string& carrier) {
  ByteWriter parts;
  parts.Text("carrier incident");
  parts.Text(facts.desk.view());
  parts.Text(carrier);
  parts.Put(facts.event);
  return InquiryId::Of(parts.bytes());
}

}  // namespace

void LateOrders::Take(const OrderFacts& facts, const std::string& carrier,
                      const CarrierIncident& rule) {
  const Instant at = facts.happened_at;
  if (!incident.none() && at - last > rule.window) {
    incident = InquiryId();
    opened_by = MessageId();
  }
  auto place =
      std::lower_bound(orders.begin(), orders.end(), facts.order,
                       [](const LateOrder& late, OrderId id) { return late.order.bits < id.bits; });
  if (place == orders.end() || place->order != facts.order) {
    place = orders.insert(place, {facts.order, at});
  }
  place->at = std::max(place->at, at);
  last = std::max(last, at);
  std::erase_if(orders, [&](const LateOrder& late) { return last - late.at > rule.window; });
  if (orders.size() > kLateOrdersMax) {
    orders.erase(std::min_element(
        orders.begin(), orders.end(),
        [](const LateOrder& one, const LateOrder& other) { return one.at < other.at; }));
  }
  if (incident.none() && orders.size() >= rule.orders) {
    incident = IncidentIdOf(facts, carrier);
    opened_by = facts.event;
  }
}

Incident IncidentOf(const LateOrders& late, const OrderFacts& facts) {
  Incident incident;
  if (late.incident.none()) return incident;
  incident.inquiry = late.incident;
  incident.opens = late.opened_by == facts.event;
  if (incident.opens) {
    for (const LateOrder& order : late.orders) incident.orders.push_back(order.order);
  } else {
    incident.orders.push_back(facts.order);
  }
  return incident;
}

std::string Encode(const LateOrders& late) {
  ByteWriter out;
  out.U8(kFormat);
  out.Put(late.incident);
  out.Put(late.opened_by);
  out.At(late.last);
  out.U32(static_cast<std::uint32_t>(late.orders.size()));
  for (const LateOrder& order : late.orders) {
    out.Put(order.order);
    out.At(order.at);
  }
  return out.Take();
}

std::optional<LateOrders> DecodeLateOrders(std::string_view bytes) {
  ByteReader in(bytes);
  LateOrders late;
  if (in.U8() != kFormat) return std::nullopt;
  late.incident = in.GetId<InquiryId>();
  late.opened_by = in.GetId<MessageId>();
  late.last = in.At();
  const std::uint32_t count = in.Count(kBytesOfOne);
  for (std::uint32_t i = 0; i < count; ++i) {
    LateOrder order;
    order.order = in.GetId<OrderId>();
    order.at = in.At();
    if (!late.orders.empty() && order.order.bits <= late.orders.back().order.bits) {
      return std::nullopt;
    }
    late.orders.push_back(order);
  }
  if (!in.done()) return std::nullopt;
  return late;
}

}  // namespace usher::intake
