// DueOrders: the orders of a desk that are promised for one minute, so that a promise which passes
// without a word is seen.
//
// A value of the store beside the orders themselves, made from them; a minute has kDueShares such
// values, so that those who write at once seldom meet. Over kDueOrdersMax orders a value takes no
// more: those are not seen, and their promises pass as if there were no incidents.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "intake/orders.h"
#include "model/names.h"

namespace usher::intake {

constexpr std::uint64_t kDueShares = 64;
constexpr std::size_t kDueOrdersMax = 128;  // so 8,192 of a desk and minute

struct DueOrder {
  Instant promised_at;
  OrderId order;

  friend bool operator==(const DueOrder&, const DueOrder&) = default;
  friend auto operator<=>(const DueOrder&, const DueOrder&) = default;
};

// Where an order that is promised for `minute` is kept.
struct DuePlace {
  std::int64_t minute = 0;  // since 1970
  std::uint64_t share = 0;

  static DuePlace Of(OrderId order, Instant promised_at);

  std::string Key(const DeskName& desk) const;
  Instant end() const;  // of its minute

  friend bool operator==(const DuePlace&, const DuePlace&) = default;
};

struct DueOrders {
  std::vector<DueOrder> orders;  // by id

  // Makes of what it says of `order`, at its place `here`, what `record` says: there if a carrier
  // has it, it is open and promised for then.
  void Set(const DuePlace& here, OrderId order, const OrderRecord& record);

  friend bool operator==(const DueOrders&, const DueOrders&) = default;
};

// The order is one that becomes late with a carrier when its promise passes in silence.
bool MayBeLate(const OrderRecord& record);

std::string Encode(const DueOrders& due);

// Nothing unless `bytes` is exactly such an encoding.
std::optional<DueOrders> DecodeDueOrders(std::string_view bytes);

}  // namespace usher::intake
