// RebuildContext: what the store is to know of orders, read again from `usher.orders`, after a
// store that lost its content.
//
// Safe beside running intakes and safe to repeat: an order ends as its latest events say, in
// whatever order they are taken. It makes no commands: what is in the log stays as it is. What
// is not in the topic does not come back: the language in which a customer wrote last, until the
// next message. Orders told by gRPC are there as copies (order_copies.h).
#pragma once

#include <cstdint>
#include <functional>

#include "absl/status/statusor.h"
#include "core/time.h"
#include "log/log.h"
#include "model/names.h"
#include "store/store.h"

namespace usher::intake {

struct RebuildOptions {
  Duration keep;  // as the intakes keep the context
  DeskName desk;  // of records that name none, as the intakes are told; empty: none is assumed
  Instant now;    // policies are compiled as of then
};

struct RebuildProgress {
  std::int64_t records = 0;    // read so far
  std::int64_t ahead = 0;      // offsets still to come, at most
  std::int64_t changed = 0;    // events that told the store something
  std::int64_t unchanged = 0;  // that it knew already
  std::int64_t refused = 0;    // records that are no order event; they are in the dead letters
  std::int64_t ignored = 0;    // that a mapping leaves out

  friend bool operator==(const RebuildProgress&, const RebuildProgress&) = default;
};

// Reads each partition from its beginning to the end that it had when this was called; a shop's own
// JSON by the mappings of the policies in force. `told` gets
// the progress after each page. `pause` waits before a store or a log that is away is asked again.
//
// Errors: kUnavailable, kDeadlineExceeded: they were away for too many tries in a row; call it
// again.
absl::StatusOr<RebuildProgress> RebuildContext(
    log::Log& log, store::Stores& stores, const RebuildOptions& options,
    const std::function<void(const RebuildProgress&)>& told, const std::function<void()>& pause);

}  // namespace usher::intake
