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
  bool queue_named = false;                    // the command named the queue
  std::optional<std::uint8_t> priority_named;  // the command named the priority

  // As routed, by the policy of that moment.
  QueueName queue;
  RouteName route;
  std::uint8_t priority = 0;
  std::vector<Need> needs;  // sorted by skill
  std::uint32_t units = 1;
  bool auto_accept = false;
  Duration offer_window{0};
  Duration wrap_up{0};
  SlaName sla;

  std::uint64_t arrival = 0;  // place in the order of arrival, from 1; never changes
  Instant placed_at;
  Instant due = kNever;
  ClockState clock = ClockState::kNone;
  Timer warn;
  Timer breach;

  Stage stage = Stage::kWaiting;
  bool answered = false;            // some agent has replied
  std::optional<OfferState> offer;  // exactly when stage is kOffered
  AgentName agent;                  // the owner, when kAssigned or kAnswered
  Instant assigned_at;
  std::vector<Exclusion> exclusions;  // oldest first

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
  std::vector<Need> skills;  // sorted by skill, each once
  std::uint32_t units = 1;
  std::vector<ChannelLimit> limits;  // sorted by channel, each once
  Presence presence = Presence::kOffline;
  AwayReason away = AwayReason::kNone;
  std::uint64_t idle = 0;        // order of the last change of work; the lowest is longest idle
  std::uint32_t missed = 0;      // offers missed in a row
  std::vector<WrapUp> wrap_ups;  // oldest first
  friend bool operator==(const AgentState&, const AgentState&) = default;
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
  std::vector<SourceState> sources;    // sorted by (topic, partition)
  std::vector<RequestState> requests;  // oldest first, at most Limits::requests_max

  friend bool operator==(const DeskState&, const DeskState&) = default;
};

// The version of the encoding below; it changes with any field of this file or of policy.h.
constexpr std::uint16_t kStateFormat = 1;

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
