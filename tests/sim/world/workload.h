// Workload: what a simulated world is made of, what its customers and agents do, and which faults
// come over it. Read from a file of `tests/sim/workloads`: one `name value` a line, `#` begins a
// comment.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace usher::sim {

// A bug that is put in on purpose, to show that the checker finds it (plants.h).
enum class Plant : std::uint8_t {
  kNone,
  kSkipWatermark,
  kEmitBeforeTail,
  kSnapshotBeforeFlush,
  kReuseOffer,
  kTickBackwards,
  kCommitBeforeLog
};

// Times are in milliseconds of simulated time, chances in thousandths of the calls concerned.
struct Workload {
  std::string name;

  bool liveness = true;           // false: faults until the end, and only nothing wrong may happen
  std::int64_t load_ms = 20'000;  // customers and faults act so long
  std::int64_t quiet_ms = 180'000;  // then all work must finish within this time
  std::int64_t step_ms = 40;        // the longest pause between two rounds of steps

  std::int64_t partitions = 2;
  std::int64_t desks = 2;
  std::int64_t intakes = 2;
  std::int64_t routers = 2;
  std::int64_t agent_services = 2;
  std::int64_t insights = 2;
  std::int64_t agents = 3;               // of a desk
  std::int64_t messages = 14;            // of a desk
  std::int64_t orders = 4;               // of a desk
  std::int64_t promises = 2;             // of a desk: orders with a promise and what becomes of it
  std::int64_t incident_permille = 300;  // of the desks that have a carrier with late orders
  std::int64_t replies = 2;              // of a desk, that agents wrote elsewhere
  std::int64_t automatic = 2;            // messages of a desk that no customer wrote
  std::int64_t policies = 1;             // further ones of a desk, while the load lasts
  std::int64_t bad_permille = 80;        // of the events that cannot be read
  std::int64_t repeat_permille = 60;     // of the events that are sent once more
  std::int64_t checkpoint_commands = 12;
  std::int64_t checkpoint_ms = 4'000;

  // How many of each fault, at random times of the load.
  std::int64_t kills = 0;            // a process, at a random one of its next calls on log or store
  std::int64_t freezes = 0;          // likewise, and it wakes later: its group took it for dead
  std::int64_t rebalances = 0;       // a group shares anew, in storms of three
  std::int64_t expels = 0;           // a reader goes on without knowing that it is out
  std::int64_t clock_jumps = 0;      // of a process: an hour or a year, either way
  std::int64_t store_flushes = 0;    // FLUSHALL
  std::int64_t store_rollbacks = 0;  // to what it held some seconds ago
  std::int64_t store_outages = 0;    // it answers nothing for a while
  std::int64_t log_outages = 0;      // nothing lands for a while
  std::int64_t bad_snapshots = 0;    // records of snapshots are spoiled, or of a newer format
  std::int64_t cut_commands = 0;     // unclean elections: the last few records are gone
  std::int64_t cut_decisions = 0;
  std::int64_t cut_snapshots = 0;
  std::int64_t slow_permille = 0;  // processes whose steps come a hundred times slower

  // What the log and the store may do at any call (libs/log/sim, libs/store/sim).
  std::int64_t land_ms = 0;
  std::int64_t ack_ms = 0;
  std::int64_t delivery_ms = 0;
  std::int64_t session_ms = 0;
  std::int64_t deaf_ms = 0;  // how long an expelled reader may not hear of it
  std::int64_t ack_lost_permille = 0;
  std::int64_t append_fails_permille = 0;
  std::int64_t buffer_full_permille = 0;
  std::int64_t unavailable_permille = 0;
  std::int64_t commit_lost_permille = 0;
  std::int64_t uncompacted_permille = 0;
  std::int64_t refused_permille = 0;       // of the store
  std::int64_t fate_unknown_permille = 0;  // of the store
  std::int64_t answer_lost_permille = 0;   // of services to their callers
  std::int64_t range_away_permille = 0;    // reads of a range that the log does not answer

  // A process may end with a line that holds one of these; any other line is a violation.
  std::vector<std::string> stops;

  Plant plant = Plant::kNone;
};

// Nothing goes wrong in it, and nothing is late. Spoiled records are no fault: shops send such.
bool IsCalm(const Workload& workload);

// Errors: kNotFound; kInvalidArgument names the line.
absl::StatusOr<Workload> ReadWorkload(const std::string& path);

// Errors: kInvalidArgument: no such name, or a value that is none.
absl::Status SetWorkload(const std::string& name, const std::string& value, Workload& workload);

}  // namespace usher::sim
