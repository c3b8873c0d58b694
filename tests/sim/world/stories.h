// Stories: what comes from outside besides customers' messages and what befalls orders at random:
// orders with a promise that is kept, moved, broken or called off; orders that are late with their
// carrier; replies that agents wrote elsewhere; messages that no customer wrote. Each is noted in
// the ledger with what must, or must not, come of it.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "sim/checker/ledger.h"
#include "sim/world/cluster.h"
#include "sim/world/shop.h"
#include "usher/v1/event.pb.h"

namespace usher::sim {

class Stories {
 public:
  using Add = std::function<void(Instant, Shop::Event)>;

  // `add` plans an event; it may come twice. Called from Plan(). What was planned outlives this.
  Stories(const Cluster::Parts& parts, Ledger& ledger, Add add);

  void Plan(const std::string& desk, Instant from, Instant until);

 private:
  void PlanPromise(const std::string& desk, std::int64_t number, Instant at);
  void PlanLate(const std::string& desk, Instant from, Instant until);
  void PlanReply(const std::string& desk, std::int64_t number, Instant at);
  void PlanAutomatic(const std::string& desk, std::int64_t number, Instant at);
  template <class Event>
  Shop::Event Planned(const Event& event, const char* topic);
  void AddOrder(const v1::OrderEvent& event, Instant at, std::function<void()> taken);
  void AddMessage(const v1::MessageEvent& event, Instant at, std::function<void()> taken);
  std::int32_t Partition();
  Instant After(Instant from, Duration least, Duration most);

  const Cluster::Parts& parts_;
  Ledger& ledger_;
  const Add add_;
};

}  // namespace usher::sim
