// ReferenceDesk: the chapters "Words", "Order" and "The choices" of libs/engine/README.md, and its
// routing, as plainly as they can be said. ReferenceEngine adds time, commands and timers.
//
// It keeps nothing but the DeskState and looks through all of it at every step; its functions bear
// the names of the page and follow its words, so that both can be read side by side.
//
// Threads: one.
// Cost:    O(agents * inquiries) per decision.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include "core/time.h"
#include "model/command.h"
#include "model/decision.h"
#include "model/limits.h"
#include "model/state.h"

namespace usher::kit {

class ReferenceDesk {
 protected:
  struct Mark {
    InquiryId inquiry;
    OfferReason reason;
  };
  struct Work {  // what an agent holds
    std::uint64_t used = 0;
    std::uint64_t soft = 0;
    std::uint64_t count = 0;  // of one channel
  };
  enum class Slack { kStarving, kUrgent, kNear, kLate, kAhead };  // the classes of kDefault
  using Key = std::array<std::int64_t, 10>;                       // lower first

  explicit ReferenceDesk(const Limits& limits) : limits_(limits) {}

  // Words.
  InquiryState* Open(const InquiryId& inquiry);
  AgentState* Find(const AgentName& agent);
  InquiryState* Offered(const OfferId& offer);
  const Queue* Named(const QueueName& queue) const;
  const Queue& QueueOf(const InquiryState& inquiry) const;
  const Channel* ChannelOf(const InquiryState& inquiry) const;
  static const Calendar* CalendarOf(const Policy& policy, const CalendarName& name);
  QueueFacts& FactsOf(const QueueName& queue);
  const QueueFacts& FactsOf(const QueueName& queue) const;
  std::vector<Need> NeedsAt(const InquiryState& inquiry, std::size_t step) const;
  std::vector<Need> NeedsBesides(const InquiryState& i) const;
  const Expression& WhoAt(const InquiryState& inquiry, std::size_t step) const;
  bool FitsRequirement(const AgentState& agent, const InquiryState& inquiry,
                       const Requirement& requirement) const;
  bool Fits(const AgentState& agent, const InquiryState& inquiry, std::size_t step) const;
  bool Fits(const AgentState& agent, const InquiryState& inquiry) const;  // at its step
  static bool AtWork(const AgentState& agent);
  bool StaffedAt(const InquiryState& inquiry, std::size_t step) const;
  static bool Excludes(const InquiryState& inquiry, const AgentName& agent);
  static bool Prefers(const InquiryState& inquiry, const AgentName& agent);
  Work WorkOf(const AgentState& agent, const ChannelName& channel, const InquiryId& without) const;
  bool HasUnits(const AgentState& agent, const InquiryState& inquiry) const;
  bool HasChannel(const AgentState& agent, const InquiryState& inquiry) const;
  bool Room(const AgentState& agent, const InquiryState& inquiry, bool busy_too) const;
  bool IsOpenNow(const Queue& queue) const;
  bool IsGateOpen(const Borrow& borrow) const;
  bool Borrowable(const AgentState& agent, const InquiryState& inquiry) const;
  bool EndsTooSoon(const AgentState& agent, const InquiryState& inquiry) const;
  bool May(const AgentState& agent, const InquiryState& inquiry) const;
  static bool PacedOut(const AgentState& agent);
  bool Able(const AgentState& agent, const InquiryState& inquiry) const;
  std::int64_t Level(const AgentState& agent, const InquiryState& inquiry) const;
  static const Clock* RulingClock(const InquiryState& inquiry);
  static Instant Due(const InquiryState& inquiry);
  static bool Late(const InquiryState& inquiry);
  static bool Linked(const InquiryState& a, const InquiryState& b);
  static Instant Sum(Instant at, Duration later);  // beyond kNever: kNever
  Timer NextTimer(Duration from_now) { return NextTimerAt(Sum(desk_.now, from_now)); }
  Timer NextTimerAt(Instant at) { return {at, ++desk_.last_timer}; }
  void Emit(DecisionBody body) { out_->push_back({desk_.now, std::move(body)}); }

  // Order: which inquiry.
  bool KnowsLate() const;
  Slack SlackOf(const InquiryState& inquiry) const;  // never kStarving
  std::size_t CrowdOf(const InquiryState& inquiry) const;
  std::int64_t LiftOf(const InquiryState& inquiry) const;
  std::int64_t ClassOf(const InquiryState& inquiry) const;
  Key KeyOf(const InquiryState& inquiry, const AgentState* looking) const;

  // The choices.
  void Looks(const InquiryState& inquiry, OfferReason reason);
  void Looks(const AgentName& agent) { looking_agents_.insert(agent); }
  void Settle();
  bool Prepare();
  bool TurnGates();  // these three: true if something changed
  bool EndHopelessReservations();
  bool SkipUnstaffedSteps();
  void Match();
  InquiryState* FirstLooking();
  void TryAgents(InquiryState& inquiry, OfferReason reason);
  std::vector<AgentName> Picked(const InquiryState& inquiry) const;
  std::vector<const AgentState*> SortedByPick(std::vector<const AgentState*> agents,
                                              const InquiryState& inquiry) const;
  Key PickKey(const AgentState& agent, const InquiryState& inquiry) const;
  void TryInquiries(const AgentName& agent);
  void MakeOffers(InquiryState& inquiry, const std::vector<AgentName>& agents, OfferReason reason,
                  bool accept_at_once);
  void CountForPace(AgentState& agent);
  void Accept(InquiryState& inquiry, const AgentName& agent, bool automatic);
  void ReserveLinked(const InquiryState& inquiry, const AgentState& agent);
  void Reserve(InquiryState& inquiry, const std::vector<AgentName>& agents, Duration length);
  void EndReservation(InquiryState& inquiry);
  void EnterStep(InquiryState& inquiry, std::size_t step, bool skipped);
  void StartStep(InquiryState& inquiry);
  void WaitsAgain(InquiryState& inquiry);
  void TakeUnits(InquiryState& inquiry);  // and interruptible, and size
  void StartEscalation(InquiryState& inquiry);
  std::uint32_t PassedEscalations(const InquiryState& inquiry) const;
  void StartStarving(InquiryState& inquiry);
  void Exclude(InquiryState& inquiry, const AgentName& agent);
  void EndOtherExclusions(InquiryState& inquiry, const AgentName& agent);
  void AddExclusion(InquiryState& inquiry, const AgentName& agent, Duration length, bool cooling);
  void Requeue(InquiryState& inquiry, RequeueReason reason);
  void Idle(const AgentName& agent);
  void RescindOffers(InquiryState& inquiry, RescindCause cause, bool idle);
  void RescindAll(const AgentName& agent, RescindCause cause);
  void EndOffer(InquiryState& inquiry, const AgentName& agent);
  std::vector<OfferId> OffersOf(const AgentName& agent) const;  // by offer id

  // What is likely.
  WaitEstimated Estimated(const InquiryState& inquiry) const;
  void Foresee(InquiryState& inquiry);

  // Clocks.
  const SlaClass* ClassOfSla(const InquiryState& inquiry) const;
  Duration LengthOf(const InquiryState& inquiry, Target target) const;  // 0: none
  std::vector<Duration> Warnings(const InquiryState& inquiry, Duration length) const;
  static Clock* ClockOf(InquiryState& inquiry, Target target);
  void StartClock(InquiryState& inquiry, Target target, Instant base);
  void Arm(const InquiryState& inquiry, Clock& clock);
  void ArmWarning(const InquiryState& inquiry, Clock& clock);
  void Halt(InquiryState& inquiry);
  void GoOn(InquiryState& inquiry);
  void ClockMet(InquiryState& inquiry, Target target);
  void DropClock(InquiryState& inquiry, Target target);
  void Served(const InquiryState& inquiry, Target target, bool met);
  void RenewClocks(InquiryState& inquiry, const Policy& before);
  void RenewClock(const InquiryState& inquiry, Clock& clock, Duration length, const Policy& before);

  // Routing.
  void RouteBy(InquiryState& inquiry) const;
  static void NamePriority(InquiryState& inquiry, std::uint8_t priority) {
    inquiry.priority_named = inquiry.priority = priority;
    inquiry.raised = 0;
  }
  bool Reroute(InquiryState& inquiry, const InquiryState& before, const Policy* policy_before,
               bool keep = false);
  bool CanStay(const InquiryState& inquiry) const;
  void TellRerouted(const InquiryState& inquiry);
  void Move(InquiryState& inquiry, const QueueName& queue);

  Limits limits_;
  DeskState desk_;
  std::vector<Mark> looking_inquiries_;  // in the order of their first marks
  std::set<AgentName> looking_agents_;
  DecisionList* out_ = nullptr;
};

}  // namespace usher::kit
