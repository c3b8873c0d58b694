// Replica: the desks of one partition, and what each record of the command log makes them decide.
//
// All that is decided is decided here. The router is this with a log around it; `usher verify` and
// the golden logs are this too, so what they replay is what runs. What is skipped here is skipped
// by everybody who reads the record.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "absl/status/status.h"
#include "log/log.h"
#include "model/decision.h"
#include "router/desk.h"
#include "router/router.h"
#include "wire/records.h"

namespace usher::router {

// What became of a record.
struct Taken {
  enum class What {
    kDecided,       // `desk` applied `command`
    kNothing,       // it is not for a desk: a header that came second
    kIncluded,      // the desk's restored state has it already
    kUndecodable,   // `problem` says why
    kMisplaced,     // the desk belongs to another partition
    kTooManyDesks,  // one desk too many
    kSuperseded     // a renewal of a policy that is no longer in force
  };

  What what = What::kNothing;
  Desk* desk = nullptr;         // of kDecided
  std::size_t index = 0;        // of the desk
  wire::CommandRecord command;  // of kDecided
  DecisionList decided;         // of kDecided, oldest first
  std::string problem;
};

class Replica {
 public:
  // Borrows `options`. The partition is number `partition` of `partitions`.
  Replica(const Options& options, std::int32_t partition, std::int32_t partitions);

  // Begins with desks that were restored instead of with none.
  void Restore(std::vector<Desk> desks);

  // Reads `record` and lets its desk decide. `taken` is overwritten; its memory is kept.
  // Requires: offsets rise. Errors: for good.
  absl::Status Take(const log::Record& record, Taken& taken);

  std::vector<std::unique_ptr<Desk>>& desks() { return desks_; }  // in the order of their coming
  const std::vector<std::unique_ptr<Desk>>& desks() const { return desks_; }

 private:
  Desk* FindOrMake(const DeskName& name, std::size_t& index);
  static bool Renews(const Desk& desk, const wire::CommandRecord& command);

  const Options& options_;
  const std::int32_t partition_;
  const std::int32_t partitions_;
  std::vector<std::unique_ptr<Desk>> desks_;
  std::unordered_map<DeskName, std::size_t> index_;
};

}  // namespace usher::router
