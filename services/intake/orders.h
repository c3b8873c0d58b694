// OrderRecord: what is known of an order. Each thing said of it holds until an event that happened
// later says another, in whatever order the events arrive.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/time.h"
#include "intake/facts.h"
#include "model/names.h"

namespace usher::intake {

// Orders the events on one order: by when they happened, then along the life of an order, then by
// id.
struct Moment {
  Instant at;
  std::uint8_t status = 0;
  MessageId event;

  friend bool operator==(const Moment&, const Moment&) = default;
  friend auto operator<=>(const Moment&, const Moment&) = default;
};

Moment MomentOf(const OrderFacts& facts);

template <class Value>
struct Said {
  Value value{};
  Moment moment;

  // True if it was said later than what was known; then it holds.
  bool Take(const Value& new_value, const Moment& new_moment) {
    if (new_moment <= moment) return false;
    value = new_value;
    moment = new_moment;
    return true;
  }

  friend bool operator==(const Said&, const Said&) = default;
};

// The status as policies call it: "late".
OrderStatusName StatusName(v1::OrderStatus status);

// The customer still waits for the order: placed, paid, shipped, late or lost.
bool IsOpen(std::uint8_t status);

struct OrderRecord {
  Said<std::uint8_t> status;  // a v1::OrderStatus
  Said<CustomerId> customer;
  Said<Instant> promised_at;
  Said<std::string> carrier;
  Said<std::int64_t> value_cents;
  Said<std::uint32_t> items_count;

  // True if something changed.
  bool Take(const OrderFacts& facts);

  // The status is the one that `facts` told.
  bool StatusIsOf(const OrderFacts& facts) const { return status.moment == MomentOf(facts); }

  friend bool operator==(const OrderRecord&, const OrderRecord&) = default;
};

std::string Encode(const OrderRecord& order);
std::string Encode(const Said<TierName>& tier);

// Nothing unless `bytes` is exactly such an encoding.
std::optional<OrderRecord> DecodeOrderRecord(std::string_view bytes);
std::optional<Said<TierName>> DecodeTier(std::string_view bytes);

}  // namespace usher::intake
