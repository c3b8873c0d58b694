// KafkaScan: a stretch of one partition, read once. librdkafka fetches ahead between the calls, up
// to KafkaOptions::fetched_bytes_max.
//
// An instance of librdkafka reads a partition at one place only: of two scans of one partition the
// one that was asked last goes on, and the other begins again where it stood when it is asked.
//
// Threads: one a scan; scans of one KafkaScans any.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "log/kafka/client.h"
#include "log/kafka/ends.h"
#include "log/log.h"

namespace usher::log {

class KafkaScan;

// What the scans of one client share.
struct KafkaScans {
  absl::Mutex mutex;
  std::map<TopicPartition, KafkaScan*> running ABSL_GUARDED_BY(mutex);
};

class KafkaScan : public Scan {
 public:
  // Borrows `client` and `scans`. `call_timeout`: how long a call waits for the next record.
  KafkaScan(KafkaClient& client, KafkaScans& scans, TopicPartition partition, const Ends& range,
            Duration call_timeout)
      : client_(client),
        scans_(scans),
        partition_(std::move(partition)),
        next_(range.begin),
        end_(range.end),
        call_timeout_(call_timeout) {}
  ~KafkaScan() override;
  KafkaScan(const KafkaScan&) = delete;
  KafkaScan& operator=(const KafkaScan&) = delete;

  absl::StatusOr<std::vector<Record>> Next(std::size_t most) override;

 private:
  absl::Status Run() ABSL_EXCLUSIVE_LOCKS_REQUIRED(scans_.mutex);
  void Stop() ABSL_EXCLUSIVE_LOCKS_REQUIRED(scans_.mutex);
  void Halt();  // the same, but for the note in `running`
  absl::Status Take(const rd_kafka_message_t& message, std::vector<Record>& records);

  KafkaClient& client_;
  KafkaScans& scans_;
  const TopicPartition partition_;
  std::int64_t next_;
  const std::int64_t end_;
  const Duration call_timeout_;
  bool done_ = false;  // the log ends here, at a gap
  Instant last_at_;    // of a topic with append times
  KafkaQueue queue_;   // none: not running
};

}  // namespace usher::log
