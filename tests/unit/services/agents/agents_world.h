// A whole agents service over a simulated log; the test plays the router.
//
// Threads: one; what a test asks over gRPC it asks from other threads.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "agents/agents.h"
#include "journal/topics.h"
#include "log/sim/sim_log.h"
#include "wire/records.h"

namespace usher::agents {

inline constexpr std::int32_t kPartitions = 3;
inline const DeskName kShop = DeskName::Of("shop");
inline const AgentName kAna = AgentName::Of("ana");
inline const AgentName kBen = AgentName::Of("ben");

inline InquiryId Inquiry(std::uint64_t number) { return InquiryId::FromNumber(number); }
inline OfferId Offer(std::uint64_t number) { return OfferId{number}; }
inline OfferMade Made(std::uint64_t offer, std::uint64_t inquiry, AgentName agent = kAna) {
  return {Offer(offer),       Inquiry(inquiry),      agent,
          QueueName::Of("q"), FromMicros(5'000'000), OfferReason::kArrival};
}
inline OfferAccepted Accepted(std::uint64_t offer, std::uint64_t inquiry, AgentName agent = kAna) {
  return {Offer(offer), Inquiry(inquiry), agent, false};
}

class AgentsWorld {
 public:
  AgentsWorld() {
    for (const log::TopicSpec& spec : journal::Topics(kPartitions)) {
      EXPECT_TRUE(log.CreateTopic(spec).ok());
    }
    auto opened = journal::OpenCommandLog(log);
    EXPECT_TRUE(opened.ok()) << opened.status();
    commands = *opened;
    appender_ = log.OpenAppender().value();
  }

  void Start(Options options = {}) {
    auto bound = Agents::Bind(options, commands, log, metrics, health);
    ASSERT_TRUE(bound.ok()) << bound.status();
    agents = std::move(*bound);
  }

  absl::Status TryStep() {
    now += 1ms;
    for (Stepper* stepper : agents->steppers()) {
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

  // Where the latest command of `desk` stands; its decisions are stamped with it.
  std::int64_t LastCommand(const DeskName& desk = kShop) {
    return log.EndOffset({journal::kCommands, journal::PartitionOf(desk, kPartitions)}).value() - 1;
  }

  // The router's decision on the latest command of `desk`.
  void SayOnLast(DecisionBody body, const DeskName& desk = kShop) {
    wire::DecisionRecord record = Next(std::move(body), desk);
    record.stamp.offset = LastCommand(desk);
    record.stamp.index = 0;
    last_[record.stamp.partition] = record.stamp;
    Append(record);
  }

  // The router's next decision on `desk`.
  wire::DecisionRecord Next(DecisionBody body, const DeskName& desk = kShop) {
    const std::int32_t partition = journal::PartitionOf(desk, kPartitions);
    wire::DecisionRecord record;
    record.previous = last_[partition];
    // Below every command but the header: what a test decides out of turn is on none of them.
    record.stamp = {commands.log_ids[static_cast<std::size_t>(partition)], partition,
                    record.previous.none() ? 0 : record.previous.offset,
                    record.previous.none() ? 0 : record.previous.index + 1};
    last_[partition] = record.stamp;
    record.desk = desk;
    record.decision = {now, std::move(body)};
    return record;
  }
  void Append(const wire::DecisionRecord& record) {
    AppendRaw(wire::EncodeDecision(record), record.stamp.partition);
  }
  void AppendRaw(std::string bytes, std::int32_t partition) {
    EXPECT_TRUE(
        appender_->Append({{journal::kDecisions, partition}, "", std::move(bytes), {}}, 1).ok());
    EXPECT_TRUE(appender_->Flush(1s).ok());
  }
  void Say(DecisionBody body, const DeskName& desk = kShop) { Append(Next(std::move(body), desk)); }

  void SayAgent(const AgentName& agent) {
    Say(AgentRegistered{agent, {{SkillName::Of("uk"), 80}}, 3, {}});
    Say(PresenceChanged{agent, Presence::kAvailable, AwayReason::kNone});
  }

  // All commands in the log that are a Body.
  template <class Body>
  std::vector<Body> Commands() {
    std::vector<Body> all;
    for (std::int32_t partition = 0; partition < kPartitions; ++partition) {
      auto records = log.ReadRange({journal::kCommands, partition}, 0, 1'000'000);
      EXPECT_TRUE(records.ok()) << records.status();
      for (const log::Record& record : *records) {
        auto decoded = wire::DecodeCommand(record.value);
        EXPECT_TRUE(decoded.ok()) << decoded.status();
        if (!decoded.ok()) continue;
        const auto* command = std::get_if<wire::CommandRecord>(&*decoded);
        if (command == nullptr) continue;
        if (const auto* body = std::get_if<Body>(&command->command.body)) all.push_back(*body);
      }
    }
    return all;
  }

  // Steps until `done`, which other threads may bring about.
  void StepUntil(const std::function<bool()>& done) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!done()) {
      Step();
      ASSERT_LT(std::chrono::steady_clock::now(), until) << "it did not come";
    }
  }

  Instant now = FromMicros(1'700'000'000'000'000);
  log::SimLog log{{.seed = 1, .clock = [this] { return now; }}};
  telemetry::Metrics metrics;
  rpc::Health health;
  journal::CommandLog commands;
  std::unique_ptr<Agents> agents;

 private:
  std::unique_ptr<log::Appender> appender_;
  std::map<std::int32_t, Stamp> last_;
};

}  // namespace usher::agents
