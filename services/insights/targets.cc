#include "insights/targets.h"

#include "journal/topics.h"
#include "support/status.h"
#include "usher/v1/snapshot.pb.h"

namespace usher::insights {
namespace {

constexpr std::size_t kPage = 100;  // a record holds a whole policy

}  // namespace

absl::Status Targets::Refresh() {
  USHER_TRY(const std::int32_t partitions, log_.Partitions(journal::kPolicies));
  next_.resize(static_cast<std::size_t>(partitions), 0);
  for (std::int32_t partition = 0; partition < partitions; ++partition) {
    std::int64_t& next = next_[static_cast<std::size_t>(partition)];
    for (bool more = true; more;) {
      USHER_TRY(const std::vector<log::Record> records,
                log_.ReadRange({journal::kPolicies, partition}, next, kPage));
      more = records.size() == kPage;
      for (const log::Record& record : records) {
        next = record.offset + 1;
        v1::PolicyRecord policy;
        if (!policy.ParseFromString(record.value)) continue;  // the router's to complain of
        for (const v1::SlaClass& sla : policy.policy().policy().sla_classes()) {
          Add(Duration(sla.first_response_us()));
        }
      }
    }
  }
  return absl::OkStatus();
}

void Targets::Add(Duration target) {
  if (target > Duration::zero() && all_.size() < kTargetsMax) all_.insert(target);
}

}  // namespace usher::insights
