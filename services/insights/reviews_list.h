// What the store has of reviews: the answer to ListReviews, and the names of criteria.
//
// Threads: any.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "model/names.h"
#include "store/store.h"
#include "usher/v1/insights.pb.h"

namespace usher::insights {

constexpr std::uint32_t kReviewsPageMax = 500;

// One read of all that the desk has of reviews (kReviewsMax). Errors: kInvalidArgument names the
// field; kNotFound: nothing was ever decided for the desk; kUnavailable: the store is away.
absl::StatusOr<v1::ListReviewsResponse> ListReviews(store::Store& store, std::int32_t partitions,
                                                    const v1::ListReviewsRequest& request);

// The criteria that the facts of the desk have numbers for, in their order. Errors: kUnavailable.
absl::StatusOr<std::vector<CriterionName>> CriteriaOf(store::Store& store, const DeskName& desk,
                                                      std::int32_t partitions);

}  // namespace usher::insights
