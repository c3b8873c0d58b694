#include "log/kafka/ends.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <string>

#include "log/entry.h"
#include "support/status.h"

namespace usher::log {
namespace {

int Millis(Duration duration) {
  return static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(duration).count());
}

// `which`: RD_KAFKA_OFFSET_BEGINNING or _END, which brokers take for times, too.
absl::StatusOr<KafkaPartitions> Ask(KafkaClient& client,
                                    const std::vector<TopicPartition>& partitions,
                                    std::int64_t which, Duration wait) {
  KafkaPartitions list(rd_kafka_topic_partition_list_new(static_cast<int>(partitions.size())));
  for (const TopicPartition& one : partitions) {
    rd_kafka_topic_partition_list_add(list.get(), one.topic.c_str(), one.partition)->offset = which;
  }
  USHER_RETURN_IF_ERROR(ToStatus(rd_kafka_offsets_for_times(client.rk(), list.get(), Millis(wait)),
                                 "ask for the ends of " + ToText(partitions.front())));
  for (int i = 0; i < list->cnt; ++i) {
    const rd_kafka_topic_partition_t& one = list->elems[i];
    USHER_RETURN_IF_ERROR(
        ToStatus(one.err, "ask for the ends of " + ToText({one.topic, one.partition})));
  }
  return list;
}

absl::Status AskBoth(KafkaClient& client, const std::vector<TopicPartition>& partitions,
                     Duration wait, std::map<TopicPartition, Ends>& ends) {
  USHER_TRY(const KafkaPartitions begins, Ask(client, partitions, RD_KAFKA_OFFSET_BEGINNING, wait));
  USHER_TRY(const KafkaPartitions ending, Ask(client, partitions, RD_KAFKA_OFFSET_END, wait));
  for (int i = 0; i < begins->cnt; ++i) {
    const rd_kafka_topic_partition_t& one = begins->elems[i];
    ends[{one.topic, one.partition}].begin = one.offset;
  }
  for (int i = 0; i < ending->cnt; ++i) {
    const rd_kafka_topic_partition_t& one = ending->elems[i];
    ends[{one.topic, one.partition}].end = one.offset;
  }
  return absl::OkStatus();
}

// The answer is nobody's: it renews what the client itself believes.
void LearnLeaders(KafkaClient& client, const std::vector<TopicPartition>& partitions,
                  Duration wait) {
  std::set<std::string> topics;
  for (const TopicPartition& one : partitions) topics.insert(one.topic);
  for (const std::string& topic : topics) {
    const rd_kafka_metadata_t* raw = nullptr;
    if (rd_kafka_metadata(client.rk(), 0, client.Topic(topic), &raw, Millis(wait)) ==
        RD_KAFKA_RESP_ERR_NO_ERROR) {
      const KafkaMetadata metadata(raw);
    }
  }
}

}  // namespace

absl::StatusOr<std::map<TopicPartition, Ends>> AskEnds(
    KafkaClient& client, const std::vector<TopicPartition>& partitions, Duration wait) {
  std::map<TopicPartition, Ends> ends;
  if (partitions.empty()) return ends;
  const absl::Status asked = AskBoth(client, partitions, wait, ends);
  if (asked.ok()) return ends;
  LearnLeaders(client, partitions, wait);
  return NotThereYet(asked);
}

}  // namespace usher::log
