#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>  // before the next
#include <librdkafka/rdkafka_mock.h>

#include <string>
#include <vector>

#include "log/kafka/admin.h"
#include "log/kafka/client.h"
#include "log/kafka/ends.h"
#include "log/kafka/kafka_log.h"
#include "log/kafka/statistics.h"

namespace usher::log {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(KafkaStatistics, AreReadFromTheTextThatLibrdkafkaGives) {
  const auto gauges = ReadStatistics(R"({"type":"producer","msg_cnt":12,"msg_size":3400,"brokers":{
      "GroupCoordinator":{"nodeid":-1,"rtt":{"p99":900000}},
      "one/1":{"nodeid":1,"state":"UP","rtt":{"p99":1500},"int_latency":{"p99":250},
               "outbuf_latency":{"p99":50}},
      "two/2":{"nodeid":2,"state":"DOWN","rtt":{"p99":2500}}}})");
  EXPECT_EQ(gauges.at("pending_entries"), 12);
  EXPECT_EQ(gauges.at("pending_bytes"), 3400);
  EXPECT_DOUBLE_EQ(gauges.at("broker_rtt_p99_seconds"), 0.0025);
  EXPECT_DOUBLE_EQ(gauges.at("append_queue_p99_seconds"), 0.00025);
  EXPECT_DOUBLE_EQ(gauges.at("append_send_p99_seconds"), 0.00005);
  EXPECT_EQ(gauges.at("brokers_down"), 1);
}

TEST(KafkaStatistics, ThatAreSomethingElseAreNone) {
  for (const char* text : {"", "[]", "nonsense", "12"}) {
    EXPECT_THAT(ReadStatistics(text), IsEmpty()) << text;
  }
  EXPECT_EQ(ReadStatistics(R"({"brokers":[1,"x",{"rtt":7}]})").at("broker_rtt_p99_seconds"), 0);
}

KafkaOptions Options() { return {.bootstrap = "127.0.0.1:1", .call_timeout = 300ms}; }

std::map<std::string, std::string> GoodSettings() {
  return {{"cleanup.policy", "delete"},
          {"retention.ms", "-1"},
          {"retention.bytes", "-1"},
          {"message.timestamp.type", "LogAppendTime"},
          {"unclean.leader.election.enable", "false"},
          {"min.insync.replicas", "2"},
          {"max.message.bytes", "1048588"}};
}

TEST(KafkaTopics, AreFineOnlyIfTheyKeepEveryPromise) {
  const TopicSpec spec{
      .name = "t", .partitions = 3, .kept_for_ever = true, .log_append_time = true};
  const KafkaAdmin::Shape shape{3, 3, true};
  EXPECT_THAT(BrokenPromises(spec, Options(), shape, GoodSettings()), IsEmpty());
  for (const auto& [name, value] :
       std::map<std::string, std::string>{{"cleanup.policy", "compact"},
                                          {"retention.ms", "604800000"},
                                          {"retention.bytes", "1000"},
                                          {"message.timestamp.type", "CreateTime"},
                                          {"unclean.leader.election.enable", "true"},
                                          {"min.insync.replicas", "1"},
                                          {"max.message.bytes", "1000"}}) {
    auto settings = GoodSettings();
    settings[name] = value;
    EXPECT_THAT(BrokenPromises(spec, Options(), shape, settings), ElementsAre(HasSubstr(name)));
    settings.erase(name);
    EXPECT_THAT(BrokenPromises(spec, Options(), shape, settings), ElementsAre(HasSubstr(name)));
  }
  auto dense = GoodSettings();
  dense["compression.type"] = "lz4";
  EXPECT_THAT(BrokenPromises(spec, Options(), shape, dense), IsEmpty());
  dense["compression.type"] = "zstd";
  EXPECT_THAT(BrokenPromises(spec, Options(), shape, dense), ElementsAre(HasSubstr("=zstd")));
  EXPECT_EQ(BrokenPromises(spec, Options(), {4, 3, true}, GoodSettings()).size(), 1u);
  EXPECT_EQ(BrokenPromises(spec, Options(), {3, 2, true}, GoodSettings()).size(), 1u);
}

TEST(KafkaTopics, ThatAreNotKeptForEverMayForget) {
  auto settings = GoodSettings();
  settings["retention.ms"] = "1000";
  settings["message.timestamp.type"] = "CreateTime";
  EXPECT_THAT(BrokenPromises({.name = "t", .partitions = 3}, Options(), {3, 3, true}, settings),
              IsEmpty());
}

TEST(KafkaProperties, ThatThePromisesNeedWinOverTheOperators) {
  KafkaOptions options = Options();
  options.client = {{"acks", "0"},
                    {"enable.idempotence", "false"},
                    {"message.timeout.ms", "1"},
                    {"max.in.flight.requests.per.connection", "5"},
                    {"auto.offset.reset", "latest"},
                    {"enable.auto.commit", "true"},
                    {"isolation.level", "read_committed"},
                    {"socket.timeout.ms", "7000"}};
  KafkaCounts counts;
  const auto value = [](const KafkaClient& client, const char* name) {
    char text[512] = "";
    std::size_t size = sizeof text;
    const rd_kafka_conf_t* const conf = rd_kafka_conf(client.rk());
    EXPECT_EQ(rd_kafka_conf_get(conf, name, text, &size), RD_KAFKA_CONF_OK) << name;
    return std::string(text);
  };
  const auto producer =
      KafkaClient::Open(RD_KAFKA_PRODUCER,
                        {CommonProperties(options, "c"), ProducerProperties(options)}, {}, counts)
          .value();
  EXPECT_EQ(value(*producer, "enable.idempotence"), "true");
  EXPECT_EQ(value(*producer, "acks"), "-1");
  EXPECT_EQ(value(*producer, "message.timeout.ms"), "0");
  EXPECT_EQ(value(*producer, "max.in.flight.requests.per.connection"),
            rd_kafka_version() < 0x02030000 ? "1" : "5");
  EXPECT_EQ(value(*producer, "socket.timeout.ms"), "7000");
  EXPECT_EQ(value(*producer, "socket.nagle.disable"), "true");
  const auto member = KafkaClient::Open(RD_KAFKA_CONSUMER,
                                        {CommonProperties(options, "c"),
                                         MemberProperties(options, "group", "member")},
                                        {}, counts)
                          .value();
  EXPECT_EQ(value(*member, "enable.auto.commit"), "false");
  EXPECT_EQ(value(*member, "auto.offset.reset"), "error");
  EXPECT_EQ(value(*member, "isolation.level"), "read_uncommitted");
  EXPECT_EQ(value(*member, "partition.assignment.strategy"), "range,roundrobin");
  rd_kafka_consumer_close(member->rk());
}

TEST(KafkaProperties, ThatDoNotExistAreNamed) {
  KafkaOptions options = Options();
  options.client = {{"no.such.property", "1"}};
  const auto log = OpenKafkaLog(options);
  EXPECT_EQ(log.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(log.status().message()), HasSubstr("no.such.property"));
}

TEST(KafkaLog, WithoutABrokerIsUnavailable) {
  const auto log = OpenKafkaLog(Options());
  EXPECT_EQ(log.status().code(), absl::StatusCode::kUnavailable) << log.status();
  EXPECT_EQ(OpenKafkaLog({}).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(KafkaCounts, AddUpOverAllAndTellTheGreatestGauge) {
  KafkaCounts counts;
  const int one = 0;
  const int two = 0;
  counts.Add("n_total", 2);
  counts.Add("n_total", 3);
  counts.Set(&one, "gauge", 5);
  counts.Set(&two, "gauge", 4);
  EXPECT_EQ(counts.Snapshot().at("n_total"), 5);
  EXPECT_EQ(counts.Snapshot().at("gauge"), 5);
  counts.Forget(&one);
  EXPECT_EQ(counts.Snapshot().at("gauge"), 4);
}

// Two brokers that are librdkafka's own, whose leaders move when told.
class TwoBrokers {
 public:
  TwoBrokers() {
    char reason[256];
    host_.reset(rd_kafka_new(RD_KAFKA_PRODUCER, rd_kafka_conf_new(), reason, sizeof reason));
    cluster_ = rd_kafka_mock_cluster_new(host_.get(), 2);
    rd_kafka_mock_topic_create(cluster_, "t", 2, 2);
  }
  ~TwoBrokers() { rd_kafka_mock_cluster_destroy(cluster_); }

  std::string bootstrap() const { return rd_kafka_mock_cluster_bootstraps(cluster_); }
  void Lead(std::int32_t partition, std::int32_t broker) {
    rd_kafka_mock_partition_set_leader(cluster_, "t", partition, broker);
  }

 private:
  KafkaHandle host_;
  rd_kafka_mock_cluster_t* cluster_ = nullptr;
};

TEST(KafkaEnds, AreAskedOfTheNewLeaderOnceALeaderHasMoved) {
  TwoBrokers brokers;
  brokers.Lead(0, 1);
  brokers.Lead(1, 1);
  KafkaOptions options;
  options.bootstrap = brokers.bootstrap();
  KafkaCounts counts;
  const auto client = KafkaClient::Open(
      RD_KAFKA_CONSUMER, {CommonProperties(options, "x"), FetcherProperties(options)}, {}, counts);
  ASSERT_TRUE(client.ok()) << client.status();
  const std::vector<TopicPartition> both = {{"t", 0}, {"t", 1}};
  const auto ask = [&] {
    return Persist(**client, 30s, [&] { return AskEnds(**client, both, 1s); });
  };
  ASSERT_TRUE(ask().ok()) << ask().status();
  // The old leader is there and answers, and this client has not heard that it leads no more.
  brokers.Lead(1, 2);
  const auto ends = ask();
  ASSERT_TRUE(ends.ok()) << ends.status();
  EXPECT_EQ(ends->at(both[0]).end, 0);
  EXPECT_EQ(ends->at(both[1]).end, 0);
}

TEST(KafkaEnds, ComeWithinTheTimeOrNotAtAll) {
  KafkaOptions options = Options();
  KafkaCounts counts;
  const auto client = KafkaClient::Open(
      RD_KAFKA_CONSUMER, {CommonProperties(options, "x"), FetcherProperties(options)}, {}, counts);
  ASSERT_TRUE(client.ok()) << client.status();
  EXPECT_TRUE(absl::IsUnavailable(AskEnds(**client, {{"t", 0}}, 100ms).status()));
  EXPECT_TRUE(AskEnds(**client, {}, 100ms)->empty());
}

}  // namespace
}  // namespace usher::log
