// Views: what InsightsService answers, held against a recount of the decisions.
#pragma once

#include <cstdint>
#include <string>

#include "sim/checker/checker.h"
#include "store/store.h"

namespace usher::sim {

// Empty, or the first answer that is not what the decisions add up to (also: a view that is
// behind).
std::string CompareViews(const Checker& checker, store::Store& store, std::int32_t partitions);

}  // namespace usher::sim
