#include "intake/due_orders.h"

#include <algorithm>

#include "core/bytes.h"

namespace usher::intake {
namespace {

constexpr std::uint8_t kFormat = 6;  // unlike those of orders.cc, open_orders.cc, late_orders.cc
constexpr std::size_t kBytesOfOne = 24;

}  // namespace

DuePlace DuePlace::Of(OrderId order, Instant promised_at) {
  return {std::chrono::floor<std::chrono::minutes>(promised_at).time_since_epoch().count(),
          order.bits.low % kDueShares};
}

std::string DuePlace::Key(const DeskName& desk) const {
  return "usher/intake/due/" + std::to_string(minute) + "." + std::to_string(share) + "/" +
         desk.ToString();
}

Instant DuePlace::end() const { return Instant(std::chrono::minutes(minute + 1)); }

bool MayBeLate(const OrderRecord& record) {
  return IsOpen(record.status.value) && record.promised_at.moment != Moment() &&
         !record.carrier.value.empty();
}

void DueOrders::Set(const DuePlace& here, OrderId order, const OrderRecord& record) {
  auto place =
      std::lower_bound(orders.begin(), orders.end(), order,
                       [](const DueOrder& due, OrderId id) { return due.order.bits < id.bits; });
  const bool there = place != orders.end() && place->order == order;
  if (!MayBeLate(record) || DuePlace::Of(order, record.promised_at.value) != here) {
    if (there) orders.erase(place);
    return;
  }
  if (!there && orders.size() >= kDueOrdersMax) return;
  if (!there) place = orders.insert(place, DueOrder());
  *place = {record.promised_at.value, order};
}

std::string Encode(const DueOrders& due) {
  ByteWriter out;
  out.U8(kFormat);
  out.U32(static_cast<std::uint32_t>(due.orders.size()));
  for (const DueOrder& order : due.orders) {
    out.Put(order.order);
    out.At(order.promised_at);
  }
  return out.Take();
}

std::optional<DueOrders> DecodeDueOrders(std::string_view bytes) {
  ByteReader in(bytes);
  DueOrders due;
  if (in.U8() != kFormat) return std::nullopt;
  const std::uint32_t count = in.Count(kBytesOfOne);
  for (std::uint32_t i = 0; i < count; ++i) {
    DueOrder order;
    order.order = in.GetId<OrderId>();
    order.promised_at = in.At();
    if (!due.orders.empty() && order.order.bits <= due.orders.back().order.bits) {
      return std::nullopt;
    }
    due.orders.push_back(order);
  }
  if (!in.done()) return std::nullopt;
  return due;
}

}  // namespace usher::intake
