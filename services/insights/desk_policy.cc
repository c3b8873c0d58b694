#include "insights/desk_policy.h"

#include <cstdint>
#include <string>
#include <utility>

#include "insights/policies_read.h"
#include "journal/topics.h"
#include "policy/compile.h"
#include "support/status.h"
#include "support/stepper.h"

namespace usher::insights {

absl::StatusOr<Policy> PolicyOf(log::Log& log, const DeskName& desk) {
  USHER_TRY(const std::int32_t partitions, log.Partitions(journal::kPolicies));
  std::string yaml;
  std::int64_t next = 0;
  USHER_RETURN_IF_ERROR(ReadPolicies(log, journal::PartitionOf(desk, partitions), next,
                                     [&](const v1::PolicyRecord& policy) {
                                       if (policy.desk() != desk.view()) return;
                                       yaml = policy.policy().yaml();
                                     }));
  if (yaml.empty()) {
    return absl::FailedPreconditionError("desk: " + desk.ToString() + " has no policy");
  }
  policy::CompileResult result = policy::Compile(yaml, WallNow());
  if (!result.compiled) {
    return absl::FailedPreconditionError("desk: its policy is not one that this version knows");
  }
  return std::move(result.compiled->policy);
}

}  // namespace usher::insights
