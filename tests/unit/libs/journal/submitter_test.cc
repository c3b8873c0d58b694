#include "journal/submitter.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "journal/topics.h"
#include "unit/libs/journal/scripted_log.h"

namespace usher::journal {
namespace {

class Submitting : public testing::Test {
 protected:
  void SetUp() override {
    for (const log::TopicSpec& spec : Topics(1)) ASSERT_TRUE(log_.CreateTopic(spec).ok());
    commands_ = *OpenCommandLog(log_);
  }
  void Submit(Submitter& submitter, std::size_t bytes = 0) {
    wire::CommandRecord record;
    record.desk = DeskName::Of("eu");
    record.command.body = ShowWork{AgentName::Of("ana")};
    if (bytes > 0) {
      record.command.body = ApplyPolicy{};
      record.policy_yaml.assign(bytes, 'y');
    }
    submitter.Submit(std::move(record),
                     [this](absl::StatusOr<Appended> fate) { fates_.push_back(std::move(fate)); });
  }
  void HoldAcks(bool hold) {
    const absl::MutexLock lock(&log_.state().mutex);
    log_.state().hold_acks = hold;
  }
  std::int64_t End() { return *log_.EndOffset({kCommands, 0}); }

  ScriptedLog log_;
  CommandLog commands_;
  std::vector<absl::StatusOr<Appended>> fates_;
};

TEST_F(Submitting, AStepAppendsAndCallsBack) {
  Submitter submitter(commands_, *log_.OpenAppender());
  Submit(submitter);
  EXPECT_TRUE(fates_.empty());
  ASSERT_TRUE(submitter.Step(Instant(), 0s).ok());
  ASSERT_EQ(fates_.size(), 1U);
  EXPECT_EQ(fates_[0]->offset, 1);
}

TEST_F(Submitting, AnswersMayComeInALaterStep) {
  Submitter submitter(commands_, *log_.OpenAppender());
  HoldAcks(true);
  Submit(submitter);
  ASSERT_TRUE(submitter.Step(Instant(), 0s).ok());
  ASSERT_TRUE(submitter.Step(Instant(), 1ms).ok());
  EXPECT_TRUE(fates_.empty());
  HoldAcks(false);
  ASSERT_TRUE(submitter.Step(Instant(), 0s).ok());
  EXPECT_EQ(fates_.size(), 1U);
}

TEST_F(Submitting, AFullQueueSaysSoAtOnce) {
  Submitter submitter(commands_, *log_.OpenAppender(), 1);
  Submit(submitter);
  Submit(submitter);
  ASSERT_EQ(fates_.size(), 1U);
  EXPECT_EQ(fates_[0].status().code(), absl::StatusCode::kResourceExhausted);
  ASSERT_TRUE(submitter.Step(Instant(), 0s).ok());
  ASSERT_EQ(fates_.size(), 2U);
  EXPECT_TRUE(fates_[1].ok());
}

TEST_F(Submitting, WhatTheLogHasNoRoomForKeepsItsOrder) {
  Submitter submitter(commands_, *log_.OpenAppender());
  {
    const absl::MutexLock lock(&log_.state().mutex);
    log_.state().room = 2;
    log_.state().hold_acks = true;
  }
  for (int i = 0; i < 5; ++i) Submit(submitter);
  ASSERT_TRUE(submitter.Step(Instant(), 0s).ok());
  EXPECT_EQ(End(), 3);  // the header and two
  HoldAcks(false);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(submitter.Step(Instant(), 0s).ok());
  ASSERT_EQ(fates_.size(), 5U);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(fates_[static_cast<std::size_t>(i)]->offset, i + 1);
}

TEST_F(Submitting, ALogThatTakesNothingIsToldAtOnce) {
  Submitter submitter(commands_, *log_.OpenAppender());
  {
    const absl::MutexLock lock(&log_.state().mutex);
    log_.state().room = 0;
  }
  for (int i = 0; i < 3; ++i) Submit(submitter);
  ASSERT_TRUE(submitter.Step(Instant(), 0s).ok());
  ASSERT_EQ(fates_.size(), 3U);
  for (const auto& fate : fates_) {
    EXPECT_EQ(fate.status().code(), absl::StatusCode::kResourceExhausted);
  }
  EXPECT_EQ(End(), 1);  // the header
}

TEST_F(Submitting, WhatIsTooLargeIsRefusedAndTheRestFlows) {
  Submitter submitter(commands_, *log_.OpenAppender());
  Submit(submitter, 2'000'000);
  Submit(submitter);
  ASSERT_TRUE(submitter.Step(Instant(), 0s).ok());
  ASSERT_EQ(fates_.size(), 2U);
  EXPECT_EQ(fates_[0].status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(fates_[1].ok());
}

TEST_F(Submitting, AFailureForGoodEndsTheLoop) {
  Submitter submitter(commands_, *log_.OpenAppender());
  {
    const absl::MutexLock lock(&log_.state().mutex);
    log_.state().fate = absl::DataLossError("gone");
  }
  Submit(submitter);
  EXPECT_EQ(submitter.Step(Instant(), 0s).code(), absl::StatusCode::kDataLoss);
  ASSERT_EQ(fates_.size(), 1U);
  EXPECT_EQ(fates_[0].status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(Submitting, TheEndTellsWhoStillWaits) {
  {
    Submitter submitter(commands_, *log_.OpenAppender());
    HoldAcks(true);
    Submit(submitter);
    ASSERT_TRUE(submitter.Step(Instant(), 0s).ok());
    Submit(submitter);
  }
  ASSERT_EQ(fates_.size(), 2U);
  EXPECT_EQ(fates_[0].status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(fates_[1].status().code(), absl::StatusCode::kUnavailable);
}

TEST_F(Submitting, ManyThreadsHandOverToOneLoop) {
  constexpr int kThreads = 4;
  constexpr int kEach = 200;
  absl::Mutex mutex;
  int landed = 0;
  {
    Submitter submitter(commands_, *log_.OpenAppender());
    StepThread loop("submitter", submitter, 50ms,
                    [](const absl::Status& status) { ADD_FAILURE() << status; });
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < kEach; ++i) {
          wire::CommandRecord record;
          record.desk = DeskName::Of("eu");
          submitter.Submit(std::move(record), [&](const absl::StatusOr<Appended>& fate) {
            const absl::MutexLock lock(&mutex);
            landed += fate.ok() ? 1 : 0;
          });
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    const absl::MutexLock lock(&mutex);
    EXPECT_TRUE(
        mutex.AwaitWithTimeout(absl::Condition(
                                   +[](int* count) { return *count == kThreads * kEach; }, &landed),
                               absl::Seconds(20)));
  }
  EXPECT_EQ(End(), 1 + kThreads * kEach);
}

}  // namespace
}  // namespace usher::journal
