// The log on Apache Kafka (librdkafka, its C API).
//
// Appenders are idempotent producers with acks=all that never give up; readers take part in the
// classic group protocol (eager), or in a roll call where they name a topic for it, and keep their
// own positions; a started offset that is gone is an error, never a jump. The settings behind the
// promises cannot be overridden; all other librdkafka properties can, by `client`.
//
// EndOffset(), ReadRange() and scans may for some moments tell of an earlier end: a broker that
// hung and comes back does not know yet that others lead now, and this librdkafka cannot tell. What
// is read is true, only not all.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "log/entry.h"
#include "log/log.h"

namespace usher::log {

struct KafkaOptions {
  std::string bootstrap;            // host:port, several by comma
  std::string client_id = "usher";  // in brokers' notes and quotas

  // Of topics that are created, and the least that CheckTopic() takes.
  std::int32_t replication = 3;
  std::int32_t min_insync_replicas = 2;

  Duration linger{};           // 0 to 1 ms: how long an append waits for company
  Duration fetch_wait = 20ms;  // how long a broker holds a fetch without data
  Duration session_timeout =
      6s;  // a member that is silent for so long is dead; sets the time to take over
  Duration heartbeat = 500ms;         // how soon a member hears that the group shares anew
  Duration beat = 300ms;              // between beats of a roll call
  std::uint64_t beats_missed = 5;     // so many of another's since its last, and a member is gone
  std::uint64_t beats_patience = 20;  // a new member shares after so many
  Duration poll_interval_max = 60s;   // a member that does not Poll() for so long is out
  Duration commit_interval = 100ms;   // commits of a reader are gathered for so long
  Duration call_timeout = 10s;        // of the calls that may block
  Duration statistics_interval = 5s;  // how fresh Stats() are
  bool static_members =
      false;  // member_id is kept over a restart: back within the session, nothing moves

  std::size_t entry_bytes_max = kEntryBytesMax;
  std::size_t pending_entries_max = 100'000;  // of one appender
  std::size_t pending_bytes_max = 64 << 20;
  std::size_t fetched_bytes_max = 32 << 20;  // read ahead, of one reader

  std::map<std::string, std::string>
      client;  // librdkafka's properties: security.protocol, ssl.ca.location, ...
  std::map<std::string, std::string> topic;  // properties of topics that are created
};

// Appenders and readers must go before the log.
// Errors: kUnavailable: no broker answers; kInvalidArgument: a property that librdkafka does not
// take.
absl::StatusOr<std::unique_ptr<Log>> OpenKafkaLog(const KafkaOptions& options);

}  // namespace usher::log
