#include "log/kafka/scan.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "log/entry.h"
#include "log/kafka/record.h"
#include "support/status.h"

namespace usher::log {
namespace {

constexpr int kSliceMs = 50;

}  // namespace

KafkaScan::~KafkaScan() {
  const absl::MutexLock lock(&scans_.mutex);
  Stop();
}

absl::StatusOr<std::vector<Record>> KafkaScan::Next(std::size_t most) {
  const absl::MutexLock lock(&scans_.mutex);
  std::vector<Record> records;
  if (most == 0) return records;
  const auto deadline = std::chrono::steady_clock::now() + call_timeout_;
  while (records.size() < most && next_ < end_ && !done_) {
    if (queue_ == nullptr) USHER_RETURN_IF_ERROR(Run());
    const KafkaMessage message(
        rd_kafka_consume_queue(queue_.get(), records.empty() ? kSliceMs : 0));
    if (message != nullptr) {
      const absl::Status status = Take(*message, records);
      if (status.ok()) continue;
      Stop();
      // What came before it is handed out first; it comes again with the next call.
      if (records.empty()) return status;
      break;
    }
    if (!records.empty()) break;
    if (std::chrono::steady_clock::now() >= deadline) {
      Stop();
      return absl::UnavailableError(absl::StrCat("kafka: read ", ToText(partition_),
                                                 " from offset ", next_, ": no more came"));
    }
  }
  if (next_ >= end_ || done_) Stop();
  return records;
}

absl::Status KafkaScan::Run() {
  if (const auto other = scans_.running.find(partition_); other != scans_.running.end()) {
    other->second->Halt();
    scans_.running.erase(other);
  }
  queue_.reset(rd_kafka_queue_new(client_.rk()));
  if (rd_kafka_consume_start_queue(client_.Topic(partition_.topic), partition_.partition, next_,
                                   queue_.get()) != 0) {
    queue_.reset();
    return ToStatus(rd_kafka_last_error(), "read " + ToText(partition_));
  }
  scans_.running[partition_] = this;
  return absl::OkStatus();
}

void KafkaScan::Stop() {
  if (queue_ == nullptr) return;
  Halt();
  scans_.running.erase(partition_);
}

void KafkaScan::Halt() {
  rd_kafka_consume_stop(client_.Topic(partition_.topic), partition_.partition);
  queue_.reset();
}

absl::Status KafkaScan::Take(const rd_kafka_message_t& message, std::vector<Record>& records) {
  if (message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
    done_ = true;
    return absl::OkStatus();
  }
  if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
    const char* const detail = rd_kafka_message_errstr(&message);
    const absl::Status status = NotThereYet(
        ToStatus(message.err, "read " + ToText(partition_), detail == nullptr ? "" : detail));
    // librdkafka tries again, until the deadline.
    return absl::IsUnavailable(status) ? absl::OkStatus() : status;
  }
  if (message.offset < next_) return absl::OkStatus();
  next_ = message.offset + 1;
  if (message.offset >= end_) return absl::OkStatus();
  bool append_time = false;
  records.push_back(ToRecord(message, append_time));
  if (append_time) {
    // Leaders have clocks of their own.
    last_at_ = std::max(last_at_, records.back().at);
    records.back().at = last_at_;
  }
  return absl::OkStatus();
}

}  // namespace usher::log
