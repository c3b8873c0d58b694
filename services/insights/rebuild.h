// Rebuild: has the views of a store built again from the decisions.
//
// Threads: any.
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "log/log.h"
#include "store/store.h"

namespace usher::insights {

// What the store says of how far the views of `partitions` are is taken out. Insights notices that
// within a second, or when it starts, and builds the views, reports included, again from the first
// decision that the log has, over what is there; where two meet, the watermark lets one of them in.
//
// Errors: kFailedPrecondition: the log no longer has the first decisions of a partition, so that
// the views would lose what they say of them; `cut`: that is wanted. Others as store and log say.
absl::Status ForgetViews(log::Log& log, store::Store& store, bool cut);

}  // namespace usher::insights
