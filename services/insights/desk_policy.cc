#include "insights/desk_policy.h"

#include <cstdint>
#include <string>
#include <vector>

#include "journal/topics.h"
#include "policy/compile.h"
#include "support/status.h"
#include "usher/v1/snapshot.pb.h"

namespace usher::insights {
namespace {

constexpr std::size_t kPage = 100;  // a record holds a whole policy

}  // namespace

absl::StatusOr<Policy> PolicyOf(log::Log& log, const DeskName& desk) {
  USHER_TRY(const std::int32_t partitions, log.Partitions(journal::kPolicies));
  const log::TopicPartition place{journal::kPolicies, journal::PartitionOf(desk, partitions)};
  std::string yaml;
  std::int64_t next = 0;
  for (bool more = true; more;) {
    USHER_TRY(const std::vector<log::Record> records, log.ReadRange(place, next, kPage));
    more = records.size() == kPage;
    for (const log::Record& record : records) {
      next = record.offset + 1;
      v1::PolicyRecord policy;
      if (!policy.ParseFromString(record.value)) continue;  // the router's to complain of
      if (policy.desk() == desk.ToString()) yaml = policy.policy().yaml();
    }
  }
  if (yaml.empty()) {
    return absl::FailedPreconditionError("desk: " + desk.ToString() + " has no policy");
  }
  policy::CompileResult result = policy::Compile(yaml);
  if (!result.compiled) {
    return absl::FailedPreconditionError("desk: its policy is not one that this version knows");
  }
  return std::move(result.compiled->policy);
}

}  // namespace usher::insights
