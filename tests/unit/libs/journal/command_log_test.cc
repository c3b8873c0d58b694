#include "journal/command_log.h"

#include <gtest/gtest.h>

#include <set>

#include "journal/topics.h"
#include "unit/libs/journal/scripted_log.h"

namespace usher::journal {
namespace {

void CreateAll(ScriptedLog& log, std::int32_t partitions) {
  for (const log::TopicSpec& spec : Topics(partitions)) ASSERT_TRUE(log.CreateTopic(spec).ok());
}

void Put(ScriptedLog& log, std::int32_t partition, std::string value) {
  auto appender = log.OpenAppender();
  ASSERT_TRUE((*appender)->Append({{kCommands, partition}, "", std::move(value), {}}, 1).ok());
}

TEST(CommandLog, TheFirstComerNamesEveryPartitionAndTheSecondReadsTheSame) {
  ScriptedLog log;
  CreateAll(log, 3);
  const auto first = OpenCommandLog(log);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->partitions, 3);
  EXPECT_EQ(std::set<LogId>(first->log_ids.begin(), first->log_ids.end()).size(), 3U);

  const auto second = OpenCommandLog(log);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->log_ids, first->log_ids);
  EXPECT_EQ(*log.EndOffset({kCommands, 0}), 1);
}

TEST(CommandLog, WhatLandedAtZeroHolds) {
  ScriptedLog log;
  CreateAll(log, 1);
  const LogId winner = LogId::Of("winner");
  Put(log, 0, wire::EncodeHeader({winner, 1}));
  Put(log, 0, wire::EncodeHeader({LogId::Of("late"), 1}));
  const auto commands = OpenCommandLog(log);
  ASSERT_TRUE(commands.ok()) << commands.status();
  EXPECT_EQ(commands->log_ids, std::vector{winner});
}

TEST(CommandLog, AChangedPartitionCountIsRefused) {
  ScriptedLog log;
  CreateAll(log, 2);
  Put(log, 0, wire::EncodeHeader({LogId::Of("a"), 1}));
  const auto commands = OpenCommandLog(log);
  EXPECT_EQ(commands.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_NE(commands.status().message().find("has 2 partitions, its header pins 1"),
            absl::string_view::npos);
}

TEST(CommandLog, AFirstRecordThatIsNoHeaderIsRefused) {
  ScriptedLog log;
  CreateAll(log, 1);
  Put(log, 0, "foreign");
  EXPECT_EQ(OpenCommandLog(log).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST(CommandLog, EveryBrokenPromiseHasItsLine) {
  ScriptedLog log;
  EXPECT_EQ(OpenCommandLog(log).status().message(), "usher.commands: no such topic");

  for (const log::TopicSpec& spec : Topics(1)) {
    log::TopicSpec broken = spec;
    broken.compacted = false;
    if (spec.name == kOrders) continue;
    ASSERT_TRUE(log.CreateTopic(broken).ok());
  }
  EXPECT_EQ(OpenCommandLog(log).status().message(),
            "usher.orders: no such topic\n"
            "usher.snapshots: must be compacted\n"
            "usher.policies: must be compacted\n"
            "usher.quarantines: must be compacted");
}

TEST(CommandLog, ADeskKeepsItsPartitionForEver) {
  // Written values: a partition that changed between releases would split a desk in two.
  EXPECT_EQ(PartitionOf(DeskName::Of("eu"), 1), 0);
  EXPECT_EQ(PartitionOf(DeskName::Of("eu"), 12), 3);
  EXPECT_EQ(PartitionOf(DeskName::Of("brand-7"), 12), 7);
  std::set<std::int32_t> used;
  for (int i = 0; i < 200; ++i) used.insert(PartitionOf(DeskName::Of(std::to_string(i)), 12));
  EXPECT_EQ(used.size(), 12U);
}

class Writing : public testing::Test {
 protected:
  void SetUp() override { CreateAll(log_, 4); }
  CommandLog Opened() { return *OpenCommandLog(log_); }
  static wire::CommandRecord ShowWorkOf(const char* desk) {
    wire::CommandRecord record;
    record.desk = DeskName::Of(desk);
    record.command.body = ShowWork{AgentName::Of("ana")};
    return record;
  }
  ScriptedLog log_;
};

TEST_F(Writing, ACommandLandsOnThePartitionOfItsDesk) {
  CommandWriter writer(Opened(), *log_.OpenAppender());
  std::vector<Appended> done;
  const auto note = [&](absl::StatusOr<Appended> appended) { done.push_back(*appended); };
  ASSERT_TRUE(writer.Append(ShowWorkOf("eu"), note).ok());
  ASSERT_TRUE(writer.Append(ShowWorkOf("eu"), note).ok());
  EXPECT_EQ(writer.pending(), 2U);
  EXPECT_TRUE(done.empty());
  ASSERT_TRUE(writer.Flush(0s).ok());
  ASSERT_TRUE(writer.Poll().ok());
  ASSERT_EQ(done.size(), 2U);
  EXPECT_EQ(done[0].partition, PartitionOf(DeskName::Of("eu"), 4));
  EXPECT_EQ(done[0].offset, 1);
  EXPECT_EQ(done[1].offset, 2);
  EXPECT_EQ(writer.pending(), 0U);
}

TEST_F(Writing, AFailureIsToldToItsCallerAndToTheLoop) {
  CommandWriter writer(Opened(), *log_.OpenAppender());
  {
    const absl::MutexLock lock(&log_.state().mutex);
    log_.state().fate = absl::DataLossError("gone");
  }
  absl::Status told;
  ASSERT_TRUE(
      writer.Append(ShowWorkOf("eu"), [&](auto appended) { told = appended.status(); }).ok());
  EXPECT_EQ(writer.Poll().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(told.code(), absl::StatusCode::kDataLoss);
}

TEST_F(Writing, WhatIsUndecidedAtTheEndIsTold) {
  absl::Status told;
  {
    CommandWriter writer(Opened(), *log_.OpenAppender());
    ASSERT_TRUE(
        writer.Append(ShowWorkOf("eu"), [&](auto appended) { told = appended.status(); }).ok());
  }
  EXPECT_EQ(told.code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace usher::journal
