// What the Kafka adapter does when its brokers do not do what they should: three real ones, ended
// and hung while it works.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <vector>

#include "contract/leaders.h"
#include "contract/parts_control.h"
#include "log/kafka/kafka_log.h"

namespace usher::contract {
namespace {

using std::chrono::steady_clock;

class KafkaFaults : public testing::Test {
 protected:
  void SetUp() override {
    if (options_.bootstrap.empty()) GTEST_SKIP() << "USHER_TEST_KAFKA names no brokers";
    ASSERT_EQ(Environment("USHER_TEST_KAFKA_BROKERS"), "3");
    auto log = log::OpenKafkaLog(options_);
    ASSERT_TRUE(log.ok()) << log.status();
    log_ = std::move(log).value();
  }

  log::TopicPartition MakeTopic(log::TopicSpec spec = {}) {
    static int counter = 0;
    const auto now = std::chrono::system_clock::now().time_since_epoch().count();
    spec.name = "faults." + std::to_string(now) + "." + std::to_string(++counter);
    const absl::Status made = log_->CreateTopic(spec);
    EXPECT_TRUE(made.ok()) << made;
    const log::TopicPartition to{spec.name, 0};
    EXPECT_TRUE(AllKnow(to, options_.bootstrap));
    return to;
  }

  int LeaderOf(const log::TopicPartition& partition) {
    return contract::LeaderOf(partition, options_.bootstrap);
  }

  // What retention would do, by a client of its own.
  void DropBefore(const log::TopicPartition& partition, std::int64_t begin) {
    char reason[512];
    rd_kafka_conf_t* const conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "bootstrap.servers", options_.bootstrap.c_str(), reason, sizeof reason);
    rd_kafka_t* const rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, reason, sizeof reason);
    rd_kafka_topic_partition_list_t* const offsets = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(offsets, partition.topic.c_str(), partition.partition)
        ->offset = begin;
    rd_kafka_DeleteRecords_t* drop = rd_kafka_DeleteRecords_new(offsets);
    rd_kafka_queue_t* const queue = rd_kafka_queue_new(rk);
    rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR__TIMED_OUT;
    const auto deadline = steady_clock::now() + 60s;
    // A client that has just begun may not have heard of the topic from the broker it asks.
    while (error != RD_KAFKA_RESP_ERR_NO_ERROR && steady_clock::now() < deadline) {
      rd_kafka_DeleteRecords(rk, &drop, 1, nullptr, queue);
      rd_kafka_event_t* const event = rd_kafka_queue_poll(queue, 30'000);
      ASSERT_NE(event, nullptr);
      error = rd_kafka_event_error(event);
      rd_kafka_event_destroy(event);
    }
    ASSERT_EQ(error, RD_KAFKA_RESP_ERR_NO_ERROR);
    rd_kafka_queue_destroy(queue);
    rd_kafka_DeleteRecords_destroy(drop);
    rd_kafka_topic_partition_list_destroy(offsets);
    rd_kafka_destroy(rk);
  }

  // Appends numbers one by one for some acks before and after `disturb`, and looks that each is
  // there once, in order.
  void AppendThrough(const std::function<void(int leader)>& disturb,
                     const std::function<void(int leader)>& repair) {
    const log::TopicPartition to = MakeTopic({.log_append_time = true});
    const int leader = LeaderOf(to);
    ASSERT_GE(leader, 0);
    const auto appender = log_->OpenAppender().value();
    constexpr int kEntries = 3000;
    std::vector<log::Ack> acks;
    for (int i = 0; i < kEntries; ++i) {
      ASSERT_TRUE(appender->Append({to, "", std::to_string(i), {}}, 0).ok());
      if (i % 100 == 99 && i < kEntries / 2) {
        ASSERT_TRUE(appender->Flush(60s).ok());
      }
      if (i == kEntries / 2) disturb(leader);
      appender->Poll(acks);
    }
    const auto began = steady_clock::now();
    const absl::Status flushed = appender->Flush(60s);
    EXPECT_TRUE(flushed.ok()) << flushed;
    const std::chrono::duration<double> took = steady_clock::now() - began;
    RecordProperty("seconds_until_all_landed", std::to_string(took.count()));
    std::printf("all landed after %.1f s\n", took.count());
    appender->Poll(acks);
    repair(leader);
    ASSERT_EQ(acks.size(), static_cast<std::size_t>(kEntries));
    for (const log::Ack& ack : acks) ASSERT_TRUE(ack.status.ok()) << ack.status;
    std::vector<log::Record> records;
    const auto deadline = steady_clock::now() + 60s;
    do {  // a broker that comes back tells of an earlier end at first
      records = log_->ReadRange(to, 0, 2 * kEntries).value();
    } while (records.size() < static_cast<std::size_t>(kEntries) && steady_clock::now() < deadline);
    ASSERT_EQ(records.size(), static_cast<std::size_t>(kEntries));
    for (int i = 0; i < kEntries; ++i) {
      ASSERT_EQ(records[static_cast<std::size_t>(i)].value, std::to_string(i));
    }
  }

  log::KafkaOptions options_{.bootstrap = Environment("USHER_TEST_KAFKA")};
  std::unique_ptr<log::Log> log_;
};

TEST_F(KafkaFaults, NothingIsLostOrDoubledWhenTheLeaderIsKilled) {
  AppendThrough([](int leader) { Disturb(Broker(leader, "kill")); },
                [](int leader) { Disturb(Broker(leader, "start")); });
}

TEST_F(KafkaFaults, NothingIsLostOrDoubledWhenTheLeaderHangs) {
  AppendThrough([](int leader) { Disturb(Broker(leader, "pause")); },
                [](int leader) { Disturb(Broker(leader, "resume")); });
}

TEST_F(KafkaFaults, AReaderFollowsTheLeader) {
  const log::TopicPartition to = MakeTopic();
  const auto reader = log_->OpenReader({{to.topic}, "", "reader"}).value();
  const auto appender = log_->OpenAppender().value();
  std::vector<std::string> values;
  const auto read_until = [&](std::size_t count) {
    const auto deadline = steady_clock::now() + 60s;
    while (values.size() < count && steady_clock::now() < deadline) {
      std::vector<log::ReaderEvent> events;
      const absl::Status polled = reader->Poll(100, 20ms, events);
      ASSERT_TRUE(polled.ok() || absl::IsUnavailable(polled)) << polled;
      for (const log::ReaderEvent& event : events) {
        if (const auto* const assigned = std::get_if<log::Assigned>(&event)) {
          ASSERT_TRUE(reader->Start(assigned->partition, 0).ok());
        } else if (const auto* const record = std::get_if<log::Record>(&event)) {
          values.push_back(record->value);
        }
      }
    }
    ASSERT_EQ(values.size(), count);
  };
  ASSERT_TRUE(appender->Append({to, "", "before", {}}, 0).ok());
  read_until(1);
  const int leader = LeaderOf(to);
  Disturb(Broker(leader, "kill"));
  ASSERT_TRUE(appender->Append({to, "", "while", {}}, 0).ok());
  read_until(2);
  Disturb(Broker(leader, "start"));
  ASSERT_TRUE(appender->Append({to, "", "after", {}}, 0).ok());
  read_until(3);
  EXPECT_THAT(values, testing::ElementsAre("before", "while", "after"));
}

TEST_F(KafkaFaults, WhatRetentionTookIsAnErrorAndNoJump) {
  const log::TopicPartition to = MakeTopic();
  const auto appender = log_->OpenAppender().value();
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(appender->Append({to, "", std::to_string(i), {}}, 0).ok());
  }
  ASSERT_TRUE(appender->Flush(60s).ok());
  DropBefore(to, 4);
  const std::vector<log::Record> left = log_->ReadRange(to, 0, 100).value();
  ASSERT_EQ(left.size(), 6u);
  EXPECT_EQ(left[0].offset, 4);
  const auto reader = log_->OpenReader({{to.topic}, "", "reader"}).value();
  std::vector<log::ReaderEvent> events;
  ASSERT_TRUE(reader->Poll(10, 30s, events).ok());
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(std::get<log::Assigned>(events[0]).begin, 4);
  ASSERT_TRUE(reader->Start(to, 2).ok());
  events.clear();
  const absl::Status polled = reader->Poll(10, 30s, events);
  EXPECT_EQ(polled.code(), absl::StatusCode::kOutOfRange) << polled;
  EXPECT_TRUE(events.empty());
}

TEST_F(KafkaFaults, TopicsStampTheTimeWhereThatIsAskedFor) {
  const auto before = std::chrono::system_clock::now() - 1s;
  const log::TopicPartition to = MakeTopic({.log_append_time = true});
  const auto appender = log_->OpenAppender().value();
  ASSERT_TRUE(appender->Append({to, "", "value", {}}, 0).ok());
  ASSERT_TRUE(appender->Flush(60s).ok());
  std::vector<log::Ack> acks;
  appender->Poll(acks);
  ASSERT_EQ(acks.size(), 1u);
  ASSERT_TRUE(acks[0].status.ok()) << acks[0].status;
  // A leader that has just taken over may tell an older end for a moment: ask until it has caught
  // up.
  std::vector<log::Record> records;
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  while (records.empty() && std::chrono::steady_clock::now() < deadline) {
    records = log_->ReadRange(to, 0, 1).value();
  }
  ASSERT_EQ(records.size(), 1u);
  const auto micros = [](std::chrono::system_clock::time_point at) {
    return std::chrono::duration_cast<std::chrono::microseconds>(at.time_since_epoch()).count();
  };
  EXPECT_GE(ToMicros(records[0].at), micros(before));
  EXPECT_LE(ToMicros(records[0].at), micros(std::chrono::system_clock::now() + 1s));
}

TEST_F(KafkaFaults, TooFewCopiesInStepHoldTheAppendBack) {
  const log::TopicPartition to = MakeTopic();
  const int leader = LeaderOf(to);
  const int one = (leader + 1) % 3;
  const int two = (leader + 2) % 3;
  const auto appender = log_->OpenAppender().value();
  ASSERT_TRUE(appender->Append({to, "", "all have it", {}}, 0).ok());
  ASSERT_TRUE(appender->Flush(60s).ok());
  std::vector<log::Ack> acks;
  appender->Poll(acks);
  acks.clear();
  // Two of three hang: the one left must not say that anything landed.
  Disturb(Broker(one, "pause"));
  Disturb(Broker(two, "pause"));
  ASSERT_TRUE(appender->Append({to, "", "value", {}}, 0).ok());
  EXPECT_EQ(appender->Flush(3s).code(), absl::StatusCode::kDeadlineExceeded);
  Disturb(Broker(one, "resume"));
  Disturb(Broker(two, "resume"));
  const absl::Status flushed = appender->Flush(60s);
  EXPECT_TRUE(flushed.ok()) << flushed;
  appender->Poll(acks);
  ASSERT_EQ(acks.size(), 1u);
  EXPECT_TRUE(acks[0].status.ok()) << acks[0].status;
  std::vector<log::Record> records;
  const auto deadline = steady_clock::now() + 60s;
  do {  // a broker that comes back tells of an earlier end at first
    records = log_->ReadRange(to, 0, 10).value();
  } while (records.size() < 2 && steady_clock::now() < deadline);
  EXPECT_EQ(records.size(), 2u);
}

}  // namespace
}  // namespace usher::contract
