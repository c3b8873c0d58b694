// KafkaBeats: one member's part in a roll call on Kafka: a thread that appends its beats, reads
// everybody's, and knows the member's share at any time.
//
// Beats need no promise: one that is lost is followed by the next. While the topic cannot be
// written no beats come from anybody, and shares stay as they are.
//
// Threads: one, besides its own.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "log/kafka/client.h"
#include "log/roll_call.h"

namespace usher::log {

class KafkaBeats {
 public:
  struct Place {
    std::string topic;
    std::string group;   // others' beats in the topic mean nothing
    std::string member;  // a name; made unique here
    std::int32_t partitions = 0;
  };

  // Borrows `options` and `counts`. Errors: kUnavailable: the topic does not answer.
  static absl::StatusOr<std::unique_ptr<KafkaBeats>> Open(const KafkaOptions& options, Place place,
                                                          KafkaCounts& counts);
  ~KafkaBeats();  // says that it leaves, and waits a moment for that to land

  // The share, if it has changed since the last call. Who does not ask for `poll_interval_max`
  // beats no more.
  std::optional<std::vector<std::int32_t>> TakeChange();

  // ok, or why there will be no beats: the brokers do not let this client write or read them.
  absl::Status status() const;

 private:
  using Clock = std::chrono::steady_clock;

  KafkaBeats(const KafkaOptions& options, Place place, KafkaCounts& counts);

  void Run();
  void Send(bool leaving);
  void Read();
  void Take(const rd_kafka_message_t& message);
  void Note(rd_kafka_resp_err_t error, const char* doing);

  const KafkaOptions& options_;
  KafkaCounts& counts_;
  const Place place_;
  const std::string self_;
  RollCall roll_call_;  // the thread's
  bool under_way_ = false;
  Clock::time_point beat_at_{};
  std::atomic<Clock::duration> asked_at_;
  std::atomic<bool> stopping_ = false;

  mutable absl::Mutex mutex_;
  absl::Status refused_ ABSL_GUARDED_BY(mutex_);
  bool changed_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::int32_t> share_ ABSL_GUARDED_BY(mutex_);

  // In this order: callbacks and the thread use what is above.
  std::unique_ptr<KafkaClient> consumer_;
  std::unique_ptr<KafkaClient> producer_;
  std::thread thread_;
};

}  // namespace usher::log
