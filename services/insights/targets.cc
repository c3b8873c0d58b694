#include "insights/targets.h"

#include "insights/policies_read.h"
#include "journal/topics.h"
#include "support/status.h"

namespace usher::insights {

absl::Status Targets::Refresh() {
  USHER_TRY(const std::int32_t partitions, log_.Partitions(journal::kPolicies));
  next_.resize(static_cast<std::size_t>(partitions), 0);
  for (std::int32_t partition = 0; partition < partitions; ++partition) {
    USHER_RETURN_IF_ERROR(ReadPolicies(log_, partition, next_[static_cast<std::size_t>(partition)],
                                       [this](const v1::PolicyRecord& policy) { Take(policy); }));
  }
  return absl::OkStatus();
}

void Targets::Take(const v1::PolicyRecord& policy) {
  for (const v1::SlaClass& sla : policy.policy().policy().sla_classes()) {
    for (const std::int64_t us :
         {sla.first_response_us(), sla.next_response_us(), sla.resolution_us(), sla.update_us()}) {
      Add(Duration(us));
    }
  }
  const std::optional<DeskName> desk = DeskName::Parse(policy.desk());
  if (!desk) return;
  auto& units = units_[*desk];
  units.clear();
  for (const v1::Channel& channel : policy.policy().policy().channels()) {
    const auto name = ChannelName::Parse(channel.name());
    if (name) units[*name] = {channel.units(), channel.pending_holds()};
  }
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
