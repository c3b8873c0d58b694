// ReportClient: reports of a desk by InsightsService, for the commands that ask for them.
//
// Threads: one.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "usher/v1/insights.pb.h"

namespace usher {

class ReportClient {
 public:
  explicit ReportClient(const std::string& address);  // HOST:PORT
  ~ReportClient();

  // Errors: kInvalidArgument names the field; kNotFound: nothing was decided for the desk;
  // kUnavailable: nobody serves there, or the store is away; kDeadlineExceeded.
  absl::StatusOr<v1::GetReportResponse> Get(const v1::GetReportRequest& request);

 private:
  struct Stub;
  std::unique_ptr<Stub> stub_;
};

}  // namespace usher
