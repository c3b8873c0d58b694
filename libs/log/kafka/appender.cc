#include "log/kafka/appender.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "log/entry.h"
#include "support/status.h"

namespace usher::log {

absl::StatusOr<std::unique_ptr<Appender>> KafkaAppender::Open(const KafkaOptions& options,
                                                              KafkaCounts& counts) {
  std::unique_ptr<KafkaAppender> appender(new KafkaAppender(options, counts));
  USHER_TRY(appender->producer_,
            KafkaClient::Open(
                RD_KAFKA_PRODUCER,
                {CommonProperties(options, options.client_id), ProducerProperties(options)},
                {.delivered = [&taker = *appender](
                                  const rd_kafka_message_t& message) { taker.Take(message); },
                 .rebalance = nullptr},
                counts));
  return appender;
}

KafkaAppender::~KafkaAppender() {
  if (producer_ == nullptr) return;  // Open() failed
  // Whoever wanted it to land has waited for the ack. Destroying would wait for what is in the
  // queue.
  rd_kafka_purge(producer_->rk(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT |
                                      RD_KAFKA_PURGE_F_NON_BLOCKING);
  producer_->Poll();
}

absl::Status KafkaAppender::Append(Entry entry, std::uint64_t token) {
  USHER_RETURN_IF_ERROR(CheckEntryBytes(entry, options_.entry_bytes_max));
  if (!producer_->fatal().ok()) Fail(producer_->fatal());
  if (!failed_.ok()) {
    ready_.push_back({token, failed_, std::move(entry.to), -1});
    return absl::OkStatus();
  }
  KafkaHeaders headers;
  if (!entry.headers.empty()) {
    headers.reset(rd_kafka_headers_new(entry.headers.size()));
    for (const Header& header : entry.headers) {
      rd_kafka_header_add(headers.get(), header.key.data(), static_cast<ssize_t>(header.key.size()),
                          header.value.data(), static_cast<ssize_t>(header.value.size()));
    }
  }
  std::array<rd_kafka_vu_t, 7> words{};
  words[0].vtype = RD_KAFKA_VTYPE_RKT;
  words[0].u.rkt = producer_->Topic(entry.to.topic);
  words[1].vtype = RD_KAFKA_VTYPE_PARTITION;
  words[1].u.i32 = entry.to.partition;
  words[2].vtype = RD_KAFKA_VTYPE_KEY;
  words[2].u.mem = {entry.key.data(), entry.key.size()};
  words[3].vtype = RD_KAFKA_VTYPE_VALUE;
  words[3].u.mem = {entry.value.data(), entry.value.size()};
  words[4].vtype = RD_KAFKA_VTYPE_MSGFLAGS;
  words[4].u.i = RD_KAFKA_MSG_F_COPY;
  words[5].vtype = RD_KAFKA_VTYPE_OPAQUE;
  words[5].u.ptr = reinterpret_cast<void*>(token);  // comes back with the report, as it is
  words[6].vtype = RD_KAFKA_VTYPE_HEADERS;
  words[6].u.headers = headers.get();
  const KafkaError error(
      rd_kafka_produceva(producer_->rk(), words.data(), headers == nullptr ? 6 : 7));
  if (error == nullptr) {
    static_cast<void>(headers.release());  // the message owns them now
    return absl::OkStatus();
  }
  const rd_kafka_resp_err_t code = rd_kafka_error_code(error.get());
  if (code == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
    counts_.Add("append_refused_total", 1);
    return absl::ResourceExhaustedError(
        absl::StrCat("kafka: the brokers are behind, the buffer is full; ",
                     producer_->last_error().empty() ? "no error" : producer_->last_error()));
  }
  absl::Status status =
      ToStatus(code, "append to " + ToText(entry.to), rd_kafka_error_string(error.get()));
  if (code == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE) return status;
  counts_.Add("append_failed_total", 1);
  Fail(status);
  ready_.push_back({token, std::move(status), std::move(entry.to), -1});
  return absl::OkStatus();
}

void KafkaAppender::Fail(const absl::Status& status) {
  if (!failed_.ok()) return;
  failed_ = status;
  rd_kafka_purge(producer_->rk(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_NON_BLOCKING);
}

void KafkaAppender::Take(const rd_kafka_message_t& message) {
  Ack& ack = ready_.emplace_back();
  ack.token = reinterpret_cast<std::uint64_t>(message._private);
  ack.to = {rd_kafka_topic_name(message.rkt), message.partition};
  if (message.err == RD_KAFKA_RESP_ERR_NO_ERROR) {
    // A repeated send that the broker recognised comes without an offset.
    ack.offset = message.offset >= 0 ? message.offset : -1;
    counts_.Add("append_total", 1);
    // From the hand-over to the ack.
    if (const std::int64_t us = rd_kafka_message_latency(&message); us >= 0) {
      counts_.AddAppend(Duration(us));
    }
    return;
  }
  ack.status = ToStatus(message.err, "append to " + ToText(ack.to));
  counts_.Add("append_failed_total", 1);
  Fail(ack.status);
}

void KafkaAppender::Poll(std::vector<Ack>& acks) {
  producer_->Poll();
  acks.insert(acks.end(), std::make_move_iterator(ready_.begin()),
              std::make_move_iterator(ready_.end()));
  ready_.clear();
}

absl::Status KafkaAppender::Flush(Duration wait) {
  // Not rd_kafka_flush(): it sends what lingers at once, but returns early when events are pending.
  const auto deadline = std::chrono::steady_clock::now() + wait;
  while (rd_kafka_outq_len(producer_->rk()) > 0) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) {
      return absl::DeadlineExceededError(absl::StrCat("kafka: ", rd_kafka_outq_len(producer_->rk()),
                                                      " entries are not acknowledged; ",
                                                      producer_->last_error()));
    }
    rd_kafka_poll(producer_->rk(), static_cast<int>(std::min<std::int64_t>(left.count(), 100)));
  }
  return absl::OkStatus();
}

}  // namespace usher::log
