// What a router leaves behind at any moment is enough for the next one.
#include "router/recovery.h"

#include <gtest/gtest.h>

#include "journal/topics.h"
#include "router/router.h"
#include "router/snapshots.h"
#include "unit/services/router/rig.h"
#include "usher/v1/snapshot.pb.h"

namespace usher::router {
namespace {

constexpr int kCommands = 45;

// One command of the history a step, for two desks, with time passing; `before_step` may interfere.
template <class BeforeStep>
void Play(Rig& rig, std::uint64_t seed, int commands, BeforeStep before_step) {
  History eu(seed);
  History us(seed + 1);
  for (int i = 0; i < commands; ++i) {
    before_step(i);
    rig.Put(i % 3 == 2 ? "us" : "eu", i % 3 == 2 ? us.Next() : eu.Next());
    rig.Pass(Duration(std::chrono::milliseconds(eu.Below(1500))));
    rig.StepAll();
  }
}

void MakeSnapshotsOften(Rig& rig) {
  rig.options.checkpoint_commands = 5;
  rig.options.chunk_bytes = 200;  // so that a desk has several pieces
}

std::vector<log::Record> Manifests(Rig& rig) {
  std::vector<log::Record> manifests;
  for (log::Record& record : rig.All(journal::kSnapshots)) {
    if (record.key.rfind("manifest/", 0) == 0) manifests.push_back(std::move(record));
  }
  return manifests;
}

// The newest first.
std::vector<Snapshot> Snapshots(Rig& rig) {
  std::vector<Snapshot> snapshots;
  for (const log::Record& record : Manifests(rig)) {
    snapshots.push_back(*DecodeManifest(record.value, 0));
  }
  std::sort(snapshots.begin(), snapshots.end(),
            [](const Snapshot& a, const Snapshot& b) { return a.number > b.number; });
  return snapshots;
}

TEST(Recovery, KilledBeforeAnyStepTheDecisionsAreThoseOfAnUndisturbedRun) {
  const auto run = [](int killed_before) {
    Rig rig;
    rig.options.checkpoint_every = std::chrono::hours(1000);  // the history and its ticks, no more
    rig.Start("a");
    Play(rig, 7, kCommands, [&](int step) {
      if (step != killed_before) return;
      rig.Kill("a");
      rig.Start("a");
      for (int i = 0; i < 20 && !rig.process("a").health.serving(kServiceName); ++i) rig.StepAll();
    });
    rig.Settle();
    rig.Judge();
    return rig.Decided();
  };
  const auto undisturbed = run(-1);
  ASSERT_GT(undisturbed.size(), static_cast<std::size_t>(kCommands));
  for (int step = 0; step < kCommands; ++step) {
    SCOPED_TRACE(step);
    const auto disturbed = run(step);
    ASSERT_EQ(disturbed.size(), undisturbed.size());
    for (std::size_t i = 0; i < disturbed.size(); ++i) {
      // All but the log's id, which every log draws anew.
      ASSERT_EQ(disturbed[i].stamp.offset, undisturbed[i].stamp.offset) << i;
      ASSERT_EQ(disturbed[i].stamp.index, undisturbed[i].stamp.index) << i;
      ASSERT_EQ(disturbed[i].desk, undisturbed[i].desk) << i;
      ASSERT_EQ(disturbed[i].decision, undisturbed[i].decision) << i;
    }
  }
}

TEST(Recovery, KilledBeforeAnyStepWithSnapshotsEachDecisionIsThereOnce) {
  for (int step = 0; step < kCommands; ++step) {
    SCOPED_TRACE(step);
    Rig rig;
    MakeSnapshotsOften(rig);
    rig.log().faults.land_max = 700ms;
    rig.log().faults.ack_max = 300ms;
    rig.Start("a");
    Play(rig, 11, kCommands, [&](int at) {
      if (at == step) {
        rig.Kill("a");
        rig.Start("a");
      }
    });
    rig.Settle();
    rig.Judge();
  }
}

TEST(Recovery, ASnapshotSavesTheReplay) {
  Rig rig;
  MakeSnapshotsOften(rig);
  rig.Start("a");
  Play(rig, 3, 200, [](int) {});
  rig.Settle();
  ASSERT_GT(rig.Metric("a", "usher_router_snapshots_total"), 3);
  const double applied = rig.Metric("a", "usher_router_commands_total");
  rig.Kill("a");
  rig.Start("a");
  rig.Settle();
  EXPECT_LT(rig.Metric("a", "usher_router_commands_total"), applied / 4);
  EXPECT_EQ(rig.Metric("a", "usher_router_snapshots_refused_total"), 0);
  rig.Judge();
  EXPECT_EQ(rig.copies(), 0U);
}

TEST(Recovery, ADeskThatDidNotChangeIsListedWithItsOldPieces) {
  Rig rig;
  MakeSnapshotsOften(rig);
  rig.Start("a");
  for (int i = 0; i < 6; ++i) rig.Put("quiet", RemoveAgent{AgentName::Of("x")});
  rig.Settle();
  ASSERT_EQ(Snapshots(rig).size(), 1U);
  const Snapshot first = Snapshots(rig).front();
  for (int i = 0; i < 30; ++i) {
    rig.Put("busy", RemoveAgent{AgentName::Of("x")});
    rig.StepAll();
  }
  rig.Settle();
  const Snapshot last = Snapshots(rig).front();
  ASSERT_GT(last.number, first.number + 1);
  ASSERT_EQ(last.desks.size(), 2U);
  EXPECT_EQ(last.desks[0].desk, DeskName::Of("quiet"));
  EXPECT_EQ(last.desks[0].ref.offset, first.desks[0].ref.offset);
  EXPECT_EQ(last.desks[0].ref.slot, first.desks[0].ref.slot);
  EXPECT_GT(last.offset, first.desks[0].ref.offset);

  rig.Kill("a");
  rig.Start("a");
  rig.Settle();
  EXPECT_EQ(rig.Metric("a", "usher_router_snapshots_refused_total"), 0);
  rig.Put("quiet", RemoveAgent{AgentName::Of("x")});
  rig.Settle();
  rig.Judge();
}

// Spoils what `spoil` says, restarts, and expects the same decisions and `refused` bad snapshots.
template <class Spoil>
void ExpectSurvives(Spoil spoil, double refused, bool from_snapshot) {
  Rig rig;
  MakeSnapshotsOften(rig);
  rig.log().faults.uncompacted_permille = 0;
  rig.Start("a");
  Play(rig, 5, 100, [](int) {});
  rig.Settle();
  const double applied = rig.Metric("a", "usher_router_commands_total");
  rig.Kill("a");
  spoil(rig);
  rig.Start("a");
  rig.Settle();
  EXPECT_EQ(rig.Metric("a", "usher_router_snapshots_refused_total"), refused);
  if (from_snapshot) {
    EXPECT_LT(rig.Metric("a", "usher_router_commands_total"), applied);
  } else {
    EXPECT_GE(rig.Metric("a", "usher_router_commands_total"), applied);
  }
  Play(rig, 6, 20, [](int) {});
  rig.Settle();
  rig.Judge();
}

TEST(Recovery, ABadManifestMeansTheOlderOne) {
  ExpectSurvives(
      [](Rig& rig) {
        rig.PutSnapshotBytes(0, ManifestKey(Snapshots(rig).front().number), "spoiled");
      },
      1, true);
}

TEST(Recovery, TwoBadManifestsMeanAFullReplay) {
  ExpectSurvives(
      [](Rig& rig) {
        rig.PutSnapshotBytes(0, "manifest/0", "spoiled");
        rig.PutSnapshotBytes(0, "manifest/1", "");
      },
      2, false);
}

TEST(Recovery, ASpoiledPieceMeansTheOlderSnapshot) {
  ExpectSurvives(
      [](Rig& rig) {
        const Snapshot newest = Snapshots(rig).front();
        const DeskEntry& desk = newest.desks.front();
        const std::string key = ChunkKey(desk.desk, desk.ref.slot, 0);
        for (const log::Record& record : rig.All(journal::kSnapshots)) {
          if (record.key != key) continue;
          v1::SnapshotChunk chunk;
          ASSERT_TRUE(chunk.ParseFromString(record.value));
          (*chunk.mutable_data())[60] ^= 1;
          rig.PutSnapshotBytes(0, key, chunk.SerializeAsString());
        }
      },
      1, true);
}

TEST(Recovery, AMissingPieceMeansTheOlderSnapshot) {
  ExpectSurvives(
      [](Rig& rig) {
        const DeskEntry desk = Snapshots(rig).front().desks.front();
        rig.PutSnapshotBytes(0, ChunkKey(desk.desk, desk.ref.slot, desk.ref.chunks - 1), "");
      },
      1, true);
}

TEST(Recovery, ASnapshotOfAnotherLogOrLogicIsNotOurs) {
  ExpectSurvives(
      [](Rig& rig) {
        for (const log::Record& record : Manifests(rig)) {
          v1::Manifest manifest;
          ASSERT_TRUE(manifest.ParseFromString(record.value));
          if (record.key == "manifest/0") {
            manifest.set_log_id(std::string(16, 'x'));
          } else {
            manifest.set_logic(rig.options.logic.newest + 1);
          }
          rig.PutSnapshotBytes(0, record.key, manifest.SerializeAsString());
        }
      },
      1, false);
}

TEST(Recovery, DecisionsThatTheLogLostAreMadeAgain) {
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

TEST(Recovery, OldCopiesAtTheEndOfTheLogDoNotHideWhereItStands) {
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

TEST(Recovery, ASnapshotKnowsWhereTheLogStandsWhenItsEndIsAllOldCopies) {
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

TEST(Recovery, CommandsThatTheLogLostStopTheProcess) {
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

TEST(Recovery, CommandsThatWereWrittenAnewStopTheProcess) {
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

TEST(Recovery, AnotherLogUnderTheSameNameStopsTheProcess) {
  Rig rig;
  rig.Start("a");
  rig.log().CutBack({journal::kCommands, 0}, 0);
  rig.PutBytes(0, wire::EncodeHeader({LogId::Of("another"), 1}));
  absl::Status status;
  for (int i = 0; i < 20 && status.ok(); ++i) status = rig.Step("a");
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_NE(status.message().find("the log was replaced"), absl::string_view::npos) << status;
}

TEST(Recovery, PoliciesThatWereNotPublishedYetArePublished) {
  Rig rig;
  rig.Put("eu", ApplyPolicy{ShopPolicy()});
  rig.Start("a");
  rig.log().faults.append_fails_permille = 1000;
  absl::Status status;
  for (int i = 0; i < 20 && status.ok(); ++i) status = rig.Step("a");
  EXPECT_FALSE(status.ok());
  rig.Kill("a");
  EXPECT_EQ(rig.All(journal::kPolicies).size(), 0U);
  rig.log().faults.append_fails_permille = 0;
  rig.Start("a");
  rig.Settle();
  EXPECT_EQ(rig.All(journal::kPolicies).size(), 1U);
  rig.Judge();
}

// A log that does not answer one read of a range.
class AwayOnce : public log::Log {
 public:
  AwayOnce(log::Log& inner, int away_at) : inner_(inner), away_at_(away_at) {}

  absl::StatusOr<std::vector<log::Record>> ReadRange(const log::TopicPartition& partition,
                                                     std::int64_t from, std::size_t most) override {
    if (++reads_ == away_at_) return absl::UnavailableError("no answer");
    return inner_.ReadRange(partition, from, most);
  }
  absl::Status CreateTopic(const log::TopicSpec& spec) override { return inner_.CreateTopic(spec); }
  absl::StatusOr<std::vector<std::string>> CheckTopic(const log::TopicSpec& spec) override {
    return inner_.CheckTopic(spec);
  }
  absl::StatusOr<std::int32_t> Partitions(const std::string& topic) override {
    return inner_.Partitions(topic);
  }
  absl::StatusOr<std::int64_t> EndOffset(const log::TopicPartition& partition) override {
    return inner_.EndOffset(partition);
  }
  absl::StatusOr<std::unique_ptr<log::Appender>> OpenAppender() override {
    return inner_.OpenAppender();
  }
  absl::StatusOr<std::unique_ptr<log::Reader>> OpenReader(
      const log::ReaderOptions& options) override {
    return inner_.OpenReader(options);
  }
  std::size_t entry_bytes_max() const override { return inner_.entry_bytes_max(); }
  std::map<std::string, double> Stats() const override { return inner_.Stats(); }

 private:
  log::Log& inner_;
  const int away_at_;
  int reads_ = 0;
};

TEST(Recovery, ALogThatIsAwayForOneReadChangesNothing) {
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
