// World: all services of usher, several instances of each, with customers, agents, a log and a
// store in memory and a simulated clock, from one seed, in one thread. The same workload and seed
// give the same history to the letter.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "kit/dice.h"
#include "log/sim/sim_log.h"
#include "sim/checker/checker.h"
#include "sim/world/cluster.h"
#include "sim/world/desktops.h"
#include "sim/world/faults.h"
#include "sim/world/office.h"
#include "sim/world/shop.h"
#include "sim/world/trace.h"
#include "sim/world/workload.h"
#include "store/sim/sim_store.h"

namespace usher::sim {

struct Verdict {
  std::string violation;  // empty: the seed passed
  std::uint64_t commands = 0;
  std::uint64_t decisions = 0;
  std::uint64_t copies = 0;
  std::uint64_t starts = 0;                    // of processes, the first ones included
  std::uint64_t hash = 0;                      // of the history
  Duration lasted{0};                          // simulated
  std::map<std::string, std::uint64_t> calls;  // of each process at its boundaries, first life
};

class World {
 public:
  World(const Workload& workload, std::uint64_t seed, bool trace);

  // Kills or freezes `process` at its boundary `call`.
  void ChangeFirst(const std::string& process, std::uint64_t call, Gate::State to) {
    cluster_.ChangeFirst(process, call, to);
  }

  Verdict Run();
  const Trace& trace() const { return trace_; }

 private:
  void MakeLog();
  Cluster::Parts PartsOf();
  void Round(Duration most);
  void Follow();
  std::string Finish();  // quiet until all work is done; empty, or what is not
  std::string LookDone();
  void Stopped(const Slot& slot, const std::string& line);
  Verdict Judge(std::string unfinished);
  Duration Since() const { return now_ - began_; }

  const Workload workload_;
  kit::Dice dice_;
  Trace trace_;
  const Instant began_ = FromMicros(1'700'000'000'000'000);
  Instant now_ = began_;
  std::string violation_;
  log::SimLog log_;
  store::SimStores stores_;
  Ledger ledger_;
  Checker checker_;
  Cluster cluster_;
  Office office_;
  Shop shop_;
  Desktops desktops_;
  Faults faults_;
};

}  // namespace usher::sim
