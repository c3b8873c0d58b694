#include "log/kafka/client.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "log/kafka/statistics.h"
#include "support/status.h"

namespace usher::log {
namespace {

std::string Millis(Duration duration) {
  return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(duration).count());
}

// librdkafka writes to standard error if nobody takes its lines. What matters of them comes as
// errors too.
void DropLine(const rd_kafka_t*, int, const char*, const char*) {}

// librdkafka before 2.3 takes a request that a dying leader may or may not have written for
// written: if it was not, the next one in flight is out of sequence, and the producer fails for
// good (librdkafka #4438). With one request in flight there is no next one.
const char* RequestsInFlight() { return rd_kafka_version() < 0x02030000 ? "1" : "5"; }

absl::StatusCode CodeOf(rd_kafka_resp_err_t error) {
  switch (error) {
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
      return absl::StatusCode::kNotFound;
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
    case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
      return absl::StatusCode::kOutOfRange;
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
    case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
      return absl::StatusCode::kPermissionDenied;
    case RD_KAFKA_RESP_ERR__BAD_MSG:
    case RD_KAFKA_RESP_ERR__BAD_COMPRESSION:
    case RD_KAFKA_RESP_ERR_INVALID_MSG:
      return absl::StatusCode::kDataLoss;
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
    case RD_KAFKA_RESP_ERR__INVALID_ARG:
    case RD_KAFKA_RESP_ERR_INVALID_CONFIG:
    case RD_KAFKA_RESP_ERR_INVALID_PARTITIONS:
    case RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION:
      return absl::StatusCode::kInvalidArgument;
    case RD_KAFKA_RESP_ERR__FATAL:
    case RD_KAFKA_RESP_ERR__FENCED:
    case RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID:
      return absl::StatusCode::kAborted;
    default:  // also fewer brokers than copies: the others may be starting
      return absl::StatusCode::kUnavailable;
  }
}

}  // namespace

absl::Status ToStatus(rd_kafka_resp_err_t error, const std::string& doing,
                      const std::string& detail) {
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return absl::OkStatus();
  return absl::Status(CodeOf(error),
                      absl::StrCat("kafka: ", doing, ": ", rd_kafka_err2name(error), " (",
                                   detail.empty() ? rd_kafka_err2str(error) : detail, ")"));
}

absl::Status NotThereYet(absl::Status status) {
  if (!absl::IsNotFound(status)) return status;
  return absl::UnavailableError(std::string(status.message()));
}

void KafkaCounts::Add(const std::string& name, double amount) {
  absl::MutexLock lock(&mutex_);
  counts_[name] += amount;
}

void KafkaCounts::AddAppend(Duration took) {
  absl::MutexLock lock(&mutex_);
  appends_.Take(took);
}

AppendTimes KafkaCounts::TimesOfAppends() const {
  absl::MutexLock lock(&mutex_);
  return appends_;
}

void KafkaCounts::Set(const void* source, const std::string& name, double value) {
  absl::MutexLock lock(&mutex_);
  gauges_[{source, name}] = value;
}

void KafkaCounts::Forget(const void* source) {
  absl::MutexLock lock(&mutex_);
  std::erase_if(gauges_, [&](const auto& gauge) { return gauge.first.first == source; });
}

std::map<std::string, double> KafkaCounts::Snapshot() const {
  absl::MutexLock lock(&mutex_);
  std::map<std::string, double> all = counts_;
  for (const auto& [key, value] : gauges_) {
    const auto [gauge, fresh] = all.try_emplace(key.second, value);
    if (!fresh) gauge->second = std::max(gauge->second, value);
  }
  return all;
}

Properties CommonProperties(const KafkaOptions& options, const std::string& client_id) {
  Properties properties = {
      // Found by an operator's property, not by a promise: all of these may be overridden.
      // A broker that hangs holds up what it led for so long, twice at worst. Not by refreshing
      // metadata often: a producer that hears of the new leader while a request to the old one is
      // under way sends the next one there, out of sequence, and fails for good.
      {"socket.timeout.ms", "4000"},
      {"socket.connection.setup.timeout.ms", "5000"},
      {"reconnect.backoff.ms", "50"},
      {"reconnect.backoff.max.ms", "1000"},
      {"topic.metadata.refresh.fast.interval.ms", "100"},
      {"socket.nagle.disable", "true"},
      {"socket.keepalive.enable", "true"},
  };
  for (const auto& [name, value] : options.client) properties[name] = value;
  properties["bootstrap.servers"] = options.bootstrap;
  properties["client.id"] = client_id;
  properties["statistics.interval.ms"] = Millis(options.statistics_interval);
  return properties;
}

Properties ProducerProperties(const KafkaOptions& options) {
  return {
      {"enable.idempotence", "true"},
      {"acks", "all"},
      {"max.in.flight.requests.per.connection", RequestsInFlight()},
      {"message.timeout.ms", "0"},  // a send lands or blocks: a hole would be worse than a wait
      {"linger.ms", std::to_string(static_cast<double>(options.linger.count()) / 1000)},
      {"message.max.bytes", std::to_string(options.entry_bytes_max + (64 << 10))},
      {"queue.buffering.max.messages", std::to_string(options.pending_entries_max)},
      {"queue.buffering.max.kbytes", std::to_string(options.pending_bytes_max / 1024)},
  };
}

Properties FetcherProperties(const KafkaOptions& options) {
  return {
      {"enable.auto.commit", "false"},
      {"auto.commit.enable", "false"},
      {"auto.offset.reset", "error"},  // the default skips what it cannot find, in silence
      {"isolation.level",
       "read_uncommitted"},  // a stranger's open transaction must not stop a desk
      {"fetch.wait.max.ms", Millis(options.fetch_wait)},
      {"fetch.error.backoff.ms", "20"},
      // This librdkafka pauses for a whole second when its queue is full: let bytes fill it, not
      // numbers.
      {"queued.min.messages", "1000000"},
      {"queued.max.messages.kbytes", std::to_string(options.fetched_bytes_max / 1024)},
      {"allow.auto.create.topics", "false"},
      {"check.crcs", "true"},
  };
}

Properties MemberProperties(const KafkaOptions& options, const std::string& group,
                            const std::string& member_id) {
  Properties properties = FetcherProperties(options);
  properties["group.id"] = group;
  // Eager: the cooperative protocol of librdkafka 2.0 can lose an assignment.
  properties["partition.assignment.strategy"] = "range,roundrobin";
  properties["session.timeout.ms"] = Millis(options.session_timeout);
  properties["heartbeat.interval.ms"] = Millis(options.heartbeat);
  properties["max.poll.interval.ms"] = Millis(options.poll_interval_max);
  if (options.static_members) properties["group.instance.id"] = member_id;
  return properties;
}

absl::StatusOr<std::unique_ptr<KafkaClient>> KafkaClient::Open(
    rd_kafka_type_t type, const std::vector<Properties>& properties, Callbacks callbacks,
    KafkaCounts& counts) {
  std::unique_ptr<KafkaClient> client(new KafkaClient(std::move(callbacks), counts));
  KafkaConf conf(rd_kafka_conf_new());
  char reason[512];
  for (const Properties& some : properties) {
    for (const auto& [name, value] : some) {
      if (rd_kafka_conf_set(conf.get(), name.c_str(), value.c_str(), reason, sizeof reason) !=
          RD_KAFKA_CONF_OK) {
        return absl::InvalidArgumentError(absl::StrCat("kafka: property ", name, ": ", reason));
      }
    }
  }
  rd_kafka_conf_set_opaque(conf.get(), client.get());
  rd_kafka_conf_set_log_cb(conf.get(), &DropLine);
  rd_kafka_conf_set_error_cb(conf.get(), &KafkaClient::OnError);
  rd_kafka_conf_set_stats_cb(conf.get(), &KafkaClient::OnStatistics);
  if (client->callbacks_.delivered) {
    rd_kafka_conf_set_dr_msg_cb(conf.get(), &KafkaClient::OnDelivered);
  }
  if (client->callbacks_.rebalance) {
    rd_kafka_conf_set_rebalance_cb(conf.get(), &KafkaClient::OnRebalance);
  }
  client->rk_.reset(rd_kafka_new(type, conf.get(), reason, sizeof reason));
  if (client->rk_ == nullptr) return absl::InvalidArgumentError(absl::StrCat("kafka: ", reason));
  static_cast<void>(conf.release());  // librdkafka owns it now
  return client;
}

KafkaClient::~KafkaClient() { counts_.Forget(this); }

rd_kafka_topic_t* KafkaClient::Topic(const std::string& name) {
  absl::MutexLock lock(&mutex_);
  KafkaTopic& topic = topics_[name];
  if (topic == nullptr) topic.reset(rd_kafka_topic_new(rk_.get(), name.c_str(), nullptr));
  return topic.get();
}

void KafkaClient::OnDelivered(rd_kafka_t*, const rd_kafka_message_t* message, void* opaque) {
  static_cast<KafkaClient*>(opaque)->callbacks_.delivered(*message);
}

void KafkaClient::OnRebalance(rd_kafka_t*, rd_kafka_resp_err_t error,
                              rd_kafka_topic_partition_list_t* partitions, void* opaque) {
  static_cast<KafkaClient*>(opaque)->callbacks_.rebalance(error, partitions);
}

void KafkaClient::OnError(rd_kafka_t* rk, int error, const char* reason, void* opaque) {
  KafkaClient& client = *static_cast<KafkaClient*>(opaque);
  const auto code = static_cast<rd_kafka_resp_err_t>(error);
  client.counts_.Add("errors_total", 1);
  client.last_error_ = absl::StrCat(rd_kafka_err2name(code), " (", reason, ")");
  if (code == RD_KAFKA_RESP_ERR__FATAL) client.Fail(rk);
}

void KafkaClient::Fail(rd_kafka_t* rk) {
  char reason[512] = "";
  const rd_kafka_resp_err_t error = rd_kafka_fatal_error(rk, reason, sizeof reason);
  fatal_ = absl::AbortedError(
      absl::StrCat("kafka: failed for good: ", rd_kafka_err2name(error), " (", reason, ")"));
  // Without a time limit of their own, what is under way would wait for ever.
  if (rd_kafka_type(rk) == RD_KAFKA_PRODUCER) {
    rd_kafka_purge(
        rk, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT | RD_KAFKA_PURGE_F_NON_BLOCKING);
  }
}

int KafkaClient::OnStatistics(rd_kafka_t*, char* json, std::size_t size, void* opaque) {
  KafkaClient& client = *static_cast<KafkaClient*>(opaque);
  for (const auto& [name, value] : ReadStatistics(std::string_view(json, size))) {
    client.counts_.Set(&client, name, value);
  }
  return 0;  // librdkafka frees the text
}

}  // namespace usher::log
