#include <algorithm>
#include <utility>

#include "log/log.h"
#include "support/status.h"

namespace usher::log {
namespace {

// Threads: one.
class RangeScan : public Scan {
 public:
  RangeScan(Log& log, TopicPartition partition, std::int64_t from, std::int64_t end)
      : log_(log), partition_(std::move(partition)), next_(from), end_(end) {}

  absl::StatusOr<std::vector<Record>> Next(std::size_t most) override {
    std::vector<Record> records;
    if (next_ >= end_) return records;
    // A partition has no more records than offsets.
    most = static_cast<std::size_t>(
        std::min<std::uint64_t>(most, static_cast<std::uint64_t>(end_ - next_)));
    USHER_TRY(records, log_.ReadRange(partition_, next_, most));
    std::erase_if(records, [&](const Record& record) { return record.offset >= end_; });
    next_ = records.empty() ? end_ : records.back().offset + 1;
    return records;
  }

 private:
  Log& log_;
  const TopicPartition partition_;
  std::int64_t next_;
  const std::int64_t end_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Scan>> Log::OpenScan(const TopicPartition& partition,
                                                    std::int64_t from, std::int64_t end) {
  return std::make_unique<RangeScan>(*this, partition, std::max<std::int64_t>(0, from), end);
}

}  // namespace usher::log
