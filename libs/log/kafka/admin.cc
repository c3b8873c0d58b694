#include "log/kafka/admin.h"

#include <algorithm>
#include <charconv>
#include <chrono>

#include "absl/strings/str_cat.h"
#include "support/status.h"

namespace usher::log {
namespace {

constexpr Duration kBrokerWait = 3s;              // for one broker to say what it knows of a topic
constexpr std::size_t kBatchOverhead = 64 << 10;  // of Kafka's framing, more than generous

int Millis(Duration duration) {
  return static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(duration).count());
}

std::int64_t ToNumber(const std::string& text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::map<std::string, std::string> SettingsFor(const TopicSpec& spec, const KafkaOptions& options) {
  std::map<std::string, std::string> settings = options.topic;
  settings["cleanup.policy"] = spec.compacted ? "compact" : "delete";
  settings["message.timestamp.type"] = spec.log_append_time ? "LogAppendTime" : "CreateTime";
  settings.try_emplace("compression.type", "producer");
  settings["min.insync.replicas"] = std::to_string(options.min_insync_replicas);
  settings["unclean.leader.election.enable"] = "false";
  settings["max.message.bytes"] = std::to_string(options.entry_bytes_max + kBatchOverhead);
  if (spec.kept_for_ever && !spec.compacted) {
    settings["retention.ms"] = "-1";
    settings["retention.bytes"] = "-1";
  }
  if (spec.brief) {
    settings["retention.ms"] = "3600000";
    settings["segment.ms"] = "600000";  // what is not closed is not dropped
  }
  return settings;
}

}  // namespace

std::vector<std::string> BrokenPromises(const TopicSpec& spec, const KafkaOptions& options,
                                        const KafkaAdmin::Shape& shape,
                                        const std::map<std::string, std::string>& settings) {
  std::vector<std::string> lines;
  const std::string topic = "topic " + spec.name;
  const auto setting = [&](const char* name) {
    const auto found = settings.find(name);
    return found == settings.end() ? std::string() : found->second;
  };
  const auto want = [&](const char* name, const std::string& value) {
    if (setting(name) == value) return;
    lines.push_back(absl::StrCat(topic, " has ", name, "=", setting(name), ", not ", value));
  };
  const auto want_least = [&](const char* name, std::int64_t least) {
    if (ToNumber(setting(name)) >= least) return;
    lines.push_back(absl::StrCat(topic, " has ", name, "=", setting(name), ", less than ", least));
  };
  if (shape.partitions != spec.partitions) {
    lines.push_back(
        absl::StrCat(topic, " has ", shape.partitions, " partitions, not ", spec.partitions));
  }
  if (shape.replication < options.replication) {
    lines.push_back(absl::StrCat(topic, " has ", shape.replication, " copies, less than ",
                                 options.replication));
  }
  want("cleanup.policy", spec.compacted ? "compact" : "delete");
  if (spec.kept_for_ever && !spec.compacted) {
    want("retention.ms", "-1");
    want("retention.bytes", "-1");
  }
  if (spec.log_append_time) want("message.timestamp.type", "LogAppendTime");
  want("unclean.leader.election.enable", "false");
  // A batch that grows beyond a reader's buffer stops its partition for good (librdkafka #5260).
  if (setting("compression.type") == "zstd") {
    lines.push_back(absl::StrCat(topic, " has compression.type=zstd, not producer or another"));
  }
  want_least("min.insync.replicas", options.min_insync_replicas);
  want_least("max.message.bytes",
             static_cast<std::int64_t>(options.entry_bytes_max + kBatchOverhead));
  return lines;
}

absl::Status KafkaAdmin::Reach() {
  const rd_kafka_metadata_t* raw = nullptr;
  const rd_kafka_resp_err_t error = rd_kafka_metadata(client_.rk(), /*all_topics=*/0, nullptr, &raw,
                                                      Millis(options_.call_timeout));
  const KafkaMetadata metadata(raw);
  client_.Poll();
  return ToStatus(error, "reach " + options_.bootstrap, client_.last_error());
}

absl::StatusOr<KafkaAdmin::Shape> KafkaAdmin::ShapeOf(const std::string& topic) {
  const rd_kafka_metadata_t* raw = nullptr;
  USHER_RETURN_IF_ERROR(ToStatus(
      rd_kafka_metadata(client_.rk(), 0, client_.Topic(topic), &raw, Millis(options_.call_timeout)),
      "ask for topic " + topic));
  const KafkaMetadata metadata(raw);
  if (metadata->topic_cnt != 1) return absl::NotFoundError("no topic " + topic);
  const rd_kafka_metadata_topic_t& found = metadata->topics[0];
  USHER_RETURN_IF_ERROR(ToStatus(found.err, "ask for topic " + topic));
  if (found.partition_cnt == 0) return absl::NotFoundError("no topic " + topic);
  Shape shape{found.partition_cnt, INT32_MAX, true, {}};
  for (int i = 0; i < found.partition_cnt; ++i) {
    shape.replication = std::min(shape.replication, found.partitions[i].replica_cnt);
    shape.led = shape.led && found.partitions[i].leader >= 0;
  }
  for (int i = 0; i < metadata->broker_cnt; ++i) shape.brokers.push_back(metadata->brokers[i].id);
  return shape;
}

KafkaAdminOptions KafkaAdmin::AdminOptions(rd_kafka_admin_op_t operation, Duration wait) {
  KafkaAdminOptions options(rd_kafka_AdminOptions_new(client_.rk(), operation));
  char ignored[1];
  rd_kafka_AdminOptions_set_request_timeout(options.get(), Millis(wait), ignored, sizeof ignored);
  return options;
}

absl::Status KafkaAdmin::Create(const TopicSpec& spec) {
  const std::string doing = "create topic " + spec.name;
  char reason[512];
  const KafkaNewTopic topic(rd_kafka_NewTopic_new(spec.name.c_str(), spec.partitions,
                                                  options_.replication, reason, sizeof reason));
  if (topic == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat("kafka: ", doing, ": ", reason));
  }
  for (const auto& [name, value] : SettingsFor(spec, options_)) {
    rd_kafka_NewTopic_set_config(topic.get(), name.c_str(), value.c_str());
  }
  const KafkaQueue queue(rd_kafka_queue_new(client_.rk()));
  rd_kafka_NewTopic_t* topics[] = {topic.get()};
  const KafkaAdminOptions options =
      AdminOptions(RD_KAFKA_ADMIN_OP_CREATETOPICS, options_.call_timeout);
  rd_kafka_CreateTopics(client_.rk(), topics, 1, options.get(), queue.get());
  const KafkaEvent event(rd_kafka_queue_poll(queue.get(), Millis(options_.call_timeout * 2)));
  if (event == nullptr)
    return absl::UnavailableError(absl::StrCat("kafka: ", doing, ": no answer"));
  USHER_RETURN_IF_ERROR(
      ToStatus(rd_kafka_event_error(event.get()), doing, rd_kafka_event_error_string(event.get())));
  std::size_t count = 0;
  const auto* const result = rd_kafka_event_CreateTopics_result(event.get());
  const auto* const* const results = rd_kafka_CreateTopics_result_topics(result, &count);
  for (std::size_t i = 0; i < count; ++i) {
    const rd_kafka_resp_err_t error = rd_kafka_topic_result_error(results[i]);
    if (error == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) continue;
    const char* const said = rd_kafka_topic_result_error_string(results[i]);
    USHER_RETURN_IF_ERROR(ToStatus(error, doing, said == nullptr ? "" : said));
  }
  // The brokers hear of it one after the other; who meets one that has not is told that there is no
  // such topic.
  const auto deadline = std::chrono::steady_clock::now() + options_.call_timeout;
  while (true) {
    const absl::Status known = KnownToAll(spec.name);
    if (!absl::IsUnavailable(known)) return known;
    if (std::chrono::steady_clock::now() >= deadline) return known;
    rd_kafka_poll(client_.rk(), 50);
  }
}

absl::Status KafkaAdmin::KnownToAll(const std::string& topic) {
  const absl::StatusOr<Shape> shape = ShapeOf(topic);
  USHER_RETURN_IF_ERROR(NotThereYet(shape.status()));
  if (!shape->led) return absl::UnavailableError("kafka: topic " + topic + " has no leader yet");
  for (const std::int32_t broker : shape->brokers) {
    USHER_RETURN_IF_ERROR(NotThereYet(Settings(topic, broker).status()));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::map<std::string, std::string>> KafkaAdmin::Settings(
    const std::string& topic, std::optional<std::int32_t> broker) {
  const Duration wait = broker ? kBrokerWait : options_.call_timeout;
  const std::string doing =
      absl::StrCat("ask ", broker ? absl::StrCat("broker ", *broker, " ") : "",
                   "for the settings of topic ", topic);
  const KafkaResource resource(rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic.c_str()));
  rd_kafka_ConfigResource_t* resources[] = {resource.get()};
  const KafkaQueue queue(rd_kafka_queue_new(client_.rk()));
  const KafkaAdminOptions options = AdminOptions(RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, wait);
  char ignored[1];
  if (broker) {
    rd_kafka_AdminOptions_set_broker(options.get(), *broker, ignored, sizeof ignored);
  }
  rd_kafka_DescribeConfigs(client_.rk(), resources, 1, options.get(), queue.get());
  const KafkaEvent event(rd_kafka_queue_poll(queue.get(), Millis(wait * 2)));
  if (event == nullptr)
    return absl::UnavailableError(absl::StrCat("kafka: ", doing, ": no answer"));
  USHER_RETURN_IF_ERROR(
      ToStatus(rd_kafka_event_error(event.get()), doing, rd_kafka_event_error_string(event.get())));
  std::size_t count = 0;
  const auto* const result = rd_kafka_event_DescribeConfigs_result(event.get());
  const auto* const* const found = rd_kafka_DescribeConfigs_result_resources(result, &count);
  std::map<std::string, std::string> settings;
  for (std::size_t i = 0; i < count; ++i) {
    const char* const said = rd_kafka_ConfigResource_error_string(found[i]);
    USHER_RETURN_IF_ERROR(
        ToStatus(rd_kafka_ConfigResource_error(found[i]), doing, said == nullptr ? "" : said));
    std::size_t entries = 0;
    const auto* const* const all = rd_kafka_ConfigResource_configs(found[i], &entries);
    for (std::size_t j = 0; j < entries; ++j) {
      const char* const value = rd_kafka_ConfigEntry_value(all[j]);
      if (value != nullptr) settings[rd_kafka_ConfigEntry_name(all[j])] = value;
    }
  }
  return settings;
}

absl::StatusOr<std::vector<std::string>> KafkaAdmin::Check(const TopicSpec& spec,
                                                           const Shape& shape) {
  USHER_TRY(const auto settings, Settings(spec.name));
  return BrokenPromises(spec, options_, shape, settings);
}

}  // namespace usher::log
