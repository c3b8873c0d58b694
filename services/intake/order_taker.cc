#include "intake/order_taker.h"

#include <memory>
#include <utility>

#include "intake/acting.h"
#include "intake/orders.h"
#include "support/status.h"

namespace usher::intake {

wire::CommandRecord OrderCommand(const OrderFacts& facts) {
  wire::CommandRecord record;
  record.desk = facts.desk;
  // Of the event, unlike that of a message of the same id: a repeat by another way in is dropped.
  record.command.request = RequestId::Of("order event " + facts.event.ToString());
  record.command.body = UpdateOrder{facts.order, StatusName(facts.status)};
  return record;
}

absl::StatusOr<OrderOutcome> TakeOrder(Context& context, const RuleBook& rules, Meters& meters,
                                       const OrderFacts& facts, Instant now) {
  USHER_TRY(const OrderTaken taken, context.Take(facts));
  OrderOutcome outcome;
  outcome.changed = taken.changed;
  outcome.tells_status = taken.status_holds;
  if (taken.status_holds) outcome.commands.push_back(OrderCommand(facts));

  const std::shared_ptr<const ActingRules> acting = rules.ActingOf(facts.desk);
  Incident incident;
  if (acting->carrier_incident && !taken.after.carrier.value.empty() && TellsLate(facts, taken)) {
    USHER_TRY(incident, context.TakeLate(facts, taken.after, *acting->carrier_incident));
  }
  for (Act& act : ActOn(facts, taken, incident, *acting, now)) {
    meters.acts[static_cast<std::size_t>(act.kind)]->Add();
    outcome.commands.push_back(std::move(act.record));
  }
  return outcome;
}

}  // namespace usher::intake
