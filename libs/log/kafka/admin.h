// KafkaAdmin: topics of a cluster: what there is, what it is like, and making new ones.
//
// Threads: any. All calls block, call_timeout at most each.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "log/kafka/client.h"
#include "log/log.h"

namespace usher::log {

class KafkaAdmin {
 public:
  // Borrows both.
  KafkaAdmin(const KafkaOptions& options, KafkaClient& client)
      : options_(options), client_(client) {}

  struct Shape {
    std::int32_t partitions = 0;
    std::int32_t replication = 0;       // of the partition that has the fewest copies
    bool led = false;                   // every partition has a leader
    std::vector<std::int32_t> brokers;  // ids of those that are in the cluster now
  };

  // Errors: kNotFound.
  absl::StatusOr<Shape> ShapeOf(const std::string& topic);
  // ok: every broker of the cluster knows the topic. Errors: kUnavailable: one does not, by now.
  absl::Status Create(const TopicSpec& spec);
  // As BrokenPromises() says, of a topic that is there.
  absl::StatusOr<std::vector<std::string>> Check(const TopicSpec& spec, const Shape& shape);
  absl::Status Reach();  // ok if a broker answers

 private:
  // As `broker` knows them, or any of them.
  absl::StatusOr<std::map<std::string, std::string>> Settings(
      const std::string& topic, std::optional<std::int32_t> broker = std::nullopt);
  absl::Status KnownToAll(const std::string& topic);
  KafkaAdminOptions AdminOptions(rd_kafka_admin_op_t operation, Duration wait);

  const KafkaOptions& options_;
  KafkaClient& client_;
};

// One line for each way in which a topic of this shape, with these settings, breaks what `spec` and
// `options` ask for.
std::vector<std::string> BrokenPromises(const TopicSpec& spec, const KafkaOptions& options,
                                        const KafkaAdmin::Shape& shape,
                                        const std::map<std::string, std::string>& settings);

}  // namespace usher::log
