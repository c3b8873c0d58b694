#include "insights/zones.h"

#include "insights/policies_read.h"
#include "journal/topics.h"
#include "policy/time_zone.h"
#include "support/status.h"

namespace usher::insights {

absl::StatusOr<std::string> Zones::Of(const DeskName& desk) {
  absl::MutexLock lock(&mutex_);
  USHER_RETURN_IF_ERROR(Refresh());
  const auto found = zones_.find(desk);
  return found == zones_.end() || found->second.empty() ? "UTC" : found->second;
}

absl::Status Zones::Refresh() {
  USHER_TRY(const std::int32_t partitions, log_.Partitions(journal::kPolicies));
  for (std::int32_t partition = 0; partition < partitions; ++partition) {
    USHER_RETURN_IF_ERROR(
        ReadPolicies(log_, partition, next_[partition], [this](const v1::PolicyRecord& policy) {
          mutex_.AssertHeld();
          const auto desk = DeskName::Parse(policy.desk());
          if (desk) zones_[*desk] = policy::TimeZoneOf(policy.policy().yaml());
        }));
  }
  return absl::OkStatus();
}

}  // namespace usher::insights
