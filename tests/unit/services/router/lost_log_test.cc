// A log that lost records, holds others than it did, or is away for a moment.
#include <gtest/gtest.h>

#include "journal/topics.h"
#include "kit/forwarding_log.h"
#include "router/recovery.h"
#include "router/router.h"
#include "unit/services/router/rig.h"
#include "unit/services/router/snapshot_play.h"

namespace usher::router {
namespace {

TEST(LostLog, DecisionsThatTheLogLostAreMadeAgain) {
  Rig rig;
  MakeSnapshotsOften(rig);
  rig.Start("a");
  Play(rig, 9, 100, [](int) {});
  rig.Settle();
  rig.Kill("a");
  const std::int64_t end = *rig.log().EndOffset({journal::kDecisions, 0});
  rig.log().CutBack({journal::kDecisions, 0}, end / 3);
  rig.Start("a");
  rig.Settle();
  EXPECT_EQ(rig.Metric("a", "usher_router_snapshots_refused_total"), 2);
  rig.Judge();
}

// What an owner that was taken over may leave: `copies` of the first decisions, after all others.
void PutOldCopies(Rig& rig, std::size_t copies) {
  const auto decisions = rig.All(journal::kDecisions);
  auto appender = *rig.log().OpenAppender();
  for (std::size_t i = 0; i < copies; ++i) {
    const log::Record& old = decisions[i % 10];
    ASSERT_TRUE(appender->Append({old.from, old.key, old.value, {}}, i + 1).ok());
  }
  ASSERT_TRUE(appender->Flush(1s).ok());
}

TEST(LostLog, OldCopiesAtTheEndOfTheLogDoNotHideWhereItStands) {
  Rig rig;
  rig.Start("a");
  Play(rig, 9, 60, [](int) {});
  rig.Settle();
  rig.Kill("a");
  PutOldCopies(rig, 20);
  rig.Start("a");
  rig.Settle();
  rig.Judge();
  EXPECT_EQ(rig.copies(), 20U) << "what was in the log was appended again";
}

TEST(LostLog, ASnapshotKnowsWhereTheLogStandsWhenItsEndIsAllOldCopies) {
  Rig rig;
  MakeSnapshotsOften(rig);
  rig.Start("a");
  Play(rig, 9, 100, [](int) {});
  rig.Settle();
  ASSERT_GT(Snapshots(rig).front().last.offset, Snapshots(rig).front().offset);
  rig.Kill("a");
  PutOldCopies(rig, 5'000);
  rig.Start("a");
  rig.Settle();
  rig.Judge();
  EXPECT_EQ(rig.Metric("a", "usher_router_snapshots_refused_total"), 0);
}

TEST(LostLog, CommandsThatTheLogLostStopTheProcess) {
  Rig rig;
  rig.Start("a");
  Play(rig, 9, 30, [](int) {});
  rig.Settle();
  rig.Kill("a");
  rig.log().CutBack({journal::kCommands, 0}, 10);
  rig.Start("a");
  absl::Status status;
  for (int i = 0; i < 20 && status.ok(); ++i) status = rig.Step("a");
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_NE(status.message().find("the log lost records"), absl::string_view::npos) << status;
}

TEST(LostLog, CommandsThatWereWrittenAnewStopTheProcess) {
  for (const std::int64_t kept : {20, 41}) {
    Rig rig;
    MakeSnapshotsOften(rig);
    rig.Start("a");
    Play(rig, 7, kCommands, [](int) {});
    rig.Settle();
    rig.Kill("a");
    // An unclean election, and as many other commands since.
    const std::int64_t end = *rig.log().EndOffset({journal::kCommands, 0});
    rig.log().CutBack({journal::kCommands, 0}, end - kept);
    while (*rig.log().EndOffset({journal::kCommands, 0}) <= end) {
      rig.Pass(1s);
      rig.Put("eu", Tick{});
    }
    rig.Start("b");
    absl::Status status;
    for (int i = 0; i < 50 && status.ok(); ++i) status = rig.Step("b");
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_NE(status.message().find("the log was rewritten"), absl::string_view::npos) << status;
  }
}

TEST(LostLog, AnotherLogUnderTheSameNameStopsTheProcess) {
  Rig rig;
  rig.Start("a");
  rig.log().CutBack({journal::kCommands, 0}, 0);
  rig.PutBytes(0, wire::EncodeHeader({LogId::Of("another"), 1}));
  absl::Status status;
  for (int i = 0; i < 20 && status.ok(); ++i) status = rig.Step("a");
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_NE(status.message().find("the log was replaced"), absl::string_view::npos) << status;
}

// A log that does not answer one read of a range.
class AwayOnce : public kit::ForwardingLog {
 public:
  AwayOnce(log::Log& inner, int away_at) : ForwardingLog(inner), away_at_(away_at) {}

  absl::StatusOr<std::vector<log::Record>> ReadRange(const log::TopicPartition& partition,
                                                     std::int64_t from, std::size_t most) override {
    if (++reads_ == away_at_) return absl::UnavailableError("no answer");
    return inner_.ReadRange(partition, from, most);
  }

 private:
  const int away_at_;
  int reads_ = 0;
};

TEST(LostLog, ALogThatIsAwayForOneReadChangesNothing) {
  Rig rig;
  MakeSnapshotsOften(rig);
  rig.Start("a");
  Play(rig, 7, kCommands, [](int) {});
  rig.Settle();
  ASSERT_GE(Snapshots(rig).size(), 2u);
  rig.Kill("a");
  const journal::CommandLog commands = *journal::OpenCommandLog(rig.log());
  telemetry::Metrics metrics;
  Gauges gauges(metrics);
  int away = 1;
  for (int away_at = 1; away > 0; ++away_at) {  // until there is no such read
    AwayOnce log(rig.log(), away_at);
    Recovery recovery(rig.options, commands, log, gauges, 0, 0);
    away = 0;
    for (absl::StatusOr<bool> done = false; !done.ok() || !*done; done = recovery.Advance()) {
      ASSERT_TRUE(done.ok() || absl::IsUnavailable(done.status())) << done.status();
      away += done.ok() ? 0 : 1;
    }
    const Recovered found = recovery.Take();
    EXPECT_TRUE(found.from_snapshot) << away_at;
    EXPECT_EQ(found.desks.size(), 2u) << away_at;
    EXPECT_EQ(found.replay_from, Snapshots(rig).front().offset + 1) << away_at;
  }
}

}  // namespace
}  // namespace usher::router
