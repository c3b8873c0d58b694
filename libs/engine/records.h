// What the engine keeps of an open inquiry and of an agent. Names and lists are slot numbers.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/time.h"
#include "engine/slot_index.h"
#include "model/command.h"
#include "model/names.h"
#include "model/reason.h"

namespace usher::engine {

struct ExclusionRecord {
  std::uint32_t agent = kNone;
  std::uint32_t end = kNone;  // timer
};

// What most steps touch comes first: three cache lines.
struct alignas(64) Inquiry {
  InquiryId id;
  ConversationId conversation;
  std::uint64_t arrival = 0;
  Instant due = kNever;
  std::uint32_t previous = kNone;  // in its lane while waiting, else among what its agent holds
  std::uint32_t next = kNone;
  std::uint32_t lane = kNone;   // while waiting
  std::uint32_t agent = kNone;  // offered to, or owned by

  std::vector<ExclusionRecord> exclusions;  // oldest first
  Instant placed_at;
  std::uint64_t offer = 0;      // its number while offered
  std::uint32_t needs = kNone;  // need set
  std::uint32_t channel = kNone;
  std::uint32_t units = 1;
  std::uint32_t queue = kNone;
  std::uint32_t route = kNone;
  std::uint32_t sla = kNone;

  std::uint32_t warn = kNone;  // timers
  std::uint32_t breach = kNone;
  std::uint32_t expiry = kNone;
  std::uint8_t priority = 0;
  std::uint8_t kind = 0;  // while waiting: what it takes of an agent (kinds.h)
  Stage stage = Stage::kWaiting;
  ClockState clock = ClockState::kNone;
  bool answered = false;
  bool auto_accept = false;
  bool queue_named = false;
  std::optional<std::uint8_t> priority_named;
  Instant offered_at;
  Instant assigned_at;
  Duration offer_window{0};
  Duration wrap_up{0};

  // Only told, never asked.
  CustomerId customer;
  MessageId message;
  Features features;

  bool late() const { return clock == ClockState::kBreached; }
};

struct LimitRecord {
  std::uint32_t channel = kNone;
  std::uint32_t most = 0;
  std::uint32_t count = 0;  // of that channel, offered, assigned or wrapping up
};

struct WrapUpRecord {
  InquiryId inquiry;
  std::uint32_t channel = kNone;
  std::uint32_t units = 0;
  std::uint32_t end = kNone;  // timer
};

// A slot of an agent outlives the agent while an exclusion names it. Two cache lines, and what is
// seldom touched.
struct alignas(64) Agent {
  std::uint32_t units = 1;
  std::uint32_t used = 0;
  std::uint32_t group = kNone;
  std::uint32_t held = kNone;  // first of what it holds
  std::uint64_t idle = 0;
  std::vector<LimitRecord> limits;  // sorted by channel name
  std::uint32_t missed = 0;
  bool registered = false;
  Presence presence = Presence::kOffline;
  AwayReason away = AwayReason::kNone;

  // Where FreeAgents has it.
  bool stale = false;                  // what follows is to be brought up to date
  std::uint32_t listed_group = kNone;  // of the lists in which it stands
  std::uint64_t listed = 0;            // kinds of these lists
  std::uint64_t listed_idle = 0;

  AgentName name;
  std::uint32_t exclusions = 0;        // that name it
  std::vector<WrapUpRecord> wrap_ups;  // oldest first
};

inline bool Excludes(const Inquiry& inquiry, std::uint32_t agent) {
  for (const ExclusionRecord& exclusion : inquiry.exclusions) {
    if (exclusion.agent == agent) return true;
  }
  return false;
}

}  // namespace usher::engine
