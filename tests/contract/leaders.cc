#include "contract/leaders.h"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "absl/strings/str_split.h"

namespace usher::contract {

using std::chrono::steady_clock;

int LeaderOf(const log::TopicPartition& partition, const std::string& brokers) {
  char reason[512];
  rd_kafka_conf_t* const conf = rd_kafka_conf_new();
  rd_kafka_conf_set(conf, "bootstrap.servers", brokers.c_str(), reason, sizeof reason);
  rd_kafka_t* const rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, reason, sizeof reason);
  rd_kafka_topic_t* const topic = rd_kafka_topic_new(rk, partition.topic.c_str(), nullptr);
  int leader = -1;
  const auto deadline = steady_clock::now() + std::chrono::seconds(60);
  while (leader < 0 && steady_clock::now() < deadline) {
    const rd_kafka_metadata_t* metadata = nullptr;
    if (rd_kafka_metadata(rk, 0, topic, &metadata, 10'000) != RD_KAFKA_RESP_ERR_NO_ERROR) continue;
    // The broker that was asked may not have heard of the topic yet.
    const rd_kafka_metadata_topic_t& found = metadata->topics[0];
    if (found.partition_cnt > partition.partition) {
      leader = found.partitions[partition.partition].leader;
    }
    rd_kafka_metadata_destroy(metadata);
  }
  rd_kafka_topic_destroy(topic);
  rd_kafka_destroy(rk);
  return leader;
}

bool AllKnow(const log::TopicPartition& partition, const std::string& brokers) {
  const std::vector<std::string> each = absl::StrSplit(brokers, ',');
  return std::all_of(each.begin(), each.end(),
                     [&](const std::string& broker) { return LeaderOf(partition, broker) >= 0; });
}

}  // namespace usher::contract
