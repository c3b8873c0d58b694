// Shop: the customers of a world and the shop's systems: messages and order events, by the topics
// and by the service's front door, repeated when no answer comes; and what is said of inquiries
// afterwards: cancellations, customers who go away, words of supervisors, questions.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "journal/command_log.h"
#include "sim/checker/ledger.h"
#include "sim/world/cluster.h"

namespace usher::sim {

class Shop {
 public:
  enum class What : std::uint8_t { kTopic, kMessage, kOrder, kCommand };
  struct Event {
    What what = What::kTopic;
    std::string topic;  // kTopic
    std::int32_t partition = 0;
    std::string bytes;  // of the event, or of the command
    DeskName desk;
    std::function<void()> taken;  // to be noted when a service took it
  };

  Shop(Cluster::Parts parts, Cluster& cluster, Ledger& ledger);

  // What comes in during the load, planned at once. `policies_at`: nothing comes before.
  void Plan(Instant from, Instant until);
  void Step();

  // Everything planned was handed in, and nobody waits for an answer.
  bool done() const { return plan_.empty() && calls_.empty() && unsent_.empty(); }

 private:
  struct Call {
    Event event;
    Instant until;
  };

  void PlanMessage(int number, const std::string& desk, Instant at);
  void PlanOrder(int number, const std::string& desk, Instant at);
  void PlanWord(const std::string& event_id, const std::string& desk, Instant at);
  CommandBody AWordOn(const InquiryId& inquiry, Instant at);
  void Add(Instant at, Event event);
  Instant Within(Instant from, Instant until);

  void Send(Event event);
  void SendTopic(Event event);
  void CallDoor(Event event);
  void Hand(std::uint64_t call, const Event& event, Process& process);
  void Answered(std::uint64_t call, const absl::StatusOr<journal::Appended>& at);
  void TakeAcks();
  std::function<void(const absl::StatusOr<journal::Appended>&)> Answer(std::uint64_t call);

  const Cluster::Parts parts_;
  Cluster& cluster_;
  Ledger& ledger_;
  std::multimap<Instant, Event> plan_;
  std::unique_ptr<log::Appender> appender_;
  std::map<std::uint64_t, Event> unsent_;  // on their way to a topic, by token
  std::map<std::uint64_t, Call> calls_;
  std::uint64_t next_ = 1;
  // shared: answers may outlive the shop, and must find nothing then.
  std::shared_ptr<bool> there_ = std::make_shared<bool>(true);
};

}  // namespace usher::sim
