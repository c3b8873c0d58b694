// Settling: the command log is brought to what the store says of an order, where two events on the
// order were taken at one time.
//
// The store orders events by when they happened, the command log by when they came. Commands of an
// event that was taken first may come after those of one that was taken later, as when a process
// stood still between the store and the log. So whoever has put commands into the log looks at the
// order once more; if it changed meanwhile, he says what holds. The last of all to look does so
// after all commands, so his word is the one that stays.
#pragma once

#include <vector>

#include "intake/facts.h"
#include "intake/orders.h"
#include "model/acting_rules.h"
#include "wire/records.h"

namespace usher::intake {

// Whether commands that were made when the order was `then` may differ from those made `now`.
bool MustSettle(const OrderRecord& then, const OrderRecord& now);

// What holds of the order, where the event said another status or promise, as commands without a
// source. Their requests follow from the event and from the later ones, so that they count beside
// the commands of each. None: the event holds.
std::vector<wire::CommandRecord> Settle(const OrderFacts& facts, const OrderRecord& order,
                                        const ActingRules& rules);

}  // namespace usher::intake
