#include "usher/cluster.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <sstream>

#include "log/kafka/kafka_log.h"
#include "store/redis/redis_store.h"
#include "support/status.h"
#include "usher/files.h"

namespace usher {
namespace {

// False: it is not NAME=VALUE.
bool TakeProperty(const std::string& text, std::map<std::string, std::string>& properties) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) return false;
  properties[text.substr(0, equals)] = text.substr(equals + 1);
  return true;
}

}  // namespace

void AddKafkaFlags(CLI::App& command, KafkaFlags& flags) {
  command.add_option("--kafka", flags.kafka, "Brokers: HOST:PORT, several by comma")->required();
  command.add_option("--kafka-property", flags.properties,
                     "NAME=VALUE of librdkafka (security.protocol, ssl.ca.location, ...); repeat "
                     "for more");
  command.add_option("--kafka-properties-file", flags.properties_file,
                     "The same, a line each; secrets belong there. # begins a comment");
  command
      .add_option("--replication", flags.replication,
                  "Copies of each partition: of topics made here, and the least that is accepted")
      ->check(CLI::Range(1, 10))
      ->capture_default_str();
  command
      .add_option("--min-insync", flags.min_insync,
                  "Copies that must have a record before it counts; 0: one less than --replication")
      ->check(CLI::Range(0, 10))
      ->capture_default_str();
}

void AddRedisFlags(CLI::App& command, RedisFlags& flags) {
  command.add_option("--redis", flags.redis, "HOST:PORT or unix:/path")->required();
  command.add_option("--redis-user", flags.user, "With a password; the default user otherwise");
  command.add_option("--redis-password-file", flags.password_file,
                     "A file that holds the password, and nothing else");
  command.add_flag("--redis-remote-plaintext", flags.remote_plaintext,
                   "Talk to a Redis on another machine although nothing on the way is encrypted");
}

absl::StatusOr<std::unique_ptr<log::Log>> OpenLog(const KafkaFlags& flags,
                                                  const std::string& client_id) {
  log::KafkaOptions options;
  options.bootstrap = flags.kafka;
  options.client_id = client_id;
  options.replication = flags.replication;
  options.min_insync_replicas =
      flags.min_insync > 0 ? flags.min_insync : std::max(1, flags.replication - 1);
  if (!flags.properties_file.empty()) {
    USHER_TRY(const std::string text, ReadWholeFile(flags.properties_file));
    std::istringstream lines(text);
    std::size_t number = 0;
    for (std::string line; std::getline(lines, line);) {
      ++number;
      if (line.empty() || line.front() == '#') continue;
      if (!TakeProperty(line, options.client)) {
        return absl::InvalidArgumentError(flags.properties_file + ":" + std::to_string(number) +
                                          ": not NAME=VALUE");
      }
    }
  }
  for (const std::string& property : flags.properties) {
    if (!TakeProperty(property, options.client)) {
      return absl::InvalidArgumentError("--kafka-property: not NAME=VALUE");
    }
  }
  return log::OpenKafkaLog(options);
}

absl::StatusOr<std::unique_ptr<store::Stores>> OpenStores(const RedisFlags& flags) {
  store::RedisOptions options;
  options.address = flags.redis;
  options.user = flags.user;
  options.allow_remote_plaintext = flags.remote_plaintext;
  if (!flags.password_file.empty()) {
    USHER_TRY(options.password, ReadWholeFile(flags.password_file));
    while (!options.password.empty() && options.password.back() == '\n') {
      options.password.pop_back();
    }
  }
  return store::OpenRedisStores(options);
}

std::string OwnName() {
  char host[256] = {};
  if (gethostname(host, sizeof host - 1) != 0) host[0] = '\0';
  return std::string(host) + "-" + std::to_string(getpid());
}

}  // namespace usher
