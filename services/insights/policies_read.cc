#include "insights/policies_read.h"

#include <vector>

#include "journal/topics.h"
#include "support/status.h"

namespace usher::insights {
namespace {

constexpr std::size_t kPage = 100;  // a record holds a whole policy

}  // namespace

absl::Status ReadPolicies(log::Log& log, std::int32_t partition, std::int64_t& next,
                          const std::function<void(const v1::PolicyRecord&)>& take) {
  for (bool more = true; more;) {
    USHER_TRY(const std::vector<log::Record> records,
              log.ReadRange({journal::kPolicies, partition}, next, kPage));
    more = records.size() == kPage;
    for (const log::Record& record : records) {
      next = record.offset + 1;
      v1::PolicyRecord policy;
      if (policy.ParseFromString(record.value)) take(policy);
    }
  }
  return absl::OkStatus();
}

}  // namespace usher::insights
