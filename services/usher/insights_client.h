// InsightsClient: what InsightsService says of a desk, for the commands that ask for it.
//
// Threads: one.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "usher/v1/insights.pb.h"

namespace grpc {
class Status;
}

namespace usher {

class InsightsClient {
 public:
  explicit InsightsClient(const std::string& address);  // HOST:PORT
  ~InsightsClient();

  // Errors: kInvalidArgument names the field; kNotFound: nothing was decided for the desk;
  // kUnavailable: nobody serves there, or the store is away; kDeadlineExceeded.
  absl::StatusOr<v1::GetReportResponse> Get(const v1::GetReportRequest& request);
  // Also kFailedPrecondition: too little is known of the desk.
  absl::StatusOr<v1::GetStaffingResponse> Get(const v1::GetStaffingRequest& request);

 private:
  struct Stub;
  absl::Status Why(const grpc::Status& status) const;

  std::unique_ptr<Stub> stub_;
};

}  // namespace usher
