// ReviewClient: what is said of inquiries afterwards: reviews by AgentService, ratings by
// IntakeService, and the list of what waits for a review by InsightsService.
//
// Threads: one.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "usher/v1/agents.pb.h"
#include "usher/v1/insights.pb.h"
#include "usher/v1/intake.pb.h"

namespace usher {

class ReviewClient {
 public:
  explicit ReviewClient(const std::string& address);  // HOST:PORT
  ~ReviewClient();

  // Errors of all: kInvalidArgument names the field; kNotFound: nothing was decided for the desk;
  // kUnavailable: nobody serves there, or not yet; kDeadlineExceeded.
  absl::StatusOr<v1::ListReviewsResponse> List(const v1::ListReviewsRequest& request);
  // Also kFailedPrecondition: it was refused, and why.
  absl::StatusOr<v1::ReviewInquiryResponse> Review(const v1::ReviewInquiryRequest& request);
  absl::StatusOr<v1::RateInquiryResponse> Rate(const v1::RateInquiryRequest& request);

 private:
  struct Stub;
  std::unique_ptr<Stub> stub_;
};

}  // namespace usher
