// Decision: whatever the router concludes, in the past tense, with its reason.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "core/time.h"
#include "model/decision_agent.h"
#include "model/decision_answer.h"
#include "model/decision_clock.h"
#include "model/decision_inquiry.h"
#include "model/decision_offer.h"
#include "model/names.h"
#include "model/quality.h"
#include "model/reason.h"

namespace usher {

struct PolicyApplied {
  std::string version;
  std::uint32_t rerouted = 0;  // open inquiries whose queue, route, priority or due changed
  Quality quality = {};        // what holds from now on
  friend bool operator==(const PolicyApplied&, const PolicyApplied&) = default;
};

// The command had no effect.
struct CommandRejected {
  std::uint8_t command = 0;  // index of the body's type in CommandBody
  RejectReason reason = RejectReason::kNone;
  InquiryId inquiry;  // what it named, if it named one
  AgentName agent;
  OfferId offer;
  friend bool operator==(const CommandRejected&, const CommandRejected&) = default;
};

struct CommandRepeated {
  RepeatReason reason = RepeatReason::kNone;
  friend bool operator==(const CommandRepeated&, const CommandRepeated&) = default;
};

// The record's time was more than Limits::jump_max ahead.
struct ClockCapped {
  Instant asked;
  friend bool operator==(const ClockCapped&, const ClockCapped&) = default;
};

struct Checkpointed {
  std::uint64_t hash = 0;  // StateHash() with this command applied
  std::uint64_t inquiries = 0;
  std::uint64_t agents = 0;
  friend bool operator==(const Checkpointed&, const Checkpointed&) = default;
};

using DecisionBody =
    std::variant<InquiryPlaced, MessageJoined, InquiryRejected, InquiryRerouted, OfferMade,
                 OfferAccepted, OfferDeclined, OfferExpired, OfferRescinded, InquiryAnswered,
                 InquiryResolved, InquiryCancelled, InquiryAbandoned, InquiryRequeued, WrapUpEnded,
                 AgentRegistered, AgentRemoved, PresenceChanged, SlaWarned, SlaBreached, SlaMet,
                 WorkShown, PolicyApplied, CommandRejected, CommandRepeated, ClockCapped,
                 Checkpointed, InquiryRelaxed, InquiryEscalated, InquiryReserved, ReservationEnded,
                 InquiryStarving, InquiryUpdated, InquiryStarted, ScheduleChanged, InquiryPaused,
                 InquiryResumed, OrderUpdated, WaitEstimated, InquiryExplained, PolicyPreviewed,
                 BreachForecast, InquiryReviewed, InquiryRated>;

struct Decision {
  Instant at;  // when it took effect: a timer's own time, else the command's
  DecisionBody body;

  friend bool operator==(const Decision&, const Decision&) = default;
};

using DecisionList = std::vector<Decision>;

}  // namespace usher
