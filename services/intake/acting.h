// Acting: what usher does by itself about an order, before its customer asks: the inquiry of a
// broken promise, the confirming call, the incident of a carrier.
//
// Each is an inquiry of the command log, placed for its time and taken back or moved by what
// happens meanwhile. So nothing here waits for a time, a restart forgets nothing, and neither does
// a store that lost its content.
#pragma once

#include <optional>
#include <vector>

#include "core/time.h"
#include "intake/context.h"
#include "intake/due_orders.h"
#include "intake/facts.h"
#include "intake/late_orders.h"
#include "model/acting_rules.h"
#include "model/names.h"
#include "wire/records.h"

namespace usher::intake {

// Longer ago than that nothing is done about it: the topic is read again, not lived.
constexpr Duration kActWithin = std::chrono::hours(24 * 7);
constexpr Duration kCallWithin = std::chrono::hours(24);
// The same of an event that was taken before: it may have come twice, or its commands may be lost.
constexpr Duration kActAgainWithin = std::chrono::hours(1);

enum class ActKind : std::uint8_t {
  kLatePromise,
  kConfirmingCall,
  kCarrierIncident,
  kMoved,      // to another time
  kTakenBack,  // the order came, or is no more; or the incident has it
};
constexpr std::size_t kActKinds = 5;

const char* ToText(ActKind kind);  // "late_promise"

struct Act {
  ActKind kind = ActKind::kLatePromise;
  bool spare = false;          // in case that what was asked before is lost; not counted
  wire::CommandRecord record;  // without a source, with a request id that follows from the facts
};

// The inquiries of an order follow from the order alone: what takes them back need not remember.
InquiryId LateInquiryOf(OrderId order);
InquiryId CallInquiryOf(OrderId order);

// When the order is called about: at a place between `from` and `to` that follows from the order,
// so that many do not come at one moment; if that is closed, the first open moment between them;
// if there is none, the next one. kNever: it does not open again, or it is too late for a call.
Instant CallAt(const ConfirmingCall& rule, OrderId order, Instant placed_at, Instant now);

// What the event asks for, in the order in which it is to be said.
std::vector<Act> ActOn(const OrderFacts& facts, const OrderTaken& taken, const Incident& incident,
                       const ActingRules& rules, Instant now);

// A promise that passed while nobody said anything of its order, in the words of an event: it
// happened when the promise passed.
OrderFacts SilenceOf(const DeskName& desk, const DueOrder& due);

// What that asks for: nothing but what its incident does.
std::vector<Act> ActOnSilence(const OrderFacts& silence, const Incident& incident,
                              const ActingRules& rules, Instant now);

// Whether the event tells a late order: late or lost, or open after the promise when it happened.
bool TellsLate(const OrderFacts& facts, const OrderTaken& taken);

}  // namespace usher::intake
