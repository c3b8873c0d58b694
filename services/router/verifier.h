// Verifier: replays the commands of one partition and compares all that they decide with what is in
// the decision log: every decision by value, and so the hash of the state in every Checkpointed.
//
// It needs the two logs and nothing else: no router, no store, no group. It never goes ahead of the
// decision log, so it may run on beside a production that is writing. The first decision under a
// stamp is the one that counts, as for every reader; a later copy must say the same.
//
// Threads: one. Calls on the log may block for as long as one read takes.
#pragma once

#include <cstdint>
#include <deque>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "journal/command_log.h"
#include "log/log.h"
#include "model/stamp.h"
#include "router/gauges.h"
#include "router/replica.h"
#include "router/router.h"
#include "wire/records.h"

namespace usher::router {

// Offsets of commands, both included.
struct VerifyRange {
  std::int64_t from = 0;
  std::int64_t to = std::numeric_limits<std::int64_t>::max();
};

struct Difference {
  enum class Kind {
    kDiffers,      // log and replay say two things under one stamp
    kMissing,      // the replay decides it, and the log goes on without it
    kExtra,        // the log has it, and the replay does not decide it
    kCopyDiffers,  // a later copy in the log is none
    kAlien,        // a decision on another command log
    kUnreadable    // the record is no decision; `problem` says why
  };
  Kind kind = Kind::kDiffers;
  std::int64_t place = -1;  // in `usher.decisions`; of kMissing: of the decision that came instead
  Stamp stamp;              // none: of kUnreadable
  std::optional<wire::DecisionRecord> in_log;    // what the log says; of kCopyDiffers: the copy
  std::optional<wire::DecisionRecord> replayed;  // what the replay makes
  std::string problem;
};

// What has been compared so far.
struct Verified {
  std::int64_t first = -1;        // command replayed and compared; -1: none yet
  std::int64_t last = -1;         // likewise; all decisions of those before it are compared
  std::uint64_t commands = 0;     // with a decision that was compared, or that was found missing
  std::uint64_t decisions = 0;    // compared and equal
  std::uint64_t checkpoints = 0;  // of these, with a hash of the state
  std::uint64_t copies = 0;       // met again under a stamp, and the same
  std::uint64_t old_copies = 0;   // met again too late to be compared
  std::uint64_t skipped = 0;      // records of the command log that no engine takes
  std::uint64_t held = 0;         // commands of desks in quarantine
  std::uint64_t differences = 0;
};

class Verifier {
 public:
  // Borrows all. Replays from the beginning, and compares what the commands of `range` decide.
  Verifier(const Options& options, const journal::CommandLog& commands, log::Log& log,
           std::int32_t partition, const VerifyRange& range);

  // Begins at the newest snapshot that verifies instead: what was before it is not replayed, and
  // its states are believed. Without one: from the beginning.
  // Requires: Step() was not called. Errors: as Recovery.
  absl::Status BeginAtSnapshot(Gauges& gauges);

  enum class Progress {
    kMore,      // there may be more at once
    kCaughtUp,  // all that is in the decision log is compared
    kDone       // the range is
  };

  // One piece: at most some thousand decisions.
  // Errors: kUnavailable: try again; if it stays, the command log lost what was decided on;
  //         what the log says otherwise.
  absl::StatusOr<Progress> Step();

  std::int32_t partition() const { return partition_; }
  const Verified& verified() const { return verified_; }
  // All that the commands up to `offset` decide is compared.
  bool reached(std::int64_t offset) const { return next_command_ > offset && replayed_.empty(); }
  std::int64_t next_command() const { return next_command_; }  // to be replayed
  // Found since the last call.
  std::vector<Difference> TakeDifferences();

 private:
  absl::Status Take(const log::Record& record);
  absl::Status Compare(wire::DecisionRecord in_log, std::int64_t place);
  void CheckCopy(wire::DecisionRecord copy, std::int64_t place);
  void Agree(wire::DecisionRecord in_log);
  void Add(Difference difference);
  // Replays the next command if its offset is at most `until`. False: there is none.
  absl::StatusOr<bool> Replay(std::int64_t until);
  absl::StatusOr<bool> ReadCommands(std::int64_t until);

  const Options& options_;
  const journal::CommandLog& commands_;
  log::Log& log_;
  const std::int32_t partition_;
  const LogId log_id_;
  const VerifyRange range_;

  Replica replica_;
  std::int64_t compare_from_;  // commands before are replayed only
  std::int64_t next_command_ = 1;
  std::int64_t next_decision_ = 0;
  bool done_ = false;
  std::deque<log::Record> batch_;  // of commands, to be replayed
  Taken taken_;
  Stamp previous_;                             // of the last decision that the replay made
  bool previous_known_ = true;                 // false: only the log knows
  std::deque<wire::DecisionRecord> replayed_;  // of the command under way, not compared yet
  Stamp watermark_;                            // of the decision log
  std::deque<wire::DecisionRecord> recent_;    // by stamp: those that copies may repeat
  Verified verified_;
  std::vector<Difference> differences_;
};

}  // namespace usher::router
