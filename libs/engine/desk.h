// Engine::Desk: the state of an engine and the steps of README.md, in its words.
//
// Where to look: match.cc the two choices and what an offer does; place.cc how an inquiry enters;
// inquiries.cc, agents.cc, offers.cc the other commands; apply_policy.cc; fire.cc the timers;
// save.cc and restore.cc the way out and back in; engine.cc the order of it all.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "engine/coverage.h"
#include "engine/engine.h"
#include "engine/free_agents.h"
#include "engine/records.h"
#include "engine/requests.h"
#include "engine/rules.h"
#include "engine/slab.h"
#include "engine/slot_index.h"
#include "engine/sources.h"
#include "engine/timers.h"
#include "engine/waiting_room.h"

namespace usher::engine {

class Engine::Desk {
 public:
  explicit Desk(const Limits& limits);
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  void Apply(const Command& command, DecisionList& out);

  Instant now() const { return now_; }
  Instant next_timer() const;
  const Limits& limits() const { return limits_; }
  std::uint64_t inquiries() const { return inquiries_.size(); }
  std::uint64_t agents() const { return registered_; }

  DeskState Save() const;

  // Requires: this desk is new. After false it is of no further use.
  bool Restore(const DeskState& state);

 private:
  using Slots = std::vector<std::uint32_t>;

  // Time and repeats (engine.cc).
  void Prefetch(const Command& command) const;
  void Advance(Instant asked);
  bool IsNew(const Command& command);
  void Reject(RejectReason reason);

  // A new decision of this moment, to be filled in before the next one is made.
  template <class Body>
  Body& Emit() {
    Decision& decision = out_->emplace_back();
    decision.at = now_;
    return decision.body.emplace<Body>();
  }

  // Commands.
  void Do(const Tick&) {}
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

  // How an inquiry enters (place.cc).
  struct Way {  // a route: places in the policy's lists, and what follows
    std::uint32_t queue = kNone;
    std::uint32_t route_name = kNone;
    std::uint8_t priority = 0;
  };
  void RejectPlace(const PlaceInquiry& command, const QueueName& queue, RejectReason reason);
  Way Route(const Features& features, std::uint32_t named_queue,
            std::optional<std::uint8_t> named_priority) const;
  std::uint32_t Open(const PlaceInquiry& command, const Way& way, std::uint32_t channel);
  void Follow(Inquiry& inquiry, const Way& way);  // takes the queue's rules; lexicon held by caller
  void StartClock(std::uint32_t slot, const QueueRule& rule);

  // Open ones; kNone if there is none.
  std::uint32_t FindInquiry(const InquiryId& id) const;
  std::uint32_t FindOffered(const OfferId& offer) const;
  std::uint32_t FindConversation(const ConversationId& conversation) const;

  // How an inquiry leaves, and what happens to it on the way (inquiries.cc).
  std::uint32_t OwnedBy(const InquiryId& inquiry, const AgentName& agent);
  void End(std::uint32_t slot, std::uint32_t agent);
  void Leave(std::uint32_t slot);
  void DropNames(const Inquiry& inquiry);
  void StopClock(Inquiry& inquiry);
  void ClearTimer(std::uint32_t& timer);
  std::uint32_t SetTimer(TimerKind kind, std::uint32_t owner, Instant base, Duration length);

  // The two choices (match.cc).
  void TryAgents(std::uint32_t slot, OfferReason reason);
  void TryInquiries(std::uint32_t agent);
  void MakeOffer(std::uint32_t slot, std::uint32_t agent, OfferReason reason);
  void Accept(std::uint32_t slot, bool automatic);
  void Exclude(std::uint32_t slot, std::uint32_t agent);
  void DropExclusion(Inquiry& inquiry, std::size_t place);
  void Rescind(std::uint32_t slot, RescindCause cause);
  void WaitsAgain(std::uint32_t slot);
  void StartWaiting(std::uint32_t slot);
  void Hold(std::uint32_t slot, std::uint32_t agent);
  void LetGo(std::uint32_t slot);
  void Load(Agent& agent, std::uint32_t channel, std::uint32_t units);
  void Unload(Agent& agent, std::uint32_t channel, std::uint32_t units);
  void NewIdle(std::uint32_t agent);

  // Agents (agents.cc).
  std::uint32_t FindAgent(const AgentName& name) const;  // registered ones
  std::uint32_t FindAgentSlot(const AgentName& name) const;
  std::uint32_t AgentSlot(const AgentName& name);  // made if need be
  void FreeAgentSlot(std::uint32_t slot);          // if nothing needs it
  RejectReason Refusal(const RegisterAgent& command) const;
  void SetSkills(std::uint32_t slot, const std::vector<Need>& skills);
  void SetLimits(Agent& agent, const std::vector<ChannelLimit>& limits);
  Slots HeldBy(const Agent& agent, bool offered_only) const;  // in no order
  void SortByArrival(Slots& slots) const;
  void SortByOffer(Slots& slots) const;
  Slots RescindOffers(std::uint32_t agent, RescindCause cause);

  // ApplyPolicy (apply_policy.cc).
  Slots OpenByArrival() const;
  void TakePolicy(const Policy& policy);
  bool Reroute(std::uint32_t slot);
  void RenewClock(std::uint32_t slot, const QueueRule& rule);

  // Timers (fire.cc).
  void Fire(std::uint32_t timer);
  void FireWarn(std::uint32_t slot);
  void FireBreach(std::uint32_t slot);
  void FireExpiry(std::uint32_t slot);
  void FireExclusionEnd(std::uint32_t slot, std::uint32_t timer);
  void FireWrapUpEnd(std::uint32_t agent, std::uint32_t timer);

  // The way out and back in (save.cc, restore.cc).
  AgentState SaveAgent(const Agent& agent) const;
  InquiryState SaveInquiry(const Inquiry& inquiry) const;
  void LoadAgent(const AgentState& state);
  void LoadInquiry(const InquiryState& state);
  void LoadTimers(const DeskState& state);

  Limits limits_;
  Instant now_;
  std::uint64_t commands_ = 0;
  std::uint64_t last_arrival_ = 0;
  std::uint64_t last_offer_ = 0;
  std::uint64_t last_idle_ = 0;
  std::uint64_t last_timer_ = 0;
  std::uint32_t late_credit_ = 0;

  Lexicon lexicon_;
  Coverage coverage_;
  Rules rules_;

  Slab<Inquiry> inquiries_;
  SlotIndex<InquiryId> inquiry_of_;
  SlotIndex<ConversationId> inquiry_of_conversation_;
  SlotIndex<OfferId> inquiry_of_offer_;
  std::vector<std::uint32_t> queued_;  // waiting or offered, by queue name

  Slab<Agent> agents_;
  SlotIndex<AgentName> agent_of_;
  std::uint64_t registered_ = 0;

  Timers timers_;
  WaitingRoom waiting_;
  FreeAgents free_;
  SourceWindows sources_;
  RequestWindow requests_;

  const Command* command_ = nullptr;  // the one being applied
  DecisionList* out_ = nullptr;
};

}  // namespace usher::engine
