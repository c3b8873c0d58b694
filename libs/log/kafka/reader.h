// KafkaReader: two instances of librdkafka. The member takes part in the group and fetches nothing;
// the fetcher knows no group and reads what was started, each partition by itself. So a rebalance
// cannot move a position, and starting a partition does not disturb the others.
//
// Where a topic for beats is named, the share comes from a roll call instead; the member only
// commits then.
//
// After a rebalance Poll() asks the brokers where the new partitions stand, and may wait for them
// (a second an answer); nothing else could be delivered then, since the eager protocol takes
// everything away first.
//
// "Out of range" is doubted first: a broker that hung and has not heard yet that others lead now
// answers so for offsets that it never got. Only what the brokers still say after some seconds is
// told.
//
// Threads: one.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "log/kafka/beats.h"
#include "log/kafka/client.h"
#include "log/log.h"

namespace usher::log {

class KafkaReader : public Reader {
 public:
  static absl::StatusOr<std::unique_ptr<Reader>> Open(const KafkaOptions& options,
                                                      const ReaderOptions& reader,
                                                      std::vector<TopicPartition> partitions,
                                                      KafkaCounts& counts);
  ~KafkaReader() override;

  absl::Status Poll(std::size_t most, Duration wait, std::vector<ReaderEvent>& out) override;
  absl::Status Start(const TopicPartition& partition, std::int64_t offset) override;
  absl::Status Commit(const TopicPartition& partition, std::int64_t offset) override;

 private:
  struct Position {
    bool running = false;
    std::int64_t next = 0;
    Instant last_at;      // of a topic with append times
    absl::Status broken;  // until it is moved
    absl::Status doubt;   // perhaps so
    std::chrono::steady_clock::time_point doubt_since{};
    std::chrono::steady_clock::time_point doubt_asked_at{};
  };

  KafkaReader(const KafkaOptions& options, KafkaCounts& counts)
      : options_(options), counts_(counts) {}

  void OnRebalance(rd_kafka_resp_err_t error, const rd_kafka_topic_partition_list_t* partitions);
  void TakeAway(bool lost);
  absl::Status ServeMember();
  void TakeShare(const std::vector<std::int32_t>& share);
  absl::Status AnnounceArrived();
  absl::Status Committed(std::map<TopicPartition, std::int64_t>& committed);
  absl::Status Fetch(std::size_t most, Duration wait, std::vector<ReaderEvent>& out);
  absl::Status TakeMessage(const rd_kafka_message_t& message, std::vector<ReaderEvent>& out);
  bool HandOut(std::size_t most, std::vector<ReaderEvent>& out);
  void ResolveDoubt(const TopicPartition& partition, Position& position);
  absl::Status Run(const TopicPartition& partition, Position& position);
  void Stop(const TopicPartition& partition, Position& position);
  void SendCommits(bool now);
  void CountLag();

  const KafkaOptions& options_;
  KafkaCounts& counts_;
  std::map<TopicPartition, Position> owned_;
  std::vector<TopicPartition> shared_;   // all that a roll call shares
  std::vector<TopicPartition> arrived_;  // assigned, and not announced yet
  std::vector<ReaderEvent> held_;        // announced, and not handed out yet
  bool give_back_ = false;  // revoked; the group waits until the owner had a chance to commit
  bool closing_ = false;
  std::map<TopicPartition, std::int64_t> commits_;  // not sent yet
  std::chrono::steady_clock::time_point commits_sent_at_{};
  std::chrono::steady_clock::time_point lag_counted_at_{};

  // In this order: callbacks use what is above, and the queue goes before its instance.
  std::unique_ptr<KafkaClient> member_;  // null without a group
  std::unique_ptr<KafkaBeats> beats_;    // null without a roll call
  std::unique_ptr<KafkaClient> fetcher_;
  KafkaQueue queue_;
};

}  // namespace usher::log
