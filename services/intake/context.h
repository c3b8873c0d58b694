// Context: what intake remembers of orders and customers, in the store. A cache: it may vanish at
// any time.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "intake/facts.h"
#include "model/names.h"
#include "store/store.h"

namespace usher::intake {

// What is known to the store of a message's sender.
struct Known {
  TierName tier;                       // empty: none
  LanguageName last_language;          // empty: none
  bool order = false;                  // the order that the message names is known
  std::int64_t order_value_cents = 0;  // its value; 0: not known
  OrderStatusName order_status;        // empty: not known
};

// What an order event came to.
struct OrderTaken {
  bool changed = false;       // false: all that it says was said by a later event
  bool status_holds = false;  // the order's status is the one that it told
};

class Context {
 public:
  // Everything is forgotten `keep` after it was last said.
  Context(std::unique_ptr<store::Store> store, Duration keep);

  // What is known, message by message. One round trip. Errors: those of the store.
  absl::StatusOr<std::vector<Known>> Look(const std::vector<MessageFacts>& messages);

  absl::Status RememberLanguage(const MessageFacts& message, const LanguageName& language);

  // Takes an order event. Safe to repeat.
  // Errors: kUnavailable, kDeadlineExceeded: try again; kFailedPrecondition: something else is at
  // its place.
  absl::StatusOr<OrderTaken> Take(const OrderFacts& facts);

 private:
  std::unique_ptr<store::Store> store_;
  Duration keep_;
};

// Whether the same call may succeed later.
bool WorthRetrying(const absl::Status& status);

}  // namespace usher::intake
