// What the engine keeps of an open inquiry, of an offer and of an agent. Names and lists are slot
// numbers; what few inquiries have stands in records of its own.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/time.h"
#include "engine/slot_index.h"
#include "model/inquiry_state.h"
#include "model/names.h"
#include "model/reason.h"
#include "model/state.h"

namespace usher::engine {

struct ExclusionRecord {
  std::uint32_t agent = kNone;
  std::uint32_t end = kNone;  // timer; kNone: for ever
  bool cooling = false;
};

// What most inquiries never have.
struct Extra {
  std::vector<ExclusionRecord> exclusions;  // oldest first
  std::vector<std::uint32_t> preferred;     // agents
  Duration prefer_for{0};
  Duration relax_left{0};
  InquiryId reopens;
  std::uint32_t gone = kNone;  // timers
  std::uint32_t wake = kNone;  // or its start while scheduled
};

// What only a shop that knows its orders and customers tells of an inquiry.
struct About {
  OrderId order;
  std::int64_t value = 0;
  std::uint32_t tier = kNone;  // names
  std::uint32_t order_status = kNone;
};

struct ClockRecord {
  Instant since;
  Instant due = kNever;
  Duration length{0};
  Duration used{0};
  std::uint32_t hours = kNone;  // calendar name
  std::uint32_t warn = kNone;   // timers
  std::uint32_t breach = kNone;
  std::uint32_t next = kNone;  // clock of the same inquiry, of a later target
  Target target = Target::kFirstResponse;
  ClockState state = ClockState::kRunning;
  std::uint16_t warned = 0;
};

struct OfferRecord {
  std::uint64_t number = 0;
  Instant made_at;
  std::uint32_t inquiry = kNone;
  std::uint32_t agent = kNone;
  std::uint32_t expiry = kNone;    // timer
  std::uint32_t next = kNone;      // of the same inquiry, made later
  std::uint32_t previous = kNone;  // of the same agent, in no order
  std::uint32_t next_of_agent = kNone;
};

// When a calendar of the policy opens or closes next.
struct EdgeRecord {
  std::uint32_t calendar = kNone;  // place
  std::uint32_t timer = kNone;
};

// What most steps touch comes first. Three cache lines.
struct alignas(64) Inquiry {
  InquiryId id;
  std::uint64_t arrival = 0;
  Instant placed_at;
  Instant due = kNever;            // of the ruling clock
  std::uint32_t previous = kNone;  // in its lane while listed, else among what its owner has
  std::uint32_t next = kNone;
  std::uint32_t lane = kNone;  // while in the waiting room
  std::uint32_t owner = kNone;

  std::uint32_t queue = kNone;  // place in the policy
  std::uint32_t route = kNone;  // likewise; kNone: named, or moved since
  std::uint32_t asked = kNone;  // what its step asks of an agent (rules.h)
  std::uint32_t offers = kNone;
  std::uint32_t clocks = kNone;
  std::uint32_t extra = kNone;
  std::uint32_t units = 1;
  std::uint32_t channel = kNone;  // names
  std::uint32_t ripens = kNone;   // timer of the order alone: the class changes
  std::uint32_t reserved = kNone;
  Stage stage = Stage::kWaiting;
  std::uint8_t priority = 0;
  std::uint8_t kind = 0;  // while listed: what it takes of an agent (kinds.h)
  std::uint8_t size = 0;
  std::uint8_t step = 0;
  std::uint8_t escalated = 0;
  std::uint8_t priority_named = kUnnamed;
  std::uint8_t unanswered : 4 = 0;
  std::uint8_t raised : 4 = 0;
  Sentiment sentiment = Sentiment::kUnknown;
  OfferReason look = OfferReason::kNone;  // it looks, for that reason
  bool answered : 1 = false;
  bool late : 1 = false;  // the ruling clock is breached
  bool starving : 1 = false;
  bool interruptible : 1 = false;
  bool repeat : 1 = false;
  bool queue_named : 1 = false;
  bool forecast : 1 = false;
  bool holds : 1 = false;
  bool on_site : 1 = false;
  bool listed : 1 = false;  // in the room, or with those who prefer it, or parked
  bool parked : 1 = false;  // listed, but the queue is closed
  bool crowds : 1 = false;  // counted in its crowd
  bool dirty : 1 = false;   // to be listed anew
  bool counted : 1 = false;

  std::uint32_t relax = kNone;  // timers
  std::uint32_t escalate = kNone;
  std::uint32_t starve = kNone;
  std::uint32_t answer = kNone;
  std::uint32_t topic = kNone;  // names
  std::uint32_t language = kNone;
  std::uint32_t about = kNone;
  Instant assigned_at;
  ConversationId conversation;
  CustomerId customer;
  MessageId message;

  static constexpr std::uint8_t kUnnamed = 0xff;
  void NamePriority(std::uint8_t named) {
    priority_named = priority = named;
    raised = 0;
  }
  bool angry() const { return sentiment == Sentiment::kNegative; }
  bool owned() const { return stage == Stage::kAssigned || stage == Stage::kAnswered; }
};

static_assert(sizeof(Inquiry) == 192);

struct LimitRecord {
  std::uint32_t channel = kNone;
  std::uint32_t most = 0;
  std::uint32_t count = 0;  // of that channel, held or wrapping up
};

struct WrapUpRecord {
  InquiryId inquiry;
  std::uint32_t channel = kNone;
  std::uint32_t units = 0;
  std::uint32_t end = kNone;  // timer
};

// A slot of an agent outlives the agent while something names it.
struct alignas(64) Agent {
  std::uint32_t units = 1;
  std::uint32_t used = 0;
  std::uint32_t soft = 0;
  std::uint32_t group = kNone;
  std::uint32_t held = kNone;    // first of what it owns, pending included
  std::uint32_t offers = kNone;  // first of its offers
  std::uint64_t idle = 0;
  std::vector<LimitRecord> limits;  // sorted by channel name
  std::uint32_t missed = 0;
  bool registered = false;
  Presence presence = Presence::kOffline;
  AwayReason away = AwayReason::kNone;
  bool looks = false;
  bool stale = false;  // FreeAgents is to bring it up to date

  // Where FreeAgents has it.
  std::uint32_t listed_group = kNone;  // of the lists in which it stands
  std::uint64_t listed = 0;            // kinds of these lists
  std::uint64_t listed_idle = 0;

  Instant shift_ends = kNever;
  Instant idle_since;
  std::uint32_t pace = kNone;  // timer
  std::uint32_t paced = 0;
  std::uint32_t pace_most = 0;
  bool may_take = false;
  bool supervisor = false;
  bool bot = false;
  AgentName name;
  Instant slow_until;
  std::uint32_t references = 0;         // by exclusions, preferences, memories, turns
  std::vector<WrapUpRecord> wrap_ups;   // oldest first
  std::vector<std::uint32_t> reserved;  // listed inquiries that prefer it, in no order

  bool at_work() const {
    return registered && (presence == Presence::kAvailable || presence == Presence::kBusy);
  }
  bool logged_in() const { return registered && presence != Presence::kOffline; }
  bool paced_out() const { return pace != kNone && paced >= pace_most; }
};

}  // namespace usher::engine
