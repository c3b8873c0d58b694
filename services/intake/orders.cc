#include "intake/orders.h"

#include "core/bytes.h"

namespace usher::intake {
namespace {

constexpr std::uint8_t kOrderWithoutItemsFormat = 1;  // of older versions; read, never written
constexpr std::uint8_t kTierFormat = 2;
constexpr std::uint8_t kOrderFormat = 3;

void Put(ByteWriter& out, const Moment& moment) {
  out.At(moment.at);
  out.U8(moment.status);
  out.Put(moment.event);
}

Moment GetMoment(ByteReader& in) {
  Moment moment;
  moment.at = in.At();
  moment.status = in.U8();
  moment.event = in.GetId<MessageId>();
  return moment;
}

}  // namespace

Moment MomentOf(const OrderFacts& facts) {
  return {facts.happened_at, static_cast<std::uint8_t>(facts.status), facts.event};
}

OrderStatusName StatusName(v1::OrderStatus status) {
  switch (status) {
    case v1::ORDER_STATUS_PLACED:
      return OrderStatusName::Of("placed");
    case v1::ORDER_STATUS_PAID:
      return OrderStatusName::Of("paid");
    case v1::ORDER_STATUS_SHIPPED:
      return OrderStatusName::Of("shipped");
    case v1::ORDER_STATUS_DELIVERED:
      return OrderStatusName::Of("delivered");
    case v1::ORDER_STATUS_LATE:
      return OrderStatusName::Of("late");
    case v1::ORDER_STATUS_LOST:
      return OrderStatusName::Of("lost");
    case v1::ORDER_STATUS_RETURNED:
      return OrderStatusName::Of("returned");
    case v1::ORDER_STATUS_REFUNDED:
      return OrderStatusName::Of("refunded");
    case v1::ORDER_STATUS_CANCELLED:
      return OrderStatusName::Of("cancelled");
    default:
      return OrderStatusName();
  }
}

bool IsOpen(std::uint8_t status) {
  switch (status) {
    case v1::ORDER_STATUS_PLACED:
    case v1::ORDER_STATUS_PAID:
    case v1::ORDER_STATUS_SHIPPED:
    case v1::ORDER_STATUS_LATE:
    case v1::ORDER_STATUS_LOST:
      return true;
    default:
      return false;
  }
}

bool OrderRecord::Take(const OrderFacts& facts) {
  const Moment moment = MomentOf(facts);
  bool changed = status.Take(static_cast<std::uint8_t>(facts.status), moment);
  changed |= customer.Take(facts.customer, moment);
  if (facts.promised_at != kNever) changed |= promised_at.Take(facts.promised_at, moment);
  if (!facts.carrier.empty()) changed |= carrier.Take(facts.carrier, moment);
  if (facts.value_cents != 0) changed |= value_cents.Take(facts.value_cents, moment);
  if (facts.items_count != 0) changed |= items_count.Take(facts.items_count, moment);
  return changed;
}

std::string Encode(const OrderRecord& order) {
  ByteWriter out;
  out.U8(kOrderFormat);
  out.U8(order.status.value);
  Put(out, order.status.moment);
  out.Put(order.customer.value);
  Put(out, order.customer.moment);
  out.At(order.promised_at.value);
  Put(out, order.promised_at.moment);
  out.Text(order.carrier.value);
  Put(out, order.carrier.moment);
  out.I64(order.value_cents.value);
  Put(out, order.value_cents.moment);
  out.U32(order.items_count.value);
  Put(out, order.items_count.moment);
  return out.Take();
}

std::string Encode(const Said<TierName>& tier) {
  ByteWriter out;
  out.U8(kTierFormat);
  out.Put(tier.value);
  Put(out, tier.moment);
  return out.Take();
}

std::optional<OrderRecord> DecodeOrderRecord(std::string_view bytes) {
  ByteReader in(bytes);
  OrderRecord order;
  const std::uint8_t format = in.U8();
  if (format != kOrderFormat && format != kOrderWithoutItemsFormat) return std::nullopt;
  order.status.value = in.U8();
  order.status.moment = GetMoment(in);
  order.customer.value = in.GetId<CustomerId>();
  order.customer.moment = GetMoment(in);
  order.promised_at.value = in.At();
  order.promised_at.moment = GetMoment(in);
  order.carrier.value = std::string(in.Text());
  order.carrier.moment = GetMoment(in);
  order.value_cents.value = in.I64();
  order.value_cents.moment = GetMoment(in);
  if (format == kOrderFormat) {
    order.items_count.value = in.U32();
    order.items_count.moment = GetMoment(in);
  }
  if (!in.done()) return std::nullopt;
  return order;
}

std::optional<Said<TierName>> DecodeTier(std::string_view bytes) {
  ByteReader in(bytes);
  Said<TierName> tier;
  if (in.U8() != kTierFormat) return std::nullopt;
  tier.value = in.GetName<TierName>();
  tier.moment = GetMoment(in);
  if (!in.done()) return std::nullopt;
  return tier;
}

}  // namespace usher::intake
