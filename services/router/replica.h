// Replica: the desks of one partition, and what each record of the command log makes them decide.
//
// All that is decided is decided here. The router is this with a log around it; `usher verify` and
// the golden logs are this too, so what they replay is what runs. What is skipped here is skipped
// by everybody who reads the record.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "absl/status/status.h"
#include "log/log.h"
#include "model/decision.h"
#include "router/desk.h"
#include "router/quarantines.h"
#include "router/router.h"
#include "wire/records.h"

namespace usher::router {

// What became of a record.
struct Taken {
  enum class What {
    kDecided,       // `desk` applied `command`, or all that was held: `released`
    kNothing,       // it changes nothing: a header that came second, a release of what is not held
    kSwitched,      // the partition decides by other rules from here on
    kIncluded,      // the desk's restored state has it already
    kHeld,          // the desk is in quarantine, from here on if `hold` says so
    kUndecodable,   // `problem` says why
    kMisplaced,     // the desk belongs to another partition
    kTooManyDesks,  // one desk too many
    kSuperseded     // a renewal of a policy that is no longer in force
  };
  // A policy that came into force.
  struct Applied {
    std::int64_t offset = 0;  // of its command
    wire::CommandRecord command;
  };

  What what = What::kNothing;
  Desk* desk = nullptr;          // of kDecided and kHeld
  std::size_t index = 0;         // of the desk
  bool tick = false;             // of kDecided: it was a Tick, or all that was held
  bool checkpoint = false;       // of kDecided: it was a Checkpoint
  bool released = false;         // the record let the desk go on
  bool hold = false;             // the record is what holds the desk
  DecisionList decided;          // of kDecided, oldest first
  std::vector<Applied> applied;  // of kDecided
  std::string problem;
};

class Replica {
 public:
  // Borrows all. `log` is read again for what was held, when that is released.
  Replica(const Options& options, const journal::CommandLog& commands, log::Log& log,
          std::int32_t partition);

  // Begins with desks that were restored instead of with none, under this version of the rules.
  void Restore(std::vector<Desk> desks, std::uint32_t logic);

  // The desk is held from this place on, unless its state is past it already.
  void Add(const Hold& hold) { holds_[hold.desk].insert(hold.offset); }

  // Reads `record` and lets its desk decide. `taken` is overwritten; its memory is kept.
  // Requires: offsets rise. Errors: kFailedPrecondition: the log goes on by rules that this binary
  // does not know; what the log says. All are for good.
  absl::Status Take(const log::Record& record, Taken& taken);

  std::uint32_t logic() const { return logic_; }
  std::vector<std::unique_ptr<Desk>>& desks() { return desks_; }  // in the order of their coming
  std::size_t held(std::int64_t offset) const;                    // desks that are, at `offset`

 private:
  using Holds = std::set<std::int64_t>;

  Desk* FindOrMake(const DeskName& name, std::size_t& index);
  // The place from which `desk` is held at `offset`; -1: it is not.
  std::int64_t HeldFrom(const Desk& desk, std::int64_t offset) const;
  absl::Status Switch(const wire::LogicSwitch& to, const log::Record& record, Taken& taken);
  absl::Status TakeOfDesk(wire::AnyCommand& command, const log::Record& record, Taken& taken);
  void Decide(Desk& desk, wire::CommandRecord& command, const log::Record& record,
              std::int64_t named, Taken& taken);
  absl::Status Release(Desk& desk, const wire::DeskRelease& release, const log::Record& record,
                       Taken& taken);

  const Options& options_;
  log::Log& log_;
  const std::int32_t partition_;
  const std::int32_t partitions_;
  const LogId log_id_;
  std::uint32_t logic_ = kFirstLogic;
  std::vector<std::unique_ptr<Desk>> desks_;
  std::unordered_map<DeskName, std::size_t> index_;
  std::map<DeskName, Holds> holds_;  // places, past ones too
};

}  // namespace usher::router
