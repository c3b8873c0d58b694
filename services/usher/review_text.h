// What waits for a review, or was reviewed, as a list for people.
//
// Threads: any; pure. Names come from other machines: they are made safe here.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "usher/v1/insights.pb.h"

namespace usher {

// A line for each inquiry: when it ended, which, whose, where, why it is wanted; below it what
// reviewers said; at the end how many wait, and the token of the next page. Times are of UTC.
std::string ReviewsText(const v1::ListReviewsResponse& listed);

// "tone=90". Errors: kInvalidArgument: it is none.
absl::StatusOr<v1::Mark> ReadMark(const std::string& text);

}  // namespace usher
