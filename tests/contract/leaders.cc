#include "contract/leaders.h"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "absl/strings/str_split.h"

namespace usher::contract {

using std::chrono::steady_clock;

namespace {

// A client for one question.
class Asking {
 public:
  explicit Asking(const std::string& brokers) {
    char reason[512];
    rd_kafka_conf_t* const conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "bootstrap.servers", brokers.c_str(), reason, sizeof reason);
    rk_ = rd_kafka_new(RD_KAFKA_PRODUCER, conf, reason, sizeof reason);
  }
  ~Asking() { rd_kafka_destroy(rk_); }
  Asking(const Asking&) = delete;
  Asking& operator=(const Asking&) = delete;

  rd_kafka_t* rk() const { return rk_; }

 private:
  rd_kafka_t* rk_ = nullptr;
};

}  // namespace

int LeaderOf(const log::TopicPartition& partition, const std::string& brokers,
             std::chrono::seconds wait) {
  const Asking client(brokers);
  rd_kafka_topic_t* const topic = rd_kafka_topic_new(client.rk(), partition.topic.c_str(), nullptr);
  int leader = -1;
  const auto deadline = steady_clock::now() + wait;
  while (leader < 0 && steady_clock::now() < deadline) {
    const rd_kafka_metadata_t* metadata = nullptr;
    if (rd_kafka_metadata(client.rk(), 0, topic, &metadata, 10'000) != RD_KAFKA_RESP_ERR_NO_ERROR) {
      continue;
    }
    // The broker that was asked may not have heard of the topic yet.
    const rd_kafka_metadata_topic_t& found = metadata->topics[0];
    if (found.partition_cnt > partition.partition) {
      leader = found.partitions[partition.partition].leader;
    }
    rd_kafka_metadata_destroy(metadata);
  }
  rd_kafka_topic_destroy(topic);
  return leader;
}

bool AllKnow(const log::TopicPartition& partition, const std::string& brokers) {
  const std::vector<std::string> each = absl::StrSplit(brokers, ',');
  return std::all_of(each.begin(), each.end(),
                     [&](const std::string& broker) { return LeaderOf(partition, broker) >= 0; });
}

bool IsListed(int broker, const std::string& brokers) {
  const Asking client(brokers);
  const rd_kafka_metadata_t* metadata = nullptr;
  if (rd_kafka_metadata(client.rk(), 0, nullptr, &metadata, 10'000) != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return false;
  }
  bool listed = false;
  for (int i = 0; i < metadata->broker_cnt; ++i) listed |= metadata->brokers[i].id == broker;
  rd_kafka_metadata_destroy(metadata);
  return listed;
}

}  // namespace usher::contract
