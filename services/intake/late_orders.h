// LateOrders: the orders of one carrier that were late lately, and the incident that they are part
// of once they are many.
//
// A value of the store, so all intakes count together. An incident lasts while late orders follow
// one another within the window.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "intake/facts.h"
#include "model/acting_rules.h"
#include "model/names.h"

namespace usher::intake {

constexpr std::size_t kLateOrdersMax = 256;  // kept; the oldest give way

struct LateOrder {
  OrderId order;
  Instant at;

  friend bool operator==(const LateOrder&, const LateOrder&) = default;
};

struct LateOrders {
  std::vector<LateOrder> orders;  // by id
  InquiryId incident;             // none: they are too few
  MessageId opened_by;            // the order event that made them enough
  Instant last;                   // when the last one was late

  // Counts the order of the event as late, as of when the event happened. Safe to repeat.
  void Take(const OrderFacts& facts, const std::string& carrier, const CarrierIncident& rule);

  friend bool operator==(const LateOrders&, const LateOrders&) = default;
};

// What an event that tells a late order means for its carrier.
struct Incident {
  InquiryId inquiry;            // none: it is a single one
  bool opens = false;           // by this event
  std::vector<OrderId> orders;  // whose own inquiries it takes the place of

  friend bool operator==(const Incident&, const Incident&) = default;
};

// Requires: the event was taken.
Incident IncidentOf(const LateOrders& late, const OrderFacts& facts);

std::string Encode(const LateOrders& late);
std::optional<LateOrders> DecodeLateOrders(std::string_view bytes);

}  // namespace usher::intake
