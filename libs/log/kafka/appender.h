// KafkaAppender: an idempotent producer. After one entry that failed it takes no more, so that
// nothing lands behind a hole.
//
// Threads: one.
#pragma once

#include <memory>
#include <vector>

#include "log/kafka/client.h"
#include "log/log.h"

namespace usher::log {

class KafkaAppender : public Appender {
 public:
  static absl::StatusOr<std::unique_ptr<Appender>> Open(const KafkaOptions& options,
                                                        KafkaCounts& counts);
  ~KafkaAppender() override;

  absl::Status Append(Entry entry, std::uint64_t token) override;
  void Poll(std::vector<Ack>& acks) override;
  absl::Status Flush(Duration wait) override;

 private:
  KafkaAppender(const KafkaOptions& options, KafkaCounts& counts)
      : options_(options), counts_(counts) {}

  void Take(const rd_kafka_message_t& message);
  void Fail(const absl::Status& status);

  const KafkaOptions& options_;
  KafkaCounts& counts_;
  std::vector<Ack> ready_;
  absl::Status failed_;                    // for good
  std::unique_ptr<KafkaClient> producer_;  // last: its callbacks use what is above
};

}  // namespace usher::log
