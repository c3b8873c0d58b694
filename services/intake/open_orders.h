// OpenOrders: the orders that one customer still waits for, so that a message which names none can
// be linked to the only one.
//
// A value of the store beside the orders themselves, and always made from them: equal orders have
// equal bytes here, whatever came first. Beyond kOpenOrdersMax orders it only remembers that there
// were more; then none is the only one until it is forgotten.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "intake/orders.h"
#include "model/names.h"

namespace usher::intake {

constexpr std::size_t kOpenOrdersMax = 32;

// What a message needs to know of an order.
struct OpenOrder {
  OrderId order;
  std::uint8_t status = 0;  // a v1::OrderStatus
  std::int64_t value_cents = 0;

  friend bool operator==(const OpenOrder&, const OpenOrder&) = default;
};

struct OpenOrders {
  bool more = false;              // there were more than it holds
  std::vector<OpenOrder> orders;  // by id

  // Makes of what it says of `order` what `record` says: there if it is open and `customer`'s.
  void Set(CustomerId customer, OrderId order, const OrderRecord& record);

  // Nothing unless there is exactly one.
  const OpenOrder* only() const;

  friend bool operator==(const OpenOrders&, const OpenOrders&) = default;
};

std::string Encode(const OpenOrders& open);

// Nothing unless `bytes` is exactly such an encoding.
std::optional<OpenOrders> DecodeOpenOrders(std::string_view bytes);

}  // namespace usher::intake
