// QuestionClient: questions on the live state of a desk by QuestionService, for the commands that
// ask them.
//
// Threads: one.
#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/time.h"
#include "usher/v1/questions.pb.h"

namespace usher {

// An answer that refuses is an error here: kNotFound: no such inquiry is open;
// kFailedPrecondition: it cannot be answered, such as how long an inquiry waits that waits no more.
// Otherwise: kInvalidArgument names the field; kUnavailable: nobody serves there;
// kDeadlineExceeded: no answer in time.
class QuestionClient {
 public:
  // A call may take `limit`: more than the server itself waits for the engine.
  explicit QuestionClient(const std::string& address, Duration limit = 10s);  // HOST:PORT
  ~QuestionClient();

  absl::StatusOr<v1::ExplainInquiryResponse> Explain(const std::string& desk,
                                                     const std::string& inquiry);
  absl::StatusOr<v1::EstimateWaitResponse> EstimateWait(const std::string& desk,
                                                        const std::string& inquiry);
  absl::StatusOr<v1::PreviewPolicyResponse> Preview(const std::string& desk,
                                                    const std::string& yaml);

 private:
  struct Stub;
  std::unique_ptr<Stub> stub_;
};

}  // namespace usher
