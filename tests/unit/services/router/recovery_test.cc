// What a router leaves behind at any moment is enough for the next one.
#include "router/recovery.h"

#include <gtest/gtest.h>

#include "journal/topics.h"
#include "kit/forwarding_log.h"
#include "router/router.h"
#include "router/snapshots.h"
#include "unit/services/router/rig.h"
#include "unit/services/router/snapshot_play.h"
#include "usher/v1/snapshot.pb.h"

namespace usher::router {
namespace {

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

// Counts what is read of the snapshots.
class CountingLog : public kit::ForwardingLog {
 public:
  using ForwardingLog::ForwardingLog;
  absl::StatusOr<std::vector<log::Record>> ReadRange(const log::TopicPartition& partition,
                                                     std::int64_t from, std::size_t most) override {
    auto records = inner_.ReadRange(partition, from, most);
    if (records.ok() && partition.topic == journal::kSnapshots) read += records->size();
    return records;
  }
  std::size_t read = 0;
};

TEST(Recovery, WhatCompactionHasNotRemovedYetIsNotRead) {
  Rig rig;
  MakeSnapshotsOften(rig);
  rig.log().faults.uncompacted_permille = 1000;
  rig.Start("a");
  Play(rig, 3, 400, [](int) {});
  rig.Settle();
  rig.Kill("a");
  const std::vector<Snapshot> snapshots = Snapshots(rig);
  ASSERT_GT(snapshots.size(), 20U);
  const std::size_t there = rig.All(journal::kSnapshots).size();
  CountingLog log(rig.log());
  telemetry::Metrics metrics;
  Gauges gauges(metrics);
  Recovery recovery(rig.options, rig.commands(), log, gauges, 0, 0);
  for (absl::StatusOr<bool> done = false; !*done;) {
    done = recovery.Advance();
    ASSERT_TRUE(done.ok()) << done.status();
  }
  const Recovered found = recovery.Take();
  EXPECT_TRUE(found.from_snapshot);
  EXPECT_EQ(found.number, snapshots.front().number);
  EXPECT_EQ(found.replay_from, snapshots.front().offset + 1);
  EXPECT_EQ(found.desks.size(), 2U);
  EXPECT_LT(log.read, there / 4);
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

// Owners that live for less than the time between two snapshots: else the replay would grow with
// each of them.
TEST(Recovery, OwnersThatComeAndGoSaveSnapshotsToo) {
  Rig rig;
  rig.options.checkpoint_every = 60s;
  for (int life = 0; life < 6; ++life) {
    rig.Start("a");
    for (int second = 0; second < 25; ++second) {
      rig.Put("eu", Tick{});
      rig.Pass(1s);
      rig.StepAll();
    }
    rig.Settle();
    rig.Kill("a");
  }
  const std::vector<Snapshot> snapshots = Snapshots(rig);
  ASSERT_GE(snapshots.size(), 1U);
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
        rig.PutSnapshotBytes(0, ManifestKey(Snapshots(rig).front().number, 0), "spoiled");
      },
      1, true);
}

TEST(Recovery, AManifestWithoutOneOfItsPagesIsNone) {
  ExpectSurvives(
      [](Rig& rig) {
        rig.PutSnapshotBytes(0, ManifestKey(Snapshots(rig).front().number, 1), "spoiled");
      },
      1, true);
}

TEST(Recovery, PagesOfTwoWritersDoNotMix) {
  ExpectSurvives(
      [](Rig& rig) {
        const std::string key = ManifestKey(Snapshots(rig).front().number, 1);
        for (const log::Record& record : Manifests(rig)) {
          if (record.key != key) continue;
          v1::Manifest page;
          ASSERT_TRUE(page.ParseFromString(record.value));
          page.set_draw(page.draw() + 1);
          page.clear_sum();
          rig.PutSnapshotBytes(0, key, page.SerializeAsString());
        }
      },
      0, true);
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
          const bool even = record.key.rfind("manifest/0", 0) == 0;
          if (even) manifest.set_log_id(std::string(16, 'x'));
          if (!even && manifest.page() == 0) manifest.set_logic(rig.options.logic.newest + 1);
          manifest.clear_sum();
          rig.PutSnapshotBytes(0, record.key, manifest.SerializeAsString());
        }
      },
      1, false);
}

// As an older release left them: they are told, and the partition is replayed in full.
TEST(Recovery, SnapshotsOfAnOlderFormatMeanAFullReplay) {
  ExpectSurvives(
      [](Rig& rig) {
        for (const log::Record& record : Manifests(rig)) {
          v1::Manifest manifest;
          ASSERT_TRUE(manifest.ParseFromString(record.value));
          manifest.set_format(manifest.page() == 0 ? kStateFormat - 1 : kStateFormat);
          rig.PutSnapshotBytes(0, record.key, manifest.SerializeAsString());
        }
      },
      2, false);
}

// As where the topic was copied to another broker, which numbers the records anew.
TEST(Recovery, PiecesThatAreNotWhereTheManifestSaysAreFound) {
  ExpectSurvives(
      [](Rig& rig) {
        for (const log::Record& record : Manifests(rig)) {
          v1::Manifest manifest;
          ASSERT_TRUE(manifest.ParseFromString(record.value));
          for (v1::DeskSnapshot& desk : *manifest.mutable_desks()) {
            ASSERT_GT(desk.place(), 0);
            desk.set_place(record.offset);
          }
          manifest.clear_sum();
          rig.PutSnapshotBytes(0, record.key, manifest.SerializeAsString());
        }
      },
      0, true);
}

// Two owners at once may write pieces of two copies to one slot: neither is restored.
TEST(Recovery, PiecesOfTwoCopiesDoNotMix) {
  ExpectSurvives(
      [](Rig& rig) {
        const DeskEntry desk = Snapshots(rig).front().desks.front();
        const std::string key = ChunkKey(desk.desk, desk.ref.slot, 0);
        for (const log::Record& record : rig.All(journal::kSnapshots)) {
          if (record.key != key) continue;
          v1::SnapshotChunk chunk;
          ASSERT_TRUE(chunk.ParseFromString(record.value));
          chunk.set_copy(chunk.copy() + 1);
          rig.PutSnapshotBytes(0, key, chunk.SerializeAsString());
        }
      },
      1, true);
}

// A shop in which much is open, so that a copy takes many steps.
void FillShop(Rig& rig) {
  History eu(31);
  for (int i = 0; i < 150; ++i) rig.Put("eu", eu.Next());
  rig.Settle();
}

TEST(Recovery, ASnapshotIsCopiedWhileTheDeskGoesOn) {
  Rig rig;
  MakeSnapshotsOften(rig);
  rig.options.copy_rows = 1;
  rig.options.checkpoint_commands = 40;
  rig.Start("a");
  FillShop(rig);
  const double before = rig.Metric("a", "usher_router_snapshots_total");
  History eu(33);
  int mid_copy = 0;
  for (int i = 0; i < 300; ++i) {
    rig.Put("eu", eu.Next());
    rig.StepAll();
    const auto records = rig.All(journal::kSnapshots);
    // The last piece that was written is of a copy that no manifest names yet.
    if (!records.empty() && records.back().key.rfind("desk/", 0) == 0) ++mid_copy;
  }
  rig.Settle();
  EXPECT_GT(rig.Metric("a", "usher_router_snapshots_total"), before + 3);
  EXPECT_GT(mid_copy, 5);
  rig.Kill("a");
  rig.Start("a");
  rig.Settle();
  EXPECT_EQ(rig.Metric("a", "usher_router_snapshots_refused_total"), 0);
  EXPECT_LT(rig.Metric("a", "usher_router_commands_total"), 150);
  rig.Judge();
}

TEST(Recovery, KilledAtEachStepOfACopyEachDecisionIsThereOnce) {
  for (int step = 0; step < 60; ++step) {
    SCOPED_TRACE(step);
    Rig rig;
    MakeSnapshotsOften(rig);
    rig.options.copy_rows = 1;
    rig.options.checkpoint_commands = 20;
    rig.Start("a");
    FillShop(rig);
    History eu(35);
    for (int i = 0; i < 60; ++i) {
      if (i == step) {
        rig.Kill("a");
        rig.Start("a");
      }
      rig.Put("eu", eu.Next());
      rig.Pass(10ms);
      rig.StepAll();
    }
    rig.Settle();
    EXPECT_EQ(rig.Metric("a", "usher_router_snapshots_refused_total"), 0);
    rig.Kill("a");
    rig.Start("a");
    rig.Settle();
    EXPECT_EQ(rig.Metric("a", "usher_router_snapshots_refused_total"), 0);
    rig.Judge();
    if (HasFatalFailure()) return;
  }
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

}  // namespace
}  // namespace usher::router
