#include "intake/order_copies.h"

#include <algorithm>
#include <utility>

#include "absl/time/time.h"
#include "core/hash.h"
#include "journal/topics.h"

namespace usher::intake {
namespace {

constexpr char kCopyHeader[] = "usher-copy-of";
constexpr char kOfGrpc[] = "grpc";
constexpr Duration kAckSlice = 1ms;  // while the log works, look for new copies this often

}  // namespace

OrderCopies::OrderCopies(std::unique_ptr<log::Appender> appender, std::int32_t partitions,
                         std::size_t queue_max)
    : appender_(std::move(appender)), partitions_(partitions), queue_max_(queue_max) {}

void OrderCopies::Keep(const v1::OrderEvent& event, Done done) {
  // One order, one partition: not that it mattered to the context, but it reads better.
  const std::string key = event.desk() + "/" + event.order_id();
  const auto partition =
      static_cast<std::int32_t>(Hash64(key) % static_cast<std::uint64_t>(partitions_));
  log::Entry entry{{journal::kOrders, partition},
                   key,
                   event.SerializeAsString(),
                   {{"content-type", "application/protobuf"}, {kCopyHeader, kOfGrpc}}};
  {
    const absl::MutexLock lock(&mutex_);
    if (queue_.size() < queue_max_) {
      queue_.push_back({std::move(entry), std::move(done)});
      return;
    }
  }
  done(absl::ResourceExhaustedError("too many order events wait for the log: try again"));
}

absl::Status OrderCopies::AppendAll(Duration wait) {
  const absl::MutexLock lock(&mutex_);
  const auto some = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return !queue_.empty(); };
  // Nobody sleeps here while the log's answer is due.
  if (wait > Duration::zero() && waiting_.empty()) {
    mutex_.AwaitWithTimeout(absl::Condition(&some), absl::Microseconds(wait.count()));
  }
  while (!queue_.empty()) {
    const absl::Status status = appender_->Append(queue_.front().entry, next_token_);
    if (absl::IsResourceExhausted(status)) return absl::OkStatus();  // the next step tries again
    if (!status.ok()) return status;
    waiting_.emplace(next_token_++, std::move(queue_.front().done));
    queue_.pop_front();
  }
  return absl::OkStatus();
}

absl::Status OrderCopies::Step(Instant, Duration wait) {
  absl::Status result = AppendAll(wait);
  if (wait > Duration::zero() && !waiting_.empty()) {
    const absl::Status flushed = appender_->Flush(std::min(wait, kAckSlice));
    if (!absl::IsDeadlineExceeded(flushed)) result.Update(flushed);
  }
  acks_.clear();
  appender_->Poll(acks_);
  for (const log::Ack& ack : acks_) {
    auto found = waiting_.extract(ack.token);
    if (found.empty()) continue;
    found.mapped()(ack.status);
    result.Update(ack.status);
  }
  return result;
}

bool IsOrderCopy(const log::Record& record) {
  return std::any_of(record.headers.begin(), record.headers.end(), [](const log::Header& header) {
    return header.key == kCopyHeader && header.value == kOfGrpc;
  });
}

}  // namespace usher::intake
