// Faults: what goes wrong in a world and when, drawn at once from the workload's numbers.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sim/world/cluster.h"
#include "store/sim/sim_store.h"

namespace usher::sim {

class Faults {
 public:
  Faults(Cluster::Parts parts, Cluster& cluster);

  // Draws when each comes, between the two times, and lets the log and the store begin to fail.
  void Plan(Instant from, Instant until);
  void Step();
  // No further fault; the log and the store are well again.
  void End();

 private:
  using Act = void (Faults::*)();

  void Draw(std::int64_t count, Instant from, Instant until, Act act);
  void Break();  // what may go wrong at any call
  Slot& AnySlot();
  log::TopicPartition AnyPartition(const char* topic);

  void Kill();
  void Freeze();
  void Rebalance();
  void Expel();
  void JumpClock();
  void FlushStore();
  void RollBackStore();
  void StopStore();
  void StopLog();
  void SpoilSnapshot();
  void CutCommands() { Cut("usher.commands"); }
  void CutDecisions() { Cut("usher.decisions"); }
  void CutSnapshots() { Cut("usher.snapshots"); }
  void Cut(const char* topic);

  const Cluster::Parts parts_;
  Cluster& cluster_;
  std::multimap<Instant, Act> plan_;
  store::SimStores::Content kept_;  // what the store held some time ago
  Instant keep_next_;
  Instant store_back_ = kNever;
  Instant log_back_ = kNever;
};

}  // namespace usher::sim
