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
#include "model/inquiry_state.h"
#include "model/limits.h"
#include "model/names.h"
#include "model/policy.h"
#include "model/reason.h"

namespace usher {

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

// What is remembered of a queue of the policy.
struct QueueFacts {
  QueueName queue;
  AgentName turn;                         // who was asked last, by round robin
  std::uint32_t service_ppm = 1'000'000;  // of its response clocks met, lately
  std::uint32_t gates = 0;                // bit b: its b-th borrow was open when last settled
  friend bool operator==(const QueueFacts&, const QueueFacts&) = default;
};

// The last inquiry of a conversation that was resolved.
struct Resolved {
  ConversationId conversation;
  InquiryId inquiry;
  AgentName agent;
  Instant at;
  friend bool operator==(const Resolved&, const Resolved&) = default;
};

// How long inquiries of a queue on a topic take. m = m + (x - m) / 32 for each x finished, towards
// zero; the first x is the first m.
struct Handling {
  QueueName queue;
  TopicName topic;  // with the empty one: every inquiry of the queue
  Duration mean{0};
  std::uint32_t finished = 0;
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
  std::vector<QueueFacts> queues;      // one for each queue of the policy, sorted by name
  std::vector<Memory> memories;        // oldest first, at most Limits::memories_max
  std::vector<Resolved> resolved;      // oldest first, at most Limits::memories_max
  std::vector<Handling> handlings;     // sorted by queue, topic; at most Limits::handlings_max
  std::vector<CalendarEdge> edges;     // in the policy's order
  std::vector<SourceState> sources;    // sorted by (topic, partition)
  std::vector<RequestState> requests;  // oldest first, at most Limits::requests_max
  std::vector<AgentState> agents;
  std::vector<InquiryState> inquiries;

  friend bool operator==(const DeskState&, const DeskState&) = default;
};

// The version of the encodings below; it changes with any field of this file or of policy.h.
constexpr std::uint16_t kStateFormat = 5;

// The bytes of `state`: format version first, then every field in declaration order; lists and text
// by their count, what may be absent by a bool.
std::string EncodeState(const DeskState& state);

// Nothing unless `bytes` is exactly an encoding of this format version; safe on hostile bytes. Says
// nothing on whether the values make sense together: that is for the engine's Restore().
std::optional<DeskState> DecodeState(std::string_view bytes);

// A row of a state is an agent or an inquiry; the rest is all else. Each of these appends the
// encoding, as it stands in EncodeState().
void EncodeRow(const AgentState& agent, std::string& out);
void EncodeRow(const InquiryState& inquiry, std::string& out);
void EncodeRest(const DeskState& state, std::string& out);

// Exactly one encoding, or nothing is said of what it was decoded into.
bool DecodeRow(std::string_view bytes, AgentState& agent);
bool DecodeRow(std::string_view bytes, InquiryState& inquiry);
bool DecodeRest(std::string_view bytes, DeskState& state);

// What the hash of a state is made of. A row that changes moves its sum by its own hash alone, so
// the hash of a state of which little has changed is found without reading the whole of it.
struct StateSum {
  std::uint64_t rest = 0;  // HashBytes() of the encoding of the rest
  std::uint64_t agents = 0;
  std::uint64_t agent_hashes = 0;  // HashBytes() of the encodings, added up
  std::uint64_t inquiries = 0;
  std::uint64_t inquiry_hashes = 0;
};

// HashBytes() of the five numbers, 8 bytes each, little-endian.
std::uint64_t HashOf(const StateSum& sum);

// The hash of a state: that of its sum. Equal on every machine. The order of the rows does not
// count, since the rows themselves say it.
std::uint64_t HashState(const DeskState& state);

// h = size; for each word w of 8 bytes (little-endian, the last one filled up with zeros):
// h = rotl((h ^ w) * 0x9e3779b97f4a7c15, 29); the result is Mix64(h). Not for defence against
// chosen input.
std::uint64_t HashBytes(std::string_view bytes);

}  // namespace usher
