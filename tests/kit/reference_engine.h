// ReferenceEngine: libs/engine/README.md once more, as plainly as it can be said.
//
// It has the surface of engine::Engine and must agree with it on every history. It keeps nothing
// but the DeskState and looks through all of it at every step; its functions stand in the order of
// the page and use its words, so that both can be read side by side. Written from the page alone.
//
// Threads: one.
// Cost:    O(agents * inquiries) per decision.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/time.h"
#include "model/command.h"
#include "model/decision.h"
#include "model/limits.h"
#include "model/state.h"

namespace usher::kit {

class ReferenceEngine {
 public:
  explicit ReferenceEngine(const Limits& limits);

  void Apply(const Command& command, DecisionList& out);

  Instant now() const { return desk_.now; }
  Instant next_timer() const;

  DeskState Save() const { return desk_; }
  const DeskState& state() const { return desk_; }
  bool Restore(const DeskState& state);
  std::uint64_t StateHash() const { return HashState(desk_); }

  std::uint64_t inquiries() const { return desk_.inquiries.size(); }
  std::uint64_t agents() const { return desk_.agents.size(); }

 private:
  enum class TimerKind { kWarn, kBreach, kOfferExpiry, kExclusionEnd, kWrapUpEnd };
  struct DueTimer {
    Timer timer;
    TimerKind kind;
    InquiryId inquiry;
    AgentName agent;
  };

  // Time and repeats.
  std::vector<DueTimer> Timers() const;
  std::optional<DueTimer> EarliestTimer() const;
  bool SourceIsNew(const Command& command);
  bool RequestIsNew(const Command& command);

  // Words.
  InquiryState* Open(const InquiryId& inquiry);
  AgentState* Find(const AgentName& agent);
  InquiryState* Offered(const OfferId& offer);
  std::uint32_t UsedUnits(const AgentState& agent) const;
  std::uint32_t ChannelCount(const AgentState& agent, const ChannelName& channel) const;
  bool Able(const AgentState& agent, const InquiryState& inquiry) const;
  static bool Late(const InquiryState& inquiry);
  static Instant Sum(Instant at, Duration later);                    // beyond kNever: kNever
  static bool Before(const InquiryState& a, const InquiryState& b);  // by key
  std::uint64_t NextIdle() { return ++desk_.last_idle; }
  Timer NextTimer(Duration from_now) { return NextTimerAt(Sum(desk_.now, from_now)); }
  Timer NextTimerAt(Instant at);
  void Emit(DecisionBody body) { out_->push_back({desk_.now, std::move(body)}); }
  void Reject(RejectReason reason);

  // The two choices.
  void TryAgents(InquiryState& inquiry, OfferReason reason);
  void TryInquiries(AgentState& agent);
  void MakeOffer(InquiryState& inquiry, AgentState& agent, OfferReason reason);
  void Accept(InquiryState& inquiry, bool automatic);
  void Exclude(InquiryState& inquiry, const AgentState& agent);
  static void WaitsAgain(InquiryState& inquiry);
  void Leaves(const InquiryId& inquiry);
  OfferRescinded Rescinded(const InquiryState& inquiry, RescindCause cause) const;

  // Commands.
  void Do(const PlaceInquiry& command);
  void Do(const CancelInquiry& command);
  void Do(const AbandonInquiry& command);
  void Do(const RegisterAgent& command);
  void Do(const RemoveAgent& command);
  void Do(const SetPresence& command);
  void Do(const AcceptOffer& command);
  void Do(const DeclineOffer& command);
  void Do(const RecordReply& command);
  void Do(const FinishInquiry& command);
  void Do(const ShowWork& command);
  void Do(const ApplyPolicy& command);
  void Do(const Checkpoint& command);
  void Do(const Tick&) {}

  void RouteBy(const Policy& policy, InquiryState& inquiry) const;
  Duration Target(const InquiryState& inquiry) const;                // 0: none
  std::optional<Instant> WarnAt(const InquiryState& inquiry) const;  // nothing: no warning
  void CancelOrAbandon(const InquiryId& inquiry, RescindCause cause, DecisionBody ended);
  void RescindAll(AgentState& agent, RescindCause cause);
  std::vector<InquiryState*> OffersOf(const AgentState& agent);  // by offer id
  bool OwnerMay(const InquiryId& inquiry, const AgentName& agent);
  bool GoodPolicy(const Policy& policy) const;
  bool TooManyNames(const std::vector<AgentState>& agents, const Policy& policy) const;
  bool Reroute(InquiryState& inquiry);
  void RenewClock(InquiryState& inquiry);

  // Timers.
  void FireWarn(InquiryState& inquiry);
  void FireBreach(InquiryState& inquiry);
  void FireOfferExpiry(InquiryState& inquiry);
  void FireExclusionEnd(InquiryState& inquiry, const AgentName& agent, std::uint64_t order);
  void FireWrapUpEnd(AgentState& agent, std::uint64_t order);

  Limits limits_;
  DeskState desk_;
  const Command* command_ = nullptr;  // the one being applied
  DecisionList* out_ = nullptr;
};

}  // namespace usher::kit
