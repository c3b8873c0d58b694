// Desktops: the agents of a world, each with a desktop that holds a Work stream to one of the
// agents services, takes offers or lets them pass, replies, and finishes. When a stream breaks the
// desktop connects to another and goes on from what it is shown there.
//
// It enters where the gRPC stream does (services/agents/work_stream.cc): the same outbox, the same
// desktops, the same submitter.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "agents/outbox.h"
#include "sim/checker/ledger.h"
#include "sim/world/cluster.h"

namespace usher::sim {

class Desktops {
 public:
  // `wrong` is told what a stream says that cannot follow from what it said before.
  Desktops(Cluster::Parts parts, Cluster& cluster, Ledger& ledger,
           std::function<void(const std::string&)> wrong);

  void Step();
  // From now on everything is accepted and finished, and nobody hangs up.
  void SetDiligent() { diligent_ = true; }
  bool idle() const;  // all are connected and have nothing to do

 private:
  struct Offer {
    std::string inquiry;
    Instant next;  // when it is answered
  };
  struct Work {
    Instant next;  // when the agent does something about it
    bool answered = false;
    bool pending = false;
  };
  struct Desktop {
    DeskName desk;
    AgentName agent;
    Slot* slot = nullptr;
    std::uint64_t life = 0;  // of the process it is connected to
    // shared with the service, as in production
    std::shared_ptr<agents::Outbox> outbox;
    std::uint64_t stream = 0;
    bool shown = false;
    v1::Presence presence = v1::PRESENCE_UNSPECIFIED;
    Instant next;  // nothing is done before
    Instant presence_next;
    std::map<std::uint64_t, Offer> offers;
    std::map<std::string, Work> work;  // by inquiry
  };

  void Connect(Desktop& desktop);
  void HangUp(Desktop& desktop);
  void Take(Desktop& desktop, const v1::WorkResponse& response);
  void TakeCurrent(Desktop& desktop, const v1::WorkCurrent& current);
  void Act(Desktop& desktop);
  void AnswerOffer(Desktop& desktop, std::uint64_t offer);
  void GoOn(Desktop& desktop, const std::string& inquiry, Work& work);
  void AskPresence(Desktop& desktop, v1::Presence presence);
  bool Submit(Desktop& desktop, const v1::WorkRequest& request);
  bool Submit(Desktop& desktop, CommandBody body);
  Instant Soon(std::int64_t most_ms);

  const Cluster::Parts parts_;
  Cluster& cluster_;
  Ledger& ledger_;
  const std::function<void(const std::string&)> wrong_;
  std::vector<Desktop> desktops_;
  std::uint64_t streams_ = 0;
  bool diligent_ = false;
  std::shared_ptr<bool> there_ = std::make_shared<bool>(true);  // shared: as in Shop
};

}  // namespace usher::sim
