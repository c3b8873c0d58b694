#include "intake/order_taker.h"

#include <memory>
#include <optional>
#include <utility>

#include "intake/acting.h"
#include "intake/orders.h"
#include "intake/settle.h"
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
  const std::shared_ptr<const ActingRules> acting = rules.ActingOf(facts.desk);
  USHER_TRY(const OrderTaken taken, context.Take(facts, KeepDue::By(*acting, now)));
  OrderOutcome outcome;
  outcome.changed = taken.changed;
  outcome.tells_status = taken.status_holds;
  outcome.order = taken.after;
  if (taken.status_holds) outcome.commands.push_back(OrderCommand(facts));

  Incident incident;
  if (acting->carrier_incident && !taken.after.carrier.value.empty() && TellsLate(facts, taken)) {
    USHER_TRY(const std::vector<Incident> incidents,
              context.TakeLate({facts}, taken.after.carrier.value, *acting->carrier_incident));
    incident = incidents.front();
  }
  for (Act& act : ActOn(facts, taken, incident, *acting, now)) {
    if (!act.spare) meters.acts[static_cast<std::size_t>(act.kind)]->Add();
    outcome.commands.push_back(std::move(act.record));
  }
  return outcome;
}

absl::StatusOr<std::optional<OrderOutcome>> LookAgain(Context& context, const RuleBook& rules,
                                                      const OrderFacts& facts,
                                                      const OrderRecord& then) {
  USHER_TRY(const std::optional<OrderRecord> order, context.OrderOf(facts.desk, facts.order));
  if (!order || !MustSettle(then, *order)) return std::optional<OrderOutcome>();
  OrderOutcome outcome;
  outcome.order = *order;
  outcome.commands = Settle(facts, *order, *rules.ActingOf(facts.desk));
  return outcome;
}

}  // namespace usher::intake
