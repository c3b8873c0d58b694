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
          for (const std::int64_t us : {sla.first_response_us(), sla.next_response_us(),
                                        sla.resolution_us(), sla.update_us()}) {
            Add(Duration(us));
          }
        }
        const std::optional<DeskName> desk = DeskName::Parse(policy.desk());
        if (!desk) continue;
        auto& units = units_[*desk];
        units.clear();
        for (const v1::Channel& channel : policy.policy().policy().channels()) {
          const auto name = ChannelName::Parse(channel.name());
          if (name) units[*name] = {channel.units(), channel.pending_holds()};
        }
      }
    }
  }
  return absl::OkStatus();
}

ChannelUnits Targets::UnitsOf(const DeskName& desk, const ChannelName& channel) const {
  const auto of_desk = units_.find(desk);
  if (of_desk == units_.end()) return {};
  const auto found = of_desk->second.find(channel);
  return found == of_desk->second.end() ? ChannelUnits() : found->second;
}

void Targets::Add(Duration target) {
  if (target > Duration::zero() && all_.size() < kTargetsMax) all_.insert(target);
}

}  // namespace usher::insights
