// Open time by a calendar: is it open, how much of a span is, when has so much of it passed.
//
// A null calendar is always open. Spans are ascending and apart; after the last one it is closed.
// Cost: O(log spans); OpenBetween and AfterOpen walk the spans that they pass.
#pragma once

#include "core/time.h"
#include "model/policy.h"

namespace usher {

bool IsOpen(const Calendar* calendar, Instant at);

// The open time from `from` until just before `to`; 0 if `to` is not after `from`.
Duration OpenBetween(const Calendar* calendar, Instant from, Instant to);

// The earliest instant, not before `from`, by which `length` of open time has passed since `from`:
// `from` itself for a length of 0 or less; kNever if so much never passes.
Instant AfterOpen(const Calendar* calendar, Instant from, Duration length);

// The first opening or closing after `at`; kNever if there is none.
Instant NextEdge(const Calendar* calendar, Instant at);

}  // namespace usher
