// Cluster: where Kafka and Redis are, as the commands of a cluster take it from their flags.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "log/log.h"
#include "store/store.h"

namespace CLI {
class App;
}

namespace usher {

struct KafkaFlags {
  std::string kafka;
  std::vector<std::string> properties;  // name=value, of librdkafka
  std::string properties_file;          // the same, a line each: for what must not be seen
  std::int32_t replication = 3;
  std::int32_t min_insync = 0;  // 0: one less than the replication, at least 1
};

struct RedisFlags {
  std::string redis;
  std::string user;
  std::string password_file;
  bool remote_plaintext = false;
};

void AddKafkaFlags(CLI::App& command, KafkaFlags& flags);
void AddRedisFlags(CLI::App& command, RedisFlags& flags);

// Errors: kInvalidArgument: a flag that cannot be; kUnavailable: no broker answers.
absl::StatusOr<std::unique_ptr<log::Log>> OpenLog(const KafkaFlags& flags,
                                                  const std::string& client_id);

// Errors: kInvalidArgument, kNotFound: the password file; kFailedPrecondition: another machine,
// and --redis-remote-plaintext was not given.
absl::StatusOr<std::unique_ptr<store::Stores>> OpenStores(const RedisFlags& flags);

// Who this process is among its like, unless told: host name and process.
std::string OwnName();

}  // namespace usher
