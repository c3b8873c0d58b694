// DeskState: the whole state of a desk's engine as plain values, and its fixed encoding.
//
// It is what a snapshot holds and what StateHash() covers. The engine keeps faster structures and
// exports to this; the reference engine works on it directly. Canonical order: agents by name,
// inquiries by arrival, all else as each field says; equal states have equal encodings.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "model/command.h"
#include "model/limits.h"
#include "model/names.h"
#include "model/policy.h"
#include "model/reason.h"

namespace usher {

// Fires at `at`; among equals, the lower `order` (creation) first. order 0: not set.
struct Timer {
  Instant at = kNever;
  std::uint64_t order = 0;

  bool set() const { return order != 0; }
  friend bool operator==(const Timer&, const Timer&) = default;
};

struct OfferState {
  OfferId offer;
  AgentName agent;
  Instant made_at;
  Timer expiry;
  friend bool operator==(const OfferState&, const OfferState&) = default;
};

struct Exclusion {
  AgentName agent;
  Timer end;
  friend bool operator==(const Exclusion&, const Exclusion&) = default;
};

struct InquiryState {
  InquiryId inquiry;
  ConversationId conversation;
  CustomerId customer;
  MessageId message;  // the one that opened it
  Features features;
  bool repeat = false;
  bool queue_named = false;                    // by a command or an escalation, not by a route
  std::optional<std::uint8_t> priority_named;  // likewise

  // As routed by the policy in force; what the queue says else is looked up there.
  QueueName queue;
  RouteName route;               // empty: the queue was named
  std::vector<Need> more_needs;  // of the route
  std::uint8_t priority = 0;

  std::uint32_t units = 1;     // of its channel, as of when it last began to wait
  bool interruptible = false;  // likewise, of its queue

  std::uint64_t arrival = 0;  // place in the order of arrival, from 1; never changes
  Instant placed_at;          // never changes; before its arrival if it was imported
  Instant due = kNever;
  ClockState clock = ClockState::kNone;
  Timer warn;
  Timer breach;

  Stage stage = Stage::kWaiting;
  bool answered = false;           // some agent has replied
  std::vector<OfferState> offers;  // by offer id; some exactly when stage is kOffered
  AgentName agent;                 // the owner, when kAssigned, kAnswered; mostly when kPending
  Instant assigned_at;
  Timer answer;                       // when the owner loses it for want of a reply
  Timer gone;                         // when the owner loses it for being offline
  std::vector<Exclusion> exclusions;  // oldest first
  Timer start;                        // when kScheduled
  Timer wake;                         // when kPending with a time
  bool holds = false;                 // when kPending: it keeps its units
  InquiryId reopens;

  std::uint32_t step = 0;       // of relaxing: 0 is the queue's own requirement
  Timer relax;                  // when the next step begins; set only while waiting
  Duration relax_left{0};       // of the step's time, while not waiting
  std::uint32_t escalated = 0;  // how many of the queue's escalations are behind it
  Timer escalate;
  bool starving = false;
  Timer starve;
  std::vector<AgentName> preferred;  // only these are asked while `reserved` is set
  Timer reserved;
  Duration prefer_for{0};  // when kScheduled: what the command said, as `preferred` is

  friend bool operator==(const InquiryState&, const InquiryState&) = default;
};

struct WrapUp {
  InquiryId inquiry;
  ChannelName channel;
  std::uint32_t units = 0;
  Timer end;
  friend bool operator==(const WrapUp&, const WrapUp&) = default;
};

struct AgentState {
  AgentName agent;
  Profile profile;
  bool may_take = false;
  bool supervisor = false;
  bool bot = false;
  std::uint32_t units = 1;
  std::vector<ChannelLimit> limits;  // sorted by channel, each once
  Presence presence = Presence::kOffline;
  AwayReason away = AwayReason::kNone;
  Instant shift_ends = kNever;
  std::uint64_t idle = 0;        // order of the last change of work; the lowest is longest idle
  Instant idle_since;            // its time
  std::uint32_t paced = 0;       // offers in the running window
  std::uint32_t pace_most = 0;   // how many it may have
  Timer pace;                    // its end; not set: no window runs
  Instant slow_until;            // the start that Pace speaks of ends; 1970: none
  std::uint32_t missed = 0;      // offers missed in a row
  std::vector<WrapUp> wrap_ups;  // oldest first
  friend bool operator==(const AgentState&, const AgentState&) = default;
};

// Who last finished an inquiry of the customer on the topic, and when.
struct Memory {
  CustomerId customer;
  TopicName topic;
  AgentName agent;
  Instant at;
  friend bool operator==(const Memory&, const Memory&) = default;
};

// Who was asked last for a queue that picks by round robin.
struct Turn {
  QueueName queue;
  AgentName agent;
  friend bool operator==(const Turn&, const Turn&) = default;
};

// The last inquiry of a conversation that was resolved.
struct Resolved {
  ConversationId conversation;
  InquiryId inquiry;
  AgentName agent;
  Instant at;
  friend bool operator==(const Resolved&, const Resolved&) = default;
};

// How long inquiries of a queue on a topic take. m = m + (x - m) / 16 for each x finished, towards
// zero; the first x is the first m.
struct Handling {
  QueueName queue;
  TopicName topic;  // with the empty one: every inquiry of the queue
  Duration mean{0};
  friend bool operator==(const Handling&, const Handling&) = default;
};

// The next opening or closing of a calendar that queues keep.
struct CalendarEdge {
  CalendarName calendar;
  Timer at;
  friend bool operator==(const CalendarEdge&, const CalendarEdge&) = default;
};

// The offsets seen of one source partition: `highest`, and a bit for each of the kSourceWindow
// below it (bit 0 of word 0 is `highest` itself). Older offsets count as seen.
struct SourceState {
  std::string topic;
  std::int32_t partition = 0;
  std::int64_t highest = -1;
  std::vector<std::uint64_t> seen = std::vector<std::uint64_t>(kSourceWindow / 64);
  friend bool operator==(const SourceState&, const SourceState&) = default;
};

struct RequestState {
  RequestId request;
  std::uint64_t digest = 0;
  friend bool operator==(const RequestState&, const RequestState&) = default;
};

struct DeskState {
  Instant now;                     // 1970 before the first command
  std::uint64_t commands = 0;      // applied so far
  std::uint64_t last_arrival = 0;  // the counters hold the last number given
  std::uint64_t last_offer = 0;
  std::uint64_t last_idle = 0;
  std::uint64_t last_timer = 0;
  std::uint32_t late_credit = 0;  // 0 to 999, thousandths of a pick owed to the late
  bool has_policy = false;
  Policy policy;
  std::vector<AgentState> agents;
  std::vector<InquiryState> inquiries;
  std::vector<Turn> turns;             // sorted by queue
  std::vector<Memory> memories;        // oldest first, at most Limits::memories_max
  std::vector<Resolved> resolved;      // oldest first, at most Limits::memories_max
  std::vector<Handling> handlings;     // sorted by queue, topic; at most Limits::handlings_max
  std::vector<CalendarEdge> edges;     // in the policy's order
  std::vector<SourceState> sources;    // sorted by (topic, partition)
  std::vector<RequestState> requests;  // oldest first, at most Limits::requests_max

  friend bool operator==(const DeskState&, const DeskState&) = default;
};

// The version of the encoding below; it changes with any field of this file or of policy.h.
constexpr std::uint16_t kStateFormat = 2;

// The bytes of `state`: format version first, then every field in declaration order; lists and text
// by their count, what may be absent by a bool.
std::string EncodeState(const DeskState& state);

// Nothing unless `bytes` is exactly an encoding of this format version; safe on hostile bytes. Says
// nothing on whether the values make sense together: that is for the engine's Restore().
std::optional<DeskState> DecodeState(std::string_view bytes);

// The hash of a state by its encoding: HashBytes(EncodeState(state)). Equal on every machine.
std::uint64_t HashState(const DeskState& state);

// h = size; for each word w of 8 bytes (little-endian, the last one filled up with zeros):
// h = rotl((h ^ w) * 0x9e3779b97f4a7c15, 29); the result is Mix64(h). Not for defence against
// chosen input.
std::uint64_t HashBytes(std::string_view bytes);

}  // namespace usher
