// A history played to routers that save snapshots often, and what they left of these in the log.
//
// Threads: one.
#pragma once

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include "journal/topics.h"
#include "router/snapshots.h"
#include "unit/services/router/rig.h"

namespace usher::router {

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

inline void MakeSnapshotsOften(Rig& rig) {
  rig.options.checkpoint_commands = 5;
  rig.options.chunk_bytes = 200;    // so that a desk has several pieces, a manifest several pages
  rig.options.copy_rows = 2;        // and is copied over several steps
  rig.options.snapshot_window = 3;  // a manifest is found after several looks back
}

inline std::vector<log::Record> Manifests(Rig& rig) {
  std::vector<log::Record> manifests;
  for (log::Record& record : rig.All(journal::kSnapshots)) {
    if (record.key.rfind("manifest/", 0) == 0) manifests.push_back(std::move(record));
  }
  return manifests;
}

// The newest first.
inline std::vector<Snapshot> Snapshots(Rig& rig) {
  std::vector<Snapshot> snapshots;
  PageJoiner joiner;
  for (const log::Record& record : Manifests(rig)) {
    if (auto snapshot = joiner.Take(*DecodePage(record.value, 0))) snapshots.push_back(*snapshot);
  }
  std::sort(snapshots.begin(), snapshots.end(),
            [](const Snapshot& a, const Snapshot& b) { return a.number > b.number; });
  return snapshots;
}

}  // namespace usher::router
