// Batches as other people's producers compress them: each codec's records arrive.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "contract/leaders.h"
#include "contract/parts_control.h"
#include "log/kafka/kafka_log.h"

namespace usher::contract {
namespace {

using std::chrono::steady_clock;

constexpr int kRecords = 200;

// Alike enough for a codec to find something, long enough for a batch to be worth it.
std::string ValueOf(int number) {
  return "record " + std::to_string(number) + std::string(500, 'a' + static_cast<char>(number % 7));
}

void OnDelivery(rd_kafka_t*, const rd_kafka_message_t* message, void* delivered) {
  if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) ++*static_cast<int*>(delivered);
}

// Writes the records in few batches, by a producer that is none of ours.
void Produce(const std::string& bootstrap, const std::string& topic, const char* codec) {
  char reason[512];
  int delivered = 0;
  rd_kafka_conf_t* const conf = rd_kafka_conf_new();
  for (const auto& [name, value] :
       std::vector<std::pair<const char*, std::string>>{{"bootstrap.servers", bootstrap},
                                                        {"compression.codec", codec},
                                                        {"linger.ms", "200"},
                                                        {"enable.idempotence", "true"}}) {
    ASSERT_EQ(rd_kafka_conf_set(conf, name, value.c_str(), reason, sizeof reason), RD_KAFKA_CONF_OK)
        << reason;
  }
  rd_kafka_conf_set_dr_msg_cb(conf, OnDelivery);
  rd_kafka_conf_set_opaque(conf, &delivered);
  rd_kafka_t* const rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, reason, sizeof reason);
  ASSERT_NE(rk, nullptr) << reason;
  rd_kafka_topic_t* const to = rd_kafka_topic_new(rk, topic.c_str(), nullptr);
  ASSERT_NE(to, nullptr);
  for (int i = 0; i < kRecords; ++i) {
    const std::string value = ValueOf(i);
    EXPECT_EQ(rd_kafka_produce(to, 0, RD_KAFKA_MSG_F_COPY, const_cast<char*>(value.data()),
                               value.size(), nullptr, 0, nullptr),
              0);
  }
  EXPECT_EQ(rd_kafka_flush(rk, 60'000), RD_KAFKA_RESP_ERR_NO_ERROR);
  EXPECT_EQ(delivered, kRecords);
  rd_kafka_topic_destroy(to);
  rd_kafka_destroy(rk);
}

class KafkaCodecs : public testing::TestWithParam<const char*> {};

TEST_P(KafkaCodecs, RecordsOfACompressedBatchArrive) {
  const log::KafkaOptions options{.bootstrap = Environment("USHER_TEST_KAFKA")};
  if (options.bootstrap.empty()) GTEST_SKIP() << "USHER_TEST_KAFKA names no brokers";
  const auto log = log::OpenKafkaLog(options);
  ASSERT_TRUE(log.ok()) << log.status();
  const auto now = std::chrono::system_clock::now().time_since_epoch().count();
  log::TopicSpec spec;
  spec.name = "codecs." + std::string(GetParam()) + "." + std::to_string(now);
  ASSERT_TRUE((*log)->CreateTopic(spec).ok());
  ASSERT_TRUE(AllKnow({spec.name, 0}, options.bootstrap));
  Produce(options.bootstrap, spec.name, GetParam());

  const auto reader = (*log)->OpenReader({{spec.name}, "", "reader"}).value();
  std::vector<log::ReaderEvent> events;
  std::vector<std::string> values;
  const auto deadline = steady_clock::now() + 120s;
  while (values.size() < kRecords && steady_clock::now() < deadline) {
    events.clear();
    const absl::Status polled = reader->Poll(64, 5s, events);
    ASSERT_TRUE(polled.ok() || absl::IsUnavailable(polled)) << polled;
    for (const log::ReaderEvent& event : events) {
      if (const auto* assigned = std::get_if<log::Assigned>(&event)) {
        ASSERT_TRUE(reader->Start(assigned->partition, 0).ok());
      } else if (const auto* record = std::get_if<log::Record>(&event)) {
        values.push_back(record->value);
      }
    }
  }
  ASSERT_EQ(values.size(), static_cast<std::size_t>(kRecords));
  for (int i = 0; i < kRecords; ++i) EXPECT_EQ(values[static_cast<std::size_t>(i)], ValueOf(i));
}

INSTANTIATE_TEST_SUITE_P(EachCodec, KafkaCodecs,
                         testing::Values("none", "gzip", "snappy", "lz4", "zstd"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace usher::contract
