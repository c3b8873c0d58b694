// InquiryState: all that an engine keeps of an open inquiry, as plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/time.h"
#include "model/command.h"
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
  bool cooling = false;  // after a decline and the like; else a command asked for it
  friend bool operator==(const Exclusion&, const Exclusion&) = default;
};

struct Clock {
  Target target = Target::kFirstResponse;
  ClockState state = ClockState::kRunning;
  Duration length{0};        // of the target
  CalendarName hours;        // that it counts; empty: always
  Instant since;             // from here it counts, on top of
  Duration used{0};          // what was counted before
  Instant due = kNever;      // kNever while paused
  std::uint32_t warned = 0;  // warnings behind it
  Timer warn;                // the next one
  Timer breach;
  friend bool operator==(const Clock&, const Clock&) = default;
};

struct InquiryState {
  std::uint64_t arrival = 0;  // place in the order of arrival, from 1; never changes
  InquiryId inquiry;
  ConversationId conversation;
  CustomerId customer;
  MessageId message;  // the one that opened it
  Features features;
  bool repeat = false;
  bool queue_named = false;                    // by a command or an escalation, not by a route
  std::optional<std::uint8_t> priority_named;  // likewise
  std::uint8_t unanswered = 0;                 // messages since it opened or was last answered
  std::uint8_t raised = 0;                     // by messages, on top of what routes it or names it

  // As routed by the policy in force; what the queue says else is looked up there.
  QueueName queue;
  RouteName route;               // empty: the queue was named
  std::vector<Need> more_needs;  // of the route
  std::uint8_t priority = 0;

  std::uint32_t units = 1;     // of its channel, as of when it last began to wait
  bool interruptible = false;  // likewise, of its queue
  std::uint8_t size = 0;       // of the work expected: the bit width of its square in seconds

  Instant placed_at;          // never changes; before its arrival if it was imported
  std::vector<Clock> clocks;  // sorted by target, each at most once
  bool forecast = false;      // its breach was foretold

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

}  // namespace usher
