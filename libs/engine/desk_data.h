// DeskData: all that an engine keeps, and how to find it.
//
// Threads: one.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <variant>
#include <vector>

#include "engine/coverage.h"
#include "engine/facts.h"
#include "engine/free_agents.h"
#include "engine/fresh.h"
#include "engine/links.h"
#include "engine/memories.h"
#include "engine/records.h"
#include "engine/requests.h"
#include "engine/rows.h"
#include "engine/rules.h"
#include "engine/slab.h"
#include "engine/slot_index.h"
#include "engine/sources.h"
#include "engine/timers.h"
#include "engine/times.h"
#include "engine/waiting_room.h"
#include "model/decision.h"
#include "model/limits.h"

namespace usher::engine {

struct DeskData {
  explicit DeskData(const Limits& limits)
      : limits_(limits),
        coverage_(limits),
        memories_(limits.memories_max),
        resolved_(limits.memories_max),
        waiting_(inquiries_),
        free_(agents_, coverage_),
        sources_(limits),
        requests_(limits) {}
  DeskData(const DeskData&) = delete;
  DeskData& operator=(const DeskData&) = delete;

  // A new decision of this moment, to be filled in before the next one is made.
  template <class Body>
  Body& Emit() {
    return *std::get_if<Body>(&out_->emplace_back(Fresh<Body>{now_}).body);
  }

  // kNone if there is none.
  std::uint32_t FindInquiry(const InquiryId& id) const {
    return inquiry_of_.Find(
        id, [this](std::uint32_t slot) -> const InquiryId& { return inquiries_[slot].id; });
  }
  std::uint32_t FindConversation(const ConversationId& conversation) const {
    return inquiry_of_conversation_.Find(conversation,
                                         [this](std::uint32_t slot) -> const ConversationId& {
                                           return inquiries_[slot].conversation;
                                         });
  }
  std::uint32_t FindOffer(const OfferId& offer) const {
    return offer_of_.Find(offer,
                          [this](std::uint32_t slot) { return OfferId{offers_[slot].number}; });
  }
  std::uint32_t FindAgentSlot(const AgentName& name) const {
    return agent_of_.Find(
        name, [this](std::uint32_t slot) -> const AgentName& { return agents_[slot].name; });
  }
  std::uint32_t FindAgent(const AgentName& name) const {  // registered ones
    const std::uint32_t slot = FindAgentSlot(name);
    return slot != kNone && agents_[slot].registered ? slot : kNone;
  }
  // A slot for the name, made if need be, with one more reference.
  std::uint32_t HoldAgent(const AgentName& name);
  std::uint32_t AddAgentSlot(const AgentName& name);
  void DropAgent(std::uint32_t slot);
  void FreeAgentSlot(std::uint32_t slot);

  const Queue& QueueOf(const Inquiry& i) const { return rules_.policy().queues.data()[i.queue]; }
  const QueueRule& RuleOf(const Inquiry& i) const { return rules_.queue(i.queue); }
  const Asked& AskedOf(const Inquiry& i) const { return rules_.asked(i.asked); }
  const Channel* ChannelOf(const Inquiry& i) const {
    const std::uint32_t place = rules_.ChannelOf(i.channel);
    return place == kNone ? nullptr : &rules_.policy().channels[place];
  }
  const Extra& ExtraOf(const Inquiry& i) const {
    return i.extra == kNone ? kNothing : extras_[i.extra];
  }
  Extra& ExtraFor(Inquiry& i) {
    if (i.extra == kNone) i.extra = extras_.Add();
    return extras_[i.extra];
  }
  const About& AboutOf(const Inquiry& i) const {
    return i.about == kNone ? kNothingTold : abouts_[i.about];
  }
  About& AboutFor(Inquiry& i) {
    if (i.about == kNone) i.about = abouts_.Add();
    return abouts_[i.about];
  }
  void SetRelaxLeft(Inquiry& i, Duration left);
  void ClearGone(const Inquiry& i);
  void ClearWake(const Inquiry& i);
  bool Excludes(const Inquiry& i, std::uint32_t agent) const {
    if (i.extra == kNone) return false;
    for (const ExclusionRecord& e : extras_[i.extra].exclusions) {
      if (e.agent == agent) return true;
    }
    return false;
  }

  // A timer of it is set or cleared.
  void MarkOwner(TimerKind kind, std::uint32_t owner) {
    switch (kind) {
      case TimerKind::kPace:
      case TimerKind::kWrapUpEnd:
        return agent_rows_.Mark(owner);
      case TimerKind::kExpiry:
        return inquiry_rows_.Mark(offers_[owner].inquiry);
      case TimerKind::kEdge:
      case TimerKind::kRipening:
        return;
      default:
        return inquiry_rows_.Mark(owner);
    }
  }
  std::uint32_t SetTimer(TimerKind kind, std::uint32_t owner, Instant base, Duration length) {
    MarkOwner(kind, owner);
    return timers_.Set(kind, owner, After(base, length), length, ++last_timer_);
  }
  std::uint32_t SetTimerAt(TimerKind kind, std::uint32_t owner, Instant at, Duration run) {
    MarkOwner(kind, owner);
    return timers_.Set(kind, owner, at, run, ++last_timer_);
  }
  void ClearTimer(std::uint32_t& timer) {
    if (timer == kNone) return;
    MarkOwner(timers_[timer].kind, timers_[timer].owner);
    timers_.Clear(timer);
    timer = kNone;
  }

  static inline const Extra kNothing;
  static inline const About kNothingTold;

  Limits limits_;
  Instant now_;
  std::uint64_t commands_ = 0;
  std::uint64_t last_arrival_ = 0;
  std::uint64_t last_offer_ = 0;
  std::uint64_t last_idle_ = 0;
  std::uint64_t last_timer_ = 0;
  std::uint32_t late_credit_ = 0;
  std::uint64_t registered_ = 0;
  bool staff_changed_ = false;  // a group has somebody logged in that had nobody, or the reverse

  Lexicon lexicon_;
  Coverage coverage_;
  Bits limited_;  // channels for which an agent has, or had, a limit
  Rules rules_;
  std::vector<QueueRecord> facts_;  // by place of the queue
  Handlings handlings_;
  std::vector<EdgeRecord> edges_;      // those that are set, in the policy's order
  Instant edge_ = kNever;              // no queue opens or closes before
  std::vector<std::uint32_t> crowds_;  // by base set

  // Marked by timers, and where else a row of the state changes.
  Rows inquiry_rows_;
  Rows agent_rows_;

  Slab<Inquiry> inquiries_;
  Slab<Extra> extras_;
  Slab<About> abouts_;
  Slab<ClockRecord> clocks_;
  Slab<OfferRecord> offers_;
  SlotIndex<InquiryId> inquiry_of_;
  SlotIndex<ConversationId> inquiry_of_conversation_;
  SlotIndex<OfferId> offer_of_;
  Links<CustomerId> of_customer_;
  Links<OrderId> of_order_;
  Book<CustomerId, std::uint32_t> memories_;  // topics
  Book<ConversationId, InquiryId> resolved_;

  Slab<Agent> agents_;
  SlotIndex<AgentName> agent_of_;

  Timers timers_;
  Timers ripening_;  // when the class of one changes, where the waiting room can't tell; no state
  WaitingRoom waiting_;
  FreeAgents free_;
  SourceWindows sources_;
  RequestWindow requests_;
  std::vector<std::uint32_t> dirty_;  // to be listed anew

  DecisionList* out_ = nullptr;
};

}  // namespace usher::engine
