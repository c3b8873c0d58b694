// A whole intake over a simulated log and store, with a clock that the test moves.
//
// Threads: one; what a test asks over gRPC it asks from other threads.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "intake/intake.h"
#include "journal/topics.h"
#include "log/sim/sim_log.h"
#include "store/sim/sim_store.h"
#include "unit/services/intake/intake_events.h"
#include "usher/v1/snapshot.pb.h"
#include "wire/fields.h"
#include "wire/records.h"

namespace usher::intake {

inline constexpr std::int32_t kPartitions = 3;

class IntakeWorld {
 public:
  IntakeWorld() {
    for (const log::TopicSpec& spec : journal::Topics(kPartitions)) {
      EXPECT_TRUE(log.CreateTopic(spec).ok());
    }
    auto opened = journal::OpenCommandLog(log);
    EXPECT_TRUE(opened.ok()) << opened.status();
    commands = *opened;
    appender_ = log.OpenAppender().value();
  }

  void Start(bool read_topics = true) {
    Options options;
    options.read_topics = read_topics;
    options.member_id = "intake-" + std::to_string(++starts_);
    auto bound = Intake::Bind(options, commands, log, *stores_used, ReadPlainly, metrics, health);
    ASSERT_TRUE(bound.ok()) << bound.status();
    intake = std::move(*bound);
  }

  // As kill -9 does: nothing is flushed or committed.
  void Crash() { intake.reset(); }

  // The first error of a stepper.
  absl::Status TryStep() {
    now += 1ms;
    for (Stepper* stepper : intake->steppers()) {
      if (absl::Status status = stepper->Step(now, 0s); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

  void Step(int times = 1) {
    for (int i = 0; i < times; ++i) {
      const absl::Status status = TryStep();
      ASSERT_TRUE(status.ok()) << status;
    }
  }

  std::int64_t Send(const std::string& topic, std::string value, std::int32_t partition = 0,
                    std::vector<log::Header> headers = {}, const std::string& key = "key") {
    EXPECT_TRUE(
        appender_->Append({{topic, partition}, key, std::move(value), std::move(headers)}, 1).ok());
    EXPECT_TRUE(appender_->Flush(1s).ok());
    std::vector<log::Ack> acks;
    appender_->Poll(acks);
    EXPECT_EQ(acks.size(), 1u);
    return acks.empty() ? -1 : acks.front().offset;
  }
  std::int64_t Send(const v1::MessageEvent& event, std::int32_t partition = 0) {
    return Send(journal::kMessages, event.SerializeAsString(), partition);
  }
  std::int64_t Send(const v1::OrderEvent& event, std::int32_t partition = 0) {
    return Send(journal::kOrders, event.SerializeAsString(), partition);
  }

  // The policy of desk "shop" with these topics, as applied by the command at `offset`.
  void SendPolicy(std::int64_t offset, const std::string& topics, std::string yaml = "") {
    if (yaml.empty()) {
      yaml = "version: v1\nlanguages: [uk, de]\ntopics: " + topics +
             "\nskills: [orders]\nchannels: {chat: {units: 1}}\nqueues: [{name: q}]\n"
             "otherwise: {queue: q}\n";
    }
    const auto partition = journal::PartitionOf(DeskName::Of("shop"), kPartitions);
    v1::PolicyRecord record;
    record.set_desk("shop");
    record.set_log_id(wire::IdBytes(commands.log_ids[static_cast<std::size_t>(partition)]));
    record.set_partition(partition);
    record.set_offset(offset);
    record.mutable_policy()->set_yaml(yaml);
    Send(journal::kPolicies, record.SerializeAsString(), 0, {}, std::to_string(offset));
  }

  std::vector<log::Record> Records(const std::string& topic) {
    std::vector<log::Record> all;
    const std::int32_t partitions = log.Partitions(topic).value();
    for (std::int32_t partition = 0; partition < partitions; ++partition) {
      auto records = log.ReadRange({topic, partition}, 0, 1'000'000);
      EXPECT_TRUE(records.ok()) << records.status();
      for (log::Record& record : *records) {
        all.push_back(std::move(record));
      }
    }
    return all;
  }

  std::vector<wire::CommandRecord> Commands() {
    std::vector<wire::CommandRecord> all;
    for (const log::Record& record : Records(journal::kCommands)) {
      auto decoded = wire::DecodeCommand(record.value);
      EXPECT_TRUE(decoded.ok()) << decoded.status();
      if (auto* command = std::get_if<wire::CommandRecord>(&*decoded)) {
        all.push_back(std::move(*command));
      }
    }
    return all;
  }

  // Those that came of messages.
  std::vector<wire::CommandRecord> Placements() {
    std::vector<wire::CommandRecord> all = Commands();
    std::erase_if(all, [](const wire::CommandRecord& record) {
      return !std::holds_alternative<PlaceInquiry>(record.command.body);
    });
    return all;
  }

  // The one of them in the log.
  PlaceInquiry OnlyPlaced() {
    const auto all = Placements();
    EXPECT_EQ(all.size(), 1u);
    return all.empty() ? PlaceInquiry() : std::get<PlaceInquiry>(all.front().command.body);
  }

  // What the group committed for a partition; -1: nothing. The intake must be gone.
  std::int64_t Committed(const std::string& topic, std::int32_t partition) {
    auto reader = log.OpenReader({{topic}, "usher.intake." + topic, "probe"}).value();
    std::int64_t committed = -1;
    for (int i = 0; i < 10; ++i) {
      std::vector<log::ReaderEvent> events;
      EXPECT_TRUE(reader->Poll(100, 0s, events).ok());
      for (const log::ReaderEvent& event : events) {
        const auto* assigned = std::get_if<log::Assigned>(&event);
        if (assigned != nullptr && assigned->partition.partition == partition) {
          committed = assigned->committed;
        }
      }
    }
    return committed;
  }

  bool Shows(const std::string& line) {
    return metrics.Text().find(line + "\n") != std::string::npos;
  }

  // Steps until `answer` is there.
  template <class T>
  T Await(std::future<T> answer) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (answer.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready) {
      Step();
      if (std::chrono::steady_clock::now() > until) {
        ADD_FAILURE() << "no answer";
        std::abort();
      }
    }
    return answer.get();
  }

  Instant now = FromMicros(1'700'000'000'000'000);
  log::SimLog log{{.seed = 1, .clock = [this] { return now; }}};
  store::SimStores stores{1, [this] { return now; }};
  store::Stores* stores_used = &stores;
  telemetry::Metrics metrics;
  rpc::Health health;
  journal::CommandLog commands;
  std::unique_ptr<Intake> intake;

 private:
  std::unique_ptr<log::Appender> appender_;
  int starts_ = 0;
};

}  // namespace usher::intake
