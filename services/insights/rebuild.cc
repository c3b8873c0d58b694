#include "insights/rebuild.h"

#include <optional>
#include <string>
#include <vector>

#include "insights/keys.h"
#include "journal/topics.h"
#include "support/status.h"
#include "wire/records.h"

namespace usher::insights {
namespace {

constexpr int kTries = 10;  // against others who do the same at this moment

absl::Status CheckWhole(log::Log& log, std::int32_t partition) {
  USHER_TRY(const std::vector<log::Record> first,
            log.ReadRange({journal::kDecisions, partition}, 0, 1));
  if (first.empty()) return absl::OkStatus();
  const auto decision = wire::DecodeDecision(first.front().value);
  if (decision.ok() && decision->previous.none()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      std::string(journal::kDecisions) + "/" + std::to_string(partition) + " begins at offset " +
      std::to_string(first.front().offset) +
      ", after its first decisions: the views would lose them (--cut if that is wanted)");
}

absl::Status Forget(store::Store& store, std::int32_t partition) {
  const std::string mark = kPrefix + ("rebuild/" + std::to_string(partition));
  for (int i = 0; i < kTries; ++i) {
    store::Batch batch;
    batch.watermark_key = mark;
    USHER_TRY(batch.expected, store.Get(mark));
    batch.next = batch.expected.value_or("") == "a" ? "b" : "a";
    batch.writes.push_back(store::DeleteKey{WatermarkKey(partition)});
    USHER_TRY(const bool done, store.Apply(batch));
    if (done) return absl::OkStatus();
  }
  return absl::UnavailableError("others have the views built again at this moment");
}

}  // namespace

absl::Status ForgetViews(log::Log& log, store::Store& store, bool cut) {
  USHER_TRY(const std::int32_t partitions, log.Partitions(journal::kDecisions));
  for (std::int32_t partition = 0; partition < partitions && !cut; ++partition) {
    USHER_RETURN_IF_ERROR(CheckWhole(log, partition));
  }
  for (std::int32_t partition = 0; partition < partitions; ++partition) {
    USHER_RETURN_IF_ERROR(Forget(store, partition));
  }
  return absl::OkStatus();
}

}  // namespace usher::insights
