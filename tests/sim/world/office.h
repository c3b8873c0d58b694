// Office: who sets the desks of a world up: policies by the router's way, agents by the agents
// service's way; each asked again, with the same request id, until a service says that it is in the
// log.
//
// Threads: one.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sim/checker/ledger.h"
#include "sim/world/cluster.h"
#include "wire/records.h"

namespace usher::sim {

class Office {
 public:
  Office(Cluster::Parts parts, Cluster& cluster, Ledger& ledger);

  // The first policies and the agents, now; further policies between the two times.
  void Plan(Instant from, Instant until);
  void Step();

  bool set_up() const { return first_left_ == 0; }  // customers may come
  bool done() const { return errands_.empty(); }

  static std::string AgentOf(std::int64_t number);

 private:
  struct Errand {
    Kind by = Kind::kRouter;
    wire::CommandRecord record;
    Instant at;  // not before
    bool first = false;
  };

  void AddPolicy(const std::string& desk, int version, Instant at);
  void AddAgent(const std::string& desk, std::int64_t number);
  void Answered(std::uint64_t errand, const absl::StatusOr<journal::Appended>& at);

  const Cluster::Parts parts_;
  Cluster& cluster_;
  Ledger& ledger_;
  std::map<std::uint64_t, Errand> errands_;
  std::uint64_t next_ = 1;
  int first_left_ = 0;
  std::shared_ptr<bool> there_ = std::make_shared<bool>(true);  // shared: as in Shop
};

}  // namespace usher::sim
