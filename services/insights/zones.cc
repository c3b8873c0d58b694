#include "insights/zones.h"

#include "journal/topics.h"
#include "policy/time_zone.h"
#include "support/status.h"
#include "usher/v1/snapshot.pb.h"

namespace usher::insights {
namespace {

constexpr std::size_t kPage = 100;  // a record holds a whole policy

}  // namespace

absl::StatusOr<std::string> Zones::Of(const DeskName& desk) {
  absl::MutexLock lock(&mutex_);
  USHER_RETURN_IF_ERROR(Refresh());
  const auto found = zones_.find(desk);
  return found == zones_.end() || found->second.empty() ? "UTC" : found->second;
}

absl::Status Zones::Refresh() {
  USHER_TRY(const std::int32_t partitions, log_.Partitions(journal::kPolicies));
  for (std::int32_t partition = 0; partition < partitions; ++partition) {
    std::int64_t& next = next_[partition];
    for (bool more = true; more;) {
      USHER_TRY(const std::vector<log::Record> records,
                log_.ReadRange({journal::kPolicies, partition}, next, kPage));
      more = records.size() == kPage;
      for (const log::Record& record : records) {
        next = record.offset + 1;
        v1::PolicyRecord policy;
        if (!policy.ParseFromString(record.value)) continue;  // the router's to complain of
        const auto desk = DeskName::Parse(policy.desk());
        if (desk) zones_[*desk] = policy::TimeZoneOf(policy.policy().yaml());
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace usher::insights
