// Recovery: finds out where a partition stands: its newest snapshot that verifies, and the last
// decision that is in the log. A bounded piece of work a call, so that the loop goes on meanwhile.
//
// Manifests are looked for from the end of the snapshot topic backwards, a stretch at a time, until
// one is found that holds; then the stretch is read that its pieces are in. So what compaction has
// not removed yet costs nothing.
//
// Threads: one. Calls on the log may block for as long as one read takes.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "journal/command_log.h"
#include "log/log.h"
#include "model/stamp.h"
#include "router/gauges.h"
#include "router/router.h"
#include "router/snapshots.h"

namespace usher::router {

struct Recovered {
  std::int64_t replay_from = 1;  // offset of the first command to apply; 1 is after the header
  Stamp last;                    // decisions up to here are in the log; none: the log has none
  std::uint64_t number = 0;      // highest of all snapshots seen, ours or not
  // When the commands came that the last decisions in the log are on.
  std::map<std::int64_t, Instant> told;
  bool from_snapshot = false;
  std::int64_t decisions_offset = 0;  // where the decision is that the snapshot rests on
  Instant snapshot_at;
  std::vector<Desk> desks;
  std::uint32_t logic = kFirstLogic;  // after the command before replay_from
};

// The log holds another command at `offset` than the one that its decisions are on.
absl::Status Rewritten(std::int32_t partition, std::int64_t offset);

class Recovery {
 public:
  // Borrows all. `begin` is the first offset that the command log still has.
  Recovery(const Options& options, const journal::CommandLog& commands, log::Log& log,
           Gauges& gauges, std::int32_t partition, std::int64_t begin);

  // Does one piece. True: Take() has the result.
  // Errors: kFailedPrecondition: the log is not the one it was (another id, fewer records than its
  // decisions or snapshots speak of): an operator must look. What the log says otherwise.
  absl::StatusOr<bool> Advance();

  Recovered Take() { return std::move(result_); }

 private:
  enum class Stage { kHeader, kManifests, kPlaces, kChunks, kRestore, kTail, kDone };

  // What was read of one copy.
  struct Pieces {
    DeskRef ref;
    std::string joined;  // the first `next` of them
    std::uint32_t next = 0;
    std::map<std::uint32_t, std::string> early;
  };

  absl::Status CheckHeader();
  absl::Status ReadManifests();
  absl::StatusOr<bool> ReadSnapshots(std::int64_t from, std::int64_t end,
                                     void (Recovery::*take)(const log::Record&));  // true: all read
  void TakeManifest(const log::Record& record);
  void TakeChunk(const log::Record& record);
  void Join(Pieces& pieces, std::uint32_t number, std::string data);
  absl::Status CheckPlaces();
  void WantChunks(bool from_begin);
  void RestoreSome();
  void Refuse(const std::string& why);  // the best candidate; the next one is tried
  Stage NextCandidate() const;
  absl::Status ReadTail();
  absl::Status CheckEnds();

  const Options& options_;
  const journal::CommandLog& commands_;
  log::Log& log_;
  Gauges& gauges_;
  const std::int32_t partition_;
  const std::int64_t begin_;
  const LogId log_id_;

  Stage stage_ = Stage::kHeader;
  std::unique_ptr<log::Scan> scan_;   // of `usher.snapshots`, while one is under way
  std::uint64_t scanned_bytes_ = 0;   // by it
  std::int64_t manifests_from_ = -1;  // they were looked for from here to the end; -1: not begun
  std::int64_t window_ = 0;           // offsets that the next look goes back
  PageJoiner pages_;
  std::vector<Snapshot> candidates_;      // best first, at most two
  std::map<DeskName, Pieces> pieces_of_;  // of the best candidate
  std::int64_t chunks_from_ = 0;          // where they are looked for
  Recovered result_;
};

}  // namespace usher::router
