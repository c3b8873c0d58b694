// KafkaAdmin: topics of a cluster: what there is, what it is like, and making new ones.
//
// Threads: any. All calls block, call_timeout at most each.
#pragma once

#include <cstdint>
#include <map>
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
    std::int32_t replication = 0;  // of the partition that has the fewest copies
    bool led = false;              // every partition has a leader
  };

  // Errors: kNotFound.
  absl::StatusOr<Shape> ShapeOf(const std::string& topic);
  absl::Status Create(const TopicSpec& spec);
  // As BrokenPromises() says, of a topic that is there.
  absl::StatusOr<std::vector<std::string>> Check(const TopicSpec& spec, const Shape& shape);
  absl::Status Reach();  // ok if a broker answers

 private:
  absl::StatusOr<std::map<std::string, std::string>> Settings(const std::string& topic);
  KafkaAdminOptions AdminOptions(rd_kafka_admin_op_t operation);

  const KafkaOptions& options_;
  KafkaClient& client_;
};

// One line for each way in which a topic of this shape, with these settings, breaks what `spec` and
// `options` ask for.
std::vector<std::string> BrokenPromises(const TopicSpec& spec, const KafkaOptions& options,
                                        const KafkaAdmin::Shape& shape,
                                        const std::map<std::string, std::string>& settings);

}  // namespace usher::log
