// Cluster: the processes of a simulated world: several of each service, over one log and one store,
// each stepped by a clock of its own. They are started, killed, frozen and woken here.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "agents/agents.h"
#include "agents/handlers.h"
#include "insights/insights.h"
#include "intake/handlers.h"
#include "intake/intake.h"
#include "journal/submitter.h"
#include "kit/dice.h"
#include "log/sim/sim_log.h"
#include "router/router.h"
#include "rpc/server.h"
#include "sim/world/gate.h"
#include "sim/world/plants.h"
#include "sim/world/trace.h"
#include "sim/world/workload.h"
#include "store/sim/sim_store.h"
#include "telemetry/metrics.h"

namespace usher::sim {

enum class Kind : std::uint8_t { kIntake, kRouter, kAgents, kInsights };
constexpr Kind kKinds[] = {Kind::kIntake, Kind::kRouter, Kind::kAgents, Kind::kInsights};

// What a process holds; thrown away as a whole when it dies. In the order of need.
struct Process {
  Gate gate;
  telemetry::Metrics metrics;
  rpc::Health health;
  std::unique_ptr<log::Log> planted;
  std::unique_ptr<log::Log> log;
  std::unique_ptr<store::Stores> planted_stores;
  std::unique_ptr<store::Stores> stores;
  std::unique_ptr<intake::Intake> intake;
  std::unique_ptr<router::Router> router;
  std::unique_ptr<agents::Agents> agents;
  std::unique_ptr<insights::Insights> insights;
  std::vector<Stepper*> steppers;
};

// Where a process runs, whether it does or not.
struct Slot {
  std::string name;  // "router-1"
  Kind kind = Kind::kIntake;
  std::uint64_t life = 0;  // of the process that runs; 0: none does
  std::unique_ptr<Process> process;
  Duration skew{0};        // its clock is ahead of the log's
  Duration step_every{0};  // slow ones are stepped no more often
  Instant step_next;
  Instant starts_at;          // while none runs
  Instant wakes_at = kNever;  // while it is frozen
  std::uint64_t calls = 0;    // at boundaries, of all lives
  std::uint64_t starts = 0;

  bool runs() const { return process != nullptr && process->gate.open(); }
};

class Cluster {
 public:
  struct Parts {
    const Workload& workload;
    log::SimLog& log;
    store::SimStores& stores;
    kit::Dice& dice;
    Trace& trace;
    std::function<Instant()> now;
    std::function<Duration()> since;  // the world began
  };
  // Ends a process by itself; the line that it ended with.
  using Stopped = std::function<void(const Slot& slot, const std::string& line)>;

  Cluster(Parts parts, Stopped stopped);
  ~Cluster();

  // One step of every stepper of every process that runs and is due, in an order of the dice.
  void Step();

  // At its next but `calls` boundary; a slot that does not run is left alone.
  void KillAt(Slot& slot, std::uint64_t calls);
  void FreezeAt(Slot& slot, std::uint64_t calls);
  // Kills or freezes `name` at the very boundary `call` of its first life.
  void ChangeFirst(const std::string& name, std::uint64_t call, Gate::State to);

  std::vector<Slot>& slots() { return slots_; }
  const std::vector<Slot>& slots() const { return slots_; }
  Slot* Any(Kind kind);  // that runs; nothing: none does
  bool Lives(const Slot& slot, std::uint64_t life) const { return slot.life == life; }
  bool AllServe() const;
  void SetQuick();  // no process is slow or has a wrong clock any more
  std::uint64_t range_away_permille = 0;

  // What handlers of this process hand over to. Null if it has none.
  static journal::Submitter* SubmitterOf(Process& process);

 private:
  void Start(Slot& slot);
  absl::Status Bind(Slot& slot, Process& process);
  void End(Slot& slot);
  void Tend(Slot& slot);  // starts, buries and wakes
  void StepOne(Slot& slot);

  const Parts parts_;
  const Stopped stopped_;
  Planted planted_;
  std::vector<Slot> slots_;
  std::uint64_t lives_ = 0;
  std::string change_first_;
  std::uint64_t change_first_at_ = 0;
  Gate::State change_first_to_ = Gate::State::kDead;
};

}  // namespace usher::sim
