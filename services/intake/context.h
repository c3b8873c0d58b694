// Context: what intake remembers of orders and customers, in the store. A cache: it may vanish at
// any time.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "intake/facts.h"
#include "intake/late_orders.h"
#include "intake/orders.h"
#include "model/names.h"
#include "store/store.h"

namespace usher::intake {

// What is known to the store of a message's sender.
struct Known {
  TierName tier;                       // empty: none
  LanguageName last_language;          // empty: none
  OrderId order;                       // that it is about; none: not known
  std::int64_t order_value_cents = 0;  // its value; 0: not known
  OrderStatusName order_status;        // empty: not known
};

// What an order event came to.
struct OrderTaken {
  bool changed = false;               // false: all that it says was said by a later event
  bool status_holds = false;          // the order's status is the one that it told
  std::optional<OrderRecord> before;  // nothing: the order was not known
  OrderRecord after;
  TierName tier;          // of the customer; empty: none
  LanguageName language;  // in which the customer wrote last; empty: not known
};

class Context {
 public:
  // Everything is forgotten `keep` after it was last said.
  Context(std::unique_ptr<store::Store> store, Duration keep);

  // What is known, message by message. One round trip, however many they are. Errors: those of the
  // store.
  //
  // The order is the one that the message names, if it is known. Of a message that names none it is
  // the first known one with a number from its text, the customer's own before others'; without
  // one, the only order that the customer waits for. Of another customer's order a message learns
  // nothing but its id.
  absl::StatusOr<std::vector<Known>> Look(const std::vector<MessageFacts>& messages);

  absl::Status RememberLanguage(const MessageFacts& message, const LanguageName& language);

  // Takes an order event: the order, the orders that its customer waits for, the customer's tier.
  // Safe to repeat, and beside others that take events on the same order or customer: whatever the
  // order of the calls, the store ends with the same bytes.
  // Errors: kUnavailable, kDeadlineExceeded: try again; kFailedPrecondition: something else is at
  // its place.
  absl::StatusOr<OrderTaken> Take(const OrderFacts& facts);

  // Counts an order that is late with its carrier, beside all others who count. Safe to repeat.
  // Errors: as Take().
  absl::StatusOr<Incident> TakeLate(const OrderFacts& facts, const OrderRecord& order,
                                    const CarrierIncident& rule);

 private:
  class Taking;

  std::unique_ptr<store::Store> store_;
  Duration keep_;
};

// Whether the same call may succeed later.
bool WorthRetrying(const absl::Status& status);

}  // namespace usher::intake
