// PolicyClient: a desk's policy by RoutingService, for the commands that apply and show one.
//
// Threads: one.
#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/time.h"
#include "usher/v1/routing.pb.h"

namespace usher {

class PolicyClient {
 public:
  explicit PolicyClient(const std::string& address);  // HOST:PORT
  ~PolicyClient();

  // Waits ten seconds for a router that does not know its policies yet.
  // Errors: kNotFound: the desk has none; kUnavailable: it does not know them yet.
  absl::StatusOr<v1::GetPolicyResponse> Get(const std::string& desk);

  // Appends the policy, and waits at most `wait` until it is the one that holds.
  // Errors: kInvalidArgument with a line for each problem; kDeadlineExceeded: it is in the log, but
  // holds not yet.
  absl::StatusOr<v1::ApplyPolicyResponse> Apply(const std::string& desk, const std::string& yaml,
                                                bool keep_open, Duration wait);

 private:
  struct Stub;
  std::unique_ptr<Stub> stub_;
};

// Sees to it that `desk` has the policy of `file`: applies it if the desk has none or one of
// another version. Errors: kInvalidArgument with "file:line:column: problem" lines; as
// PolicyClient.
absl::Status EnsurePolicy(const std::string& address, const std::string& desk,
                          const std::string& file);

}  // namespace usher
