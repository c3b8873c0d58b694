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
#include "intake/due_orders.h"
#include "intake/facts.h"
#include "intake/late_orders.h"
#include "intake/orders.h"
#include "model/acting_rules.h"
#include "model/names.h"
#include "store/store.h"

namespace usher::intake {

constexpr Duration kDueFor = std::chrono::hours(24 * 7);  // a promise is kept after it passed
constexpr std::int64_t kDueMinutesAtOnce = 8;
constexpr std::size_t kOrdersAtOnce = 256;

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

// Whether orders are kept by the minute for which they are promised, so that DueWithin() finds
// them: where carriers' incidents are told of.
struct KeepDue {
  bool on = false;
  Instant now;  // promises that passed long before are not kept

  static KeepDue By(const ActingRules& rules, Instant now) {
    return {rules.carrier_incident.has_value(), now};
  }
};

// A promise that passed while its order was with a carrier.
struct Overdue {
  DueOrder due;
  std::string carrier;
};

// Up to when a desk's promises were looked at.
struct Looked {
  Instant until;                     // 1970: never, as far as is known
  std::optional<std::string> bytes;  // as they lie there
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
  absl::StatusOr<OrderTaken> Take(const OrderFacts& facts, const KeepDue& due = {});

  // As it stands there; nothing: it is not known. One round trip.
  absl::StatusOr<std::optional<OrderRecord>> OrderOf(const DeskName& desk, OrderId order);

  // Counts orders of one desk that are late with `carrier`, each as of when its event happened,
  // beside all others who count; tells of each what it is part of. Safe to repeat. Errors: as
  // Take().
  absl::StatusOr<std::vector<Incident>> TakeLate(const std::vector<OrderFacts>& late,
                                                 const std::string& carrier,
                                                 const CarrierIncident& rule);

  // The orders promised after `after` and by `until`, as they were kept by Take(): by when, then by
  // id. One round trip for kDueMinutesAtOnce.
  absl::StatusOr<std::vector<DueOrder>> DueWithin(const DeskName& desk, Instant after,
                                                  Instant until);

  // Those of them whose orders are open and promised for then as of now. One round trip for
  // kOrdersAtOnce.
  absl::StatusOr<std::vector<Overdue>> OverdueOf(const DeskName& desk,
                                                 const std::vector<DueOrder>& due);

  absl::StatusOr<Looked> LookedOf(const DeskName& desk);
  // False: another has said something else since. Nothing changed.
  absl::StatusOr<bool> SetLooked(const DeskName& desk, const Looked& before, Instant until);

 private:
  class Taking;

  std::unique_ptr<store::Store> store_;
  Duration keep_;
};

// Whether the same call may succeed later.
bool WorthRetrying(const absl::Status& status);

}  // namespace usher::intake
