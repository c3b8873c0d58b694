// Partition: one assigned partition of `usher.commands`: its engines, and what they decide.
//
// A life: recovering (Recovery works, nothing is delivered) -> replaying (commands are applied;
// what is in the decision log already is not appended again) -> live (all that was there at the
// assignment is applied; timers tick, snapshots are made).
//
// Threads: one.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "journal/command_log.h"
#include "log/log.h"
#include "router/desk.h"
#include "router/gauges.h"
#include "router/outbox.h"
#include "router/recovery.h"
#include "router/replica.h"
#include "router/router.h"

namespace usher::router {

// What the partitions of a loop share; all borrowed.
struct Shared {
  const Options& options;
  const journal::CommandLog& commands;
  log::Log& log;
  Gauges& gauges;
  log::Appender& appender;
  journal::CommandWriter& writer;
};

struct DeskCopy;

class Partition {
 public:
  Partition(const Shared& shared, std::uint32_t epoch, const log::Assigned& assigned, Instant now);
  ~Partition();

  bool recovering() const { return recovery_ != nullptr; }
  bool live() const { return live_; }

  // One piece of recovery. True: done, and the reader is to start at position().
  absl::StatusOr<bool> Recover();

  // Requires: not recovering(); offsets rise. Errors: for good.
  absl::Status Apply(const log::Record& record, Instant now);

  // What is due at `now`: appends that found no room, ticks, snapshots. Errors: for good.
  absl::Status Tend(Instant now);

  // Goes live if all that was there at the assignment is applied; `exhausted`: the log has nothing
  // at or after position(), whatever the offsets say.
  void CheckLive(Instant now, bool exhausted);

  std::int32_t number() const { return number_; }
  std::int64_t position() const { return next_; }  // offset of the next command
  Instant log_time() const { return log_time_; }   // of the last command; 1970: none came yet
  std::size_t held() const { return replica_.held(next_); }  // desks in quarantine
  std::uint32_t logic() const { return replica_.logic(); }
  std::int64_t replay_left() const { return live_ || end_ < next_ ? 0 : end_ - next_; }
  std::size_t desks() const { return desks_.size(); }
  Instant next_timer() const;  // kNever if nothing can be due
  // Since when there are commands that no snapshot has: the last one's time, or the first command's
  // if there is none. Nothing: the last one has all.
  std::optional<Instant> unsaved_since() const {
    if (round_ == nullptr && commands_since_round_ == 0) return std::nullopt;
    return snapshot_at_ ? snapshot_at_ : round_at_;
  }
  std::optional<Instant> snapshot_at() const { return snapshot_at_; }  // of the last one, if any
  bool copying() const;  // a snapshot is under way and wants the next step soon
  Outbox& outbox() { return outbox_; }

 private:
  struct Round;

  void Skip(const log::Record& record, telemetry::Counter& counter, const char* why);
  absl::Status Emit(const log::Record& record, Instant now);
  absl::Status TakeQuarantines(const Stamp& last);
  void PutPolicy(const Taken::Applied& applied);
  absl::Status TakeHeld(const log::Record& record);
  void ReadBack(Instant now);
  void SetTimer(std::size_t index, Instant timer);

  absl::Status SendTicks(Instant now);

  absl::Status TendSnapshot(Instant now);
  void StartRound(Instant now);
  absl::Status CopyDesks();
  static std::size_t CostOf(const Desk& desk, const DeskCopy& copy);
  void BeginCopy(Desk& desk, DeskCopy& copy);
  static std::size_t CopyRows(Desk& desk, DeskCopy& copy, std::size_t most);
  static void EndCopy(Desk& desk, DeskCopy& copy, std::uint64_t hash);
  void CutCopy(Desk& desk, DeskCopy& copy);
  void PutManifest();
  void EndRound(Instant now);

  absl::Status AppendCommand(const Desk& desk, CommandBody body);

  const Shared shared_;
  const std::int32_t number_;
  const LogId log_id_;
  const Instant assigned_at_;
  const std::int64_t end_;  // of the command log at the assignment
  Outbox outbox_;
  std::unique_ptr<Recovery> recovery_;  // until it is done
  std::optional<Recovered> found_;      // by it, until it is taken over
  bool live_ = false;
  std::int64_t next_ = 0;
  Instant log_time_;
  Stamp last_;                            // of the decisions that are in the log or on their way
  Stamp recovered_;                       // last_ as it was found
  std::map<std::int64_t, Instant> told_;  // Recovered::told, until they are replayed
  std::uint64_t skipped_ = 0;

  Replica replica_;
  std::vector<std::unique_ptr<Desk>>& desks_;         // the replica's
  std::set<std::pair<Instant, std::size_t>> timers_;  // of the desks that have one
  Taken taken_;                                       // the command under way
  std::optional<std::uint64_t> state_hash_;           // after it, if it was a Checkpoint

  std::unique_ptr<Round> round_;  // the snapshot under way
  std::uint64_t snapshot_number_ = 0;
  std::int64_t commands_since_round_ = 0;
  // When the last round began, of whichever owner; before the first, when the first command came.
  // So owners that come and go within `checkpoint_every` save snapshots, too.
  std::optional<Instant> round_at_;
  std::int64_t copied_at_ = 0;  // next_ when rows were copied last
  std::optional<Instant> snapshot_at_;
};

}  // namespace usher::router
