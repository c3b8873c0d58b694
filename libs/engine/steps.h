// Steps: what commands and timers are made of, in the words of README.md.
//
// Where to look: words.cc, order.cc, choices.cc, picks.cc, offers.cc, stages.cc, clocks.cc,
// routing.cc follow its chapters; listing.cc says where those who wait stand.
//
// Threads: one.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/desk_data.h"

namespace usher::engine {

class Steps : protected DeskData {
 protected:
  using Slot = std::uint32_t;
  using Slots = std::vector<Slot>;

  explicit Steps(const Limits& limits) : DeskData(limits) {}

  // Words (words.cc).
  bool FitsSet(Slot agent, Slot set) const {
    return coverage_.serving(set).Has(agents_[agent].group);
  }
  bool Fits(Slot agent, const Inquiry& inquiry) const {
    return FitsSet(agent, AskedOf(inquiry).set);
  }
  bool Prefers(const Inquiry& inquiry, Slot agent) const;
  bool IsBorrowable(Slot agent, const Inquiry& inquiry) const;
  bool EndsTooSoon(const Agent& agent, const Inquiry& inquiry) const;
  bool HasUnits(Slot agent, const Inquiry& inquiry) const;
  bool HasChannel(Slot agent, const Inquiry& inquiry) const;
  bool HasRoom(Slot agent, const Inquiry& inquiry, bool busy_too) const;
  bool May(Slot agent, const Inquiry& inquiry) const;
  bool IsAble(Slot agent, const Inquiry& inquiry) const;
  bool IsStaffed(const Inquiry& inquiry, std::uint32_t step);
  bool IsStaffedAtAll(const Inquiry& inquiry);
  bool IsHopeless(const Inquiry& inquiry) const;
  Slots LinkedWith(Slot slot) const;  // by arrival
  Slots OpenByArrival() const;
  void SortByArrival(Slots& slots) const;

  // Order and where those who wait stand (order.cc, listing.cc).
  enum class Slack : std::uint8_t { kStarving, kUrgent, kNear, kLate, kAhead };
  Slack SlackOf(const Inquiry& inquiry) const;
  bool KnowsLate() const;
  WaitingRoom::Entry EntryOf(Slot slot) const;
  WaitingRoom::Found KeyOf(Slot slot, Slot looking_agent) const;
  std::uint32_t LiftOf(Slot base) const;
  void Touch(Slot slot);  // before anything of it changes
  void List(Slot slot);
  void Unlist(Slot slot);
  void Crowd(Slot slot, bool joins);
  void Flush();
  Instant RipensAt(const Inquiry& inquiry) const;

  // The choices (choices.cc, picks.cc).
  void Looks(Slot slot, OfferReason reason);
  void AgentLooks(Slot agent);
  void Settle();
  bool Prepare();
  bool TurnGates();
  bool SkipStep(Slot slot);
  void Match();
  void FillMarks();
  void TryAgents(Slot slot, OfferReason reason);
  const Slots& Picked(Inquiry& inquiry);  // good until it is asked again
  void PickFrom(const Inquiry& inquiry, Slot set, std::uint32_t most);
  void PickBorrowed(const Inquiry& inquiry, std::uint32_t most);
  bool MayBeAsked(Slot agent, const Inquiry& inquiry) const;
  std::array<std::int64_t, 2> PickKey(Slot agent, const Inquiry& inquiry) const;
  void SortByPick(Slots& agents, const Inquiry& inquiry) const;
  void TryInquiries(Slot agent);
  WaitingRoom::Found FirstFor(Slot agent, bool late_only, bool borrowed);
  void MakeOffers(Slot slot, std::span<const Slot> agents, OfferReason reason, bool at_once);
  void CountForPace(Slot agent);

  // Offers and who holds what (offers.cc).
  Slot AddOffer(Slot slot, Slot agent);
  void EndOffer(Slot offer);
  void RescindOffers(Slot slot, RescindCause cause, bool idle);
  void RescindAll(Slot agent, RescindCause cause);
  Slots OffersOf(const Agent& agent) const;  // by number
  Slots OffersOf(const Inquiry& inquiry) const;
  Slots OwnedBy(const Agent& agent) const;  // pending ones too, by arrival
  void Own(Slot slot, Slot agent);
  void Disown(Slot slot);
  void Weigh(Slot agent, const Inquiry& inquiry, bool soft, int sign);
  void CountChannel(Agent& agent, std::uint32_t channel, int by);

  // What happens to an inquiry (stages.cc).
  void Accept(Slot slot, Slot offer, bool automatic);
  void ReserveLinked(Slot slot, Slot agent);
  void Reserve(Slot slot, const Slots& agents, Duration length);
  void Unprefer(Slot slot);
  void EndReservation(Slot slot);
  void EnterStep(Slot slot, std::uint32_t step, bool skipped);
  void StartStep(Slot slot);
  void WaitsAgain(Slot slot);
  void TakeUnits(Inquiry& inquiry);
  void StartEscalation(Slot slot);
  std::uint8_t PassedEscalations(const Inquiry& inquiry) const;
  void StartStarving(Slot slot);
  void SetStage(Slot slot, Stage stage);
  void AddExclusion(Slot slot, Slot agent, Duration length, bool cooling);
  bool IsAnyoneLeft(const Inquiry& inquiry, Slot beside) const;
  void Exclude(Slot slot, Slot agent);
  void EndOtherExclusions(Slot slot, Slot agent);
  void DropExclusion(Slot slot, std::size_t place);
  void Requeue(Slot slot, RequeueReason reason);
  void Idle(Slot agent);
  void NewIdle(Slot agent);
  void Foresee(Slot slot);
  WaitEstimated Estimated(Slot slot);
  void Leave(Slot slot);

  // Clocks (clocks.cc).
  ClockRecord* ClockOf(const Inquiry& inquiry, Target target);
  void StartClock(Slot slot, Target target, Instant base);
  void Arm(Slot slot, ClockRecord& clock);
  void ArmWarning(Slot slot, ClockRecord& clock);
  void Disarm(ClockRecord& clock);
  void Halt(Slot slot);
  void GoOn(Slot slot);
  void ClockMet(Slot slot, Target target);
  void DropClock(Slot slot, Target target);
  void DropClocks(Inquiry& inquiry);
  void Served(const Inquiry& inquiry, Target target, bool met);
  void RenewClocks(Slot slot, const Policy& before);
  void RenewClock(Slot slot, ClockRecord& clock, Duration length, const Policy& before);
  void FindRuling(Slot slot);
  const ClockRecord* RulingClock(const Inquiry& inquiry) const;
  const SlaClass* SlaOf(const Inquiry& inquiry) const;
  Duration LengthOf(const Inquiry& inquiry, Target target) const;
  const Calendar* CalendarNamed(const Policy& policy, std::uint32_t name) const;

  // Routing (routing.cc).
  struct Before {  // what a command found
    Slot queue = kNone;
    QueueName queue_name;
    Slot route = kNone;
    RouteName route_name;
    std::vector<Need> more_needs;
    bool angry = false;
    std::uint8_t step = 0;
    std::uint8_t priority = 0;
    Instant due;
    SlaName sla;
  };
  Before BeforeOf(const Inquiry& inquiry) const;
  Features FeaturesOf(const Inquiry& inquiry) const;
  void Route(Inquiry& inquiry) const;
  void Ask(Inquiry& inquiry);  // its place among what is asked, after queue, step or route
  bool Reroute(Slot slot, const Before& before, const Policy* policy_before, bool stays = false);
  void TellRerouted(const Inquiry& inquiry);
  void Move(Slot slot, Slot queue);
  void SetQueue(Inquiry& inquiry, Slot queue);

  Slots picked_;
  Slots suspects_;  // may have a hopeless reservation or a step to skip
  struct Mark {
    WaitingRoom::Found key;
    Slot slot = kNone;
  };
  Slots marks_;             // inquiries that look, not in order yet
  std::vector<Mark> heap_;  // the same, in order
  Slots agent_marks_;
  bool keys_stale_ = false;  // lifts moved since the heap was made
};

}  // namespace usher::engine
