// TakeOrder: an order event becomes context and commands, whichever way it came in.
#pragma once

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "intake/context.h"
#include "intake/facts.h"
#include "intake/meters.h"
#include "intake/rules.h"
#include "wire/records.h"

namespace usher::intake {

struct OrderOutcome {
  bool changed = false;  // false: the store knew it
  // To be appended in this order, also if nothing changed: a crash may have come between the store
  // and the log. Each has a request id of its own, so those that are there already count for
  // nothing. If the event's status holds, the first one says so.
  std::vector<wire::CommandRecord> commands;
  bool tells_status = false;
  OrderRecord order;  // as the commands were made for it
};

// What became of an order, as a command without a source.
wire::CommandRecord OrderCommand(const OrderFacts& facts);

// Errors: those of Context::Take().
absl::StatusOr<OrderOutcome> TakeOrder(Context& context, const RuleBook& rules, Meters& meters,
                                       const OrderFacts& facts, Instant now);

// Looks at the order again when the commands are in the log. Nothing: it is as it was, or is not
// known any more; else what is to be appended besides, and then to be looked at as well. Errors:
// those of the store.
absl::StatusOr<std::optional<OrderOutcome>> LookAgain(Context& context, const RuleBook& rules,
                                                      const OrderFacts& facts,
                                                      const OrderRecord& then);

}  // namespace usher::intake
