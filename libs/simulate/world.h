// World: one replication. It plays customers and agents against the engine: events in simulated
// time become commands, decisions become events.
//
// The engine's timers fire each at its own time, so that what follows from a decision follows from
// its time. The first reply comes at the moment of acceptance.
//
// Threads: one.
// Cost:    three commands and O(log events) for an inquiry that nobody ignores.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "engine/engine.h"
#include "model/command.h"
#include "model/decision.h"
#include "simulate/event_heap.h"
#include "simulate/rng.h"
#include "simulate/scenario.h"
#include "simulate/tally.h"

namespace usher::simulate {

// Is told every decision, in order, with its replication (from 1).
using DecisionSink = std::function<void(std::uint32_t replication, const Decision& decision)>;

class World {
 public:
  // Borrows all. `sink` may be empty.
  World(const Scenario& scenario, std::uint32_t replication, const DecisionSink& sink);

  // Plays it all, once.
  //
  // Errors: kInvalidArgument: the engine does not take the policy or an agent, with its reason;
  //         kInternal: a command was refused that should not have been.
  absl::Status Run(Tally& tally);

 private:
  struct OpenOffer {
    OfferId offer;
    std::uint32_t agent = 0;
  };
  // An inquiry in the system, by slot.
  struct Live {
    std::uint64_t number = 0;  // of all arrivals; 0: the slot is free
    Instant placed;
    Instant due = kNever;
    double handling_unit = 0;
    std::uint64_t offers_key = 0;
    std::uint32_t of = 0;  // class
    std::uint32_t agent = 0;
    std::uint32_t offers = 0;  // made so far
    bool counted = false;
    bool serving = false;
    Duration wrap_up{0};
    std::vector<OpenOffer> open;
  };
  struct Class {
    std::unique_ptr<Arrivals> arrivals;
    Command place;
    PlaceInquiry* body = nullptr;  // in `place`
    Rng handling;
    Rng patience;
    std::uint64_t offers_key = 0;
    std::uint64_t arrived = 0;
    std::vector<Sampler> handling_by_group;
    Sampler patience_law;
    bool patient = true;  // waits for ever
    std::uint32_t units = 1;
    Level waiting;
    Level busy;

    explicit Class(std::uint64_t seed)
        : handling(KeyOf(seed, 1)), patience(KeyOf(seed, 2)), offers_key(KeyOf(seed, 3)) {}
  };
  struct Agent {
    AgentName name;
    std::uint32_t group = 0;
    std::uint32_t in_hand = 0;  // offers, inquiries and wrap-ups
    std::int64_t units = 1;
    bool on_shift = false;
    bool leaving = false;  // off shift, with something in hand
    Presence presence = Presence::kOffline;
    Level held;
    Level present;
  };

  // Before the first event (world_setup.cc).
  absl::Status SetUp();
  void AddClasses();
  absl::Status AddAgents();
  void AddShifts();
  void AddSamples();

  // Events (world.cc).
  void Handle(const Event& event);
  void Arrive(std::uint32_t of);
  void ScheduleArrival(std::uint32_t of);
  void Abandon(const Event& event);
  void AnswerOffer(const Event& event);
  void Finish(std::uint32_t slot);
  void ChangeShift(const Event& event);
  void SetPresence(std::uint32_t agent, Presence presence);
  void Sample(std::uint32_t index);
  void Open();
  void Close();
  bool Stuck(Instant next) const;

  // Decisions (world_decisions.cc).
  void Apply(const Command& command, DecisionList& out);
  void ApplyAndReact(const Command& command);
  void React(const Decision& decision);
  void On(const InquiryPlaced& placed);
  void On(const InquiryRejected& rejected);
  void On(const OfferMade& made, Instant at);
  void On(const OfferAccepted& accepted, Instant at);
  void On(const PresenceChanged& changed, Instant at);
  void TakeBack(const InquiryId& inquiry, OfferId offer, const AgentName& agent, Instant at);
  void On(const InquiryResolved& resolved, Instant at);
  void On(const InquiryAbandoned& abandoned, Instant at);
  void Refused(const CommandRejected& rejected, Instant at);
  void Hold(std::uint32_t agent, std::int64_t units, Instant at);
  void LetGo(std::uint32_t agent, std::int64_t units, Instant at);
  void NoteWait(const Live& live, Duration wait);
  void Free(std::uint32_t slot);
  void CountUnserved();

  InquiryId IdOf(std::uint32_t slot) const {
    const Live& live = live_[slot];
    return InquiryId{{static_cast<std::uint64_t>(live.of) << 32 | slot, live.number}};
  }
  static std::uint32_t SlotOf(const InquiryId& id) {
    return static_cast<std::uint32_t>(id.bits.high);
  }
  static std::uint32_t ClassOf(const InquiryId& id) {
    return static_cast<std::uint32_t>(id.bits.high >> 32);
  }

  const Scenario& scenario_;
  const std::uint32_t replication_;
  const DecisionSink& sink_;
  engine::Engine engine_;
  Tally* tally_ = nullptr;
  absl::Status status_;

  EventHeap events_;
  Instant now_;
  std::vector<Class> classes_;
  std::vector<Agent> agents_;
  std::vector<Live> live_;
  std::vector<std::uint32_t> free_;
  std::map<QueueName, Duration> wrap_up_of_;  // of a policy's queues
  Sampler accept_law_;

  std::uint64_t arrived_ = 0;       // all of them
  std::uint64_t counted_ = 0;       // in the window
  std::uint64_t counted_open_ = 0;  // of those, still in the system
  std::uint64_t serving_ = 0;
  std::size_t sources_ = 0;  // classes that have more to come
  bool opened_ = false;
  bool closed_ = false;
  Instant last_progress_;  // somebody left, or was begun with
  std::uint64_t commands_ = 0;

  // Used again and again, so that an event allocates nothing.
  Command tick_, reply_, finish_, abandon_, accept_, presence_;
  DecisionList decisions_, answers_;
  std::vector<std::uint32_t> gone_;  // agents who leave and have nothing in hand any more
};

}  // namespace usher::simulate
