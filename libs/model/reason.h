// The closed sets of the domain: stages, presences, and a reason for every decision.
//
// Numbers are part of the state encoding and of the wire: only append, never renumber.
// `None` (0) never appears in a decision that must have a reason.
#pragma once

#include <cstdint>

namespace usher {

enum class Sentiment : std::uint8_t { kUnknown, kNegative, kNeutral, kPositive };

// Where an open inquiry stands. Ended ones leave the engine; their stage is told by the decision
// that ended them.
enum class Stage : std::uint8_t {
  kWaiting,
  kOffered,
  kAssigned,
  kAnswered,
  kScheduled,  // not before its time
  kPending     // on the customer
};

enum class Presence : std::uint8_t { kOffline, kAvailable, kBusy, kAway, kDraining };

enum class AwayReason : std::uint8_t { kNone, kAsked, kMissedOffers };

enum class ClockState : std::uint8_t { kNone, kRunning, kWarned, kMet, kBreached, kPaused };

// What a clock measures.
enum class Target : std::uint8_t { kFirstResponse, kNextResponse, kResolution, kUpdate };

enum class OfferReason : std::uint8_t {
  kNone,
  kArrival,        // the inquiry arrived, the agent was free: fewest skills, then longest idle
  kReoffered,      // an earlier offer or assignment ended, the inquiry kept its place
  kInTime,         // the agent became free: the first of the order, and in time
  kLateShare,      // the agent became free: the share kept for the late was owed
  kOnlyLate,       // the agent became free: the first of the order was late
  kPolicyChanged,  // a new policy moved the inquiry
  kPreferred,      // one of the agents that the inquiry prefers was free
  kTaken,          // the agent chose it
  kAssigned,       // a supervisor gave it
  kChanged         // relaxed, escalated, updated or no longer reserved: more agents may take it
};

enum class DeclineReason : std::uint8_t {
  kNone,
  kBusy,
  kNotMySkill,
  kKnowsCustomer,
  kTechnical,
  kOther
};

enum class RescindCause : std::uint8_t {
  kNone,
  kAgentUnavailable,  // presence left `available` (to busy, away or offline)
  kAgentRemoved,
  kInquiryCancelled,
  kInquiryAbandoned,
  kPolicyChanged,
  kTakenByAnother,  // another agent accepted it first, or a supervisor gave it to one
  kInquiryUpdated   // its route is another one now
};

enum class RequeueReason : std::uint8_t {
  kNone,
  kAgentRemoved,
  kNoReply,     // the owner did not reply in the queue's time
  kAgentGone,   // the owner was offline for longer than the channel's grace
  kTransferred  // the owner handed it on
};

enum class CancelReason : std::uint8_t { kNone, kShop, kSpam, kDuplicate, kOther };

// Why a command could not be honoured.
enum class RejectReason : std::uint8_t {
  kNone,
  kNoPolicy,        // nothing can be placed before the first policy
  kUnknownChannel,  // the policy has no such channel
  kUnknownQueue,    // the command names a queue that the policy has not
  kUnknownInquiry,  // no open inquiry of that id
  kUnknownAgent,
  kUnknownOffer,       // no open offer of that id (it may have expired or been rescinded)
  kInquiryExists,      // an open inquiry has that id already
  kNotTheOwner,        // the offer or the inquiry is another agent's
  kNotAssigned,        // the inquiry has no agent yet
  kBadPriority,        // not 0 to 9
  kBadCapacity,        // units not 1 to Limits::units_max
  kTooManySkills,      // more than Limits::skills_per_agent_max
  kBadLevel,           // a level over 100
  kQueueFull,          // Limits or the queue's own max_waiting
  kTooManyInquiries,   // Limits::inquiries_max
  kTooManyAgents,      // Limits::agents_max
  kTooManyNames,       // Limits::names_max
  kBadPolicy,          // the compiled policy breaks a bound of Limits or refers to nothing
  kRequestReused,      // the request id was used with another body
  kTooManySources,     // Limits::sources_max
  kNotPermitted,       // the agent, or the supervisor, may not do that
  kNotWaiting,         // the inquiry does not wait
  kNotAble,            // the agent lacks a need, room or presence, or is excluded
  kTooManyExclusions,  // more than Limits::exclusions_max or Limits::preferred_max in one command
  kNobodyHere,         // the queue refuses what nobody logged in could take
  kTooManyAttributes,  // more than Limits::attributes_per_agent_max
  kQueueClosed,        // outside the queue's hours
  kNotScheduled,       // the inquiry has begun
  kNotPending,         // the inquiry does not wait for its customer
  kUnknownOrder,       // no order was named
  kWrongChannel,       // the reply went out on another channel than the inquiry's
  kBadMark,            // none, too many, over 100, or of what the policy does not name
  kBadRating           // not 1 to 5
};

// Why an inquiry rose.
enum class EscalateReason : std::uint8_t {
  kNone,
  kAge,         // nobody owned it for so long
  kUnanswered,  // so many messages of its customer without an answer
  kAngry        // a message of its customer turned the mood negative
};

// Why a command had no effect a second time.
enum class RepeatReason : std::uint8_t { kNone, kSource, kRequest };

// What wakes a pending inquiry.
enum class WakeCause : std::uint8_t { kNone, kOwner, kMessage, kTime };

// The first thing, in this order, that keeps an agent from an inquiry.
enum class Verdict : std::uint8_t {
  kAble,
  kOffline,
  kLacksSkill,
  kLowLevel,
  kWho,  // the expression does not hold
  kExcluded,
  kReserved,      // for others
  kClosed,        // the queue
  kShiftEnds,     // before the expected work
  kNotAvailable,  // busy, away, draining
  kNoUnits,
  kChannelFull,
  kPaced
};

// What may change the answer next.
enum class NextChange : std::uint8_t {
  kNone,
  kRelax,
  kReservationEnd,
  kExclusionEnd,
  kEscalation,
  kOpening,
  kPaceEnd
};

}  // namespace usher
