// The embedded store: values, tables and lists in a folder of this machine (RocksDB), for `usher
// up`.
//
// Batches are atomic and survive kill -9 together with their watermark; a loss of power may cost
// the last of them, which the watermark then shows. What has outlived its time is removed bit by
// bit, by the writes.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "store/store.h"

namespace usher::store {

struct EmbeddedStoreOptions {
  std::string dir;                 // made if missing; one process at a time
  std::function<Instant()> clock;  // for times to live; none: wall time
};

// The stores must go before what they came from.
// Errors: kFailedPrecondition: another process has the folder open; kUnavailable: the disk said no.
absl::StatusOr<std::unique_ptr<Stores>> OpenEmbeddedStores(const EmbeddedStoreOptions& options);

}  // namespace usher::store
