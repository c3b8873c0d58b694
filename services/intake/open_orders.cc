#include "intake/open_orders.h"

#include <algorithm>

#include "core/bytes.h"

namespace usher::intake {
namespace {

constexpr std::uint8_t kFormat = 4;  // unlike those of orders.cc
constexpr std::size_t kBytesOfOne = 25;

}  // namespace

void OpenOrders::Set(CustomerId customer, OrderId order, const OrderRecord& record) {
  auto place =
      std::lower_bound(orders.begin(), orders.end(), order,
                       [](const OpenOrder& open, OrderId id) { return open.order.bits < id.bits; });
  const bool there = place != orders.end() && place->order == order;
  if (record.customer.value != customer || !IsOpen(record.status.value)) {
    if (there) orders.erase(place);
    return;
  }
  if (!there && orders.size() >= kOpenOrdersMax) {
    more = true;
    return;
  }
  if (!there) place = orders.insert(place, OpenOrder());
  *place = {order, record.status.value, record.value_cents.value};
}

const OpenOrder* OpenOrders::only() const {
  return !more && orders.size() == 1 ? &orders.front() : nullptr;
}

std::string Encode(const OpenOrders& open) {
  ByteWriter out;
  out.U8(kFormat);
  out.Bool(open.more);
  out.U32(static_cast<std::uint32_t>(open.orders.size()));
  for (const OpenOrder& order : open.orders) {
    out.Put(order.order);
    out.U8(order.status);
    out.I64(order.value_cents);
  }
  return out.Take();
}

std::optional<OpenOrders> DecodeOpenOrders(std::string_view bytes) {
  ByteReader in(bytes);
  OpenOrders open;
  if (in.U8() != kFormat) return std::nullopt;
  open.more = in.Bool();
  const std::uint32_t count = in.Count(kBytesOfOne);
  for (std::uint32_t i = 0; i < count; ++i) {
    OpenOrder order;
    order.order = in.GetId<OrderId>();
    order.status = in.U8();
    order.value_cents = in.I64();
    if (!open.orders.empty() && order.order.bits <= open.orders.back().order.bits) {
      return std::nullopt;
    }
    open.orders.push_back(order);
  }
  if (!in.done()) return std::nullopt;
  return open;
}

}  // namespace usher::intake
