// Decision: whatever the router concludes, in the past tense, with its reason.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "core/time.h"
#include "model/command.h"
#include "model/names.h"
#include "model/reason.h"

namespace usher {

struct InquiryPlaced {
  InquiryId inquiry;
  ConversationId conversation;
  CustomerId customer;
  MessageId message;
  Features features;
  QueueName queue;
  RouteName route;            // the rule that matched; empty: the command named the queue
  std::uint8_t priority = 0;
  SlaName sla;                // empty: no clock
  Instant due = kNever;       // of the first response
  friend bool operator==(const InquiryPlaced&, const InquiryPlaced&) = default;
};

struct MessageJoined {
  InquiryId inquiry;
  MessageId message;
  friend bool operator==(const MessageJoined&, const MessageJoined&) = default;
};

// The message opened nothing: terminal for `inquiry`.
struct InquiryRejected {
  InquiryId inquiry;
  MessageId message;
  QueueName queue;  // where it would have gone; empty: not known
  RejectReason reason = RejectReason::kNone;
  friend bool operator==(const InquiryRejected&, const InquiryRejected&) = default;
};

struct InquiryRerouted {
  InquiryId inquiry;
  QueueName queue;
  RouteName route;
  std::uint8_t priority = 0;
  SlaName sla;
  Instant due = kNever;
  friend bool operator==(const InquiryRerouted&, const InquiryRerouted&) = default;
};

struct OfferMade {
  OfferId offer;
  InquiryId inquiry;
  AgentName agent;
  QueueName queue;
  Instant expires = kNever;  // kNever: accepted at once by the queue's rule
  OfferReason reason = OfferReason::kNone;
  friend bool operator==(const OfferMade&, const OfferMade&) = default;
};

// The inquiry is assigned to the agent from here on.
struct OfferAccepted {
  OfferId offer;
  InquiryId inquiry;
  AgentName agent;
  bool automatic = false;
  friend bool operator==(const OfferAccepted&, const OfferAccepted&) = default;
};

struct OfferDeclined {
  OfferId offer;
  InquiryId inquiry;
  AgentName agent;
  DeclineReason reason = DeclineReason::kNone;
  friend bool operator==(const OfferDeclined&, const OfferDeclined&) = default;
};

// Nobody answered it in its window.
struct OfferExpired {
  OfferId offer;
  InquiryId inquiry;
  AgentName agent;
  friend bool operator==(const OfferExpired&, const OfferExpired&) = default;
};

struct OfferRescinded {
  OfferId offer;
  InquiryId inquiry;
  AgentName agent;
  RescindCause cause = RescindCause::kNone;
  friend bool operator==(const OfferRescinded&, const OfferRescinded&) = default;
};

struct InquiryAnswered {
  InquiryId inquiry;
  AgentName agent;
  bool first = false;
  Duration since_placed{0};
  friend bool operator==(const InquiryAnswered&, const InquiryAnswered&) = default;
};

struct InquiryResolved {
  InquiryId inquiry;
  AgentName agent;
  Duration handled{0};       // since accepted
  Duration since_placed{0};
  friend bool operator==(const InquiryResolved&, const InquiryResolved&) = default;
};

struct InquiryCancelled {
  InquiryId inquiry;
  CancelReason reason = CancelReason::kNone;
  friend bool operator==(const InquiryCancelled&, const InquiryCancelled&) = default;
};

struct InquiryAbandoned {
  InquiryId inquiry;
  Duration since_placed{0};
  friend bool operator==(const InquiryAbandoned&, const InquiryAbandoned&) = default;
};

// An assigned inquiry waits again, at its old place.
struct InquiryRequeued {
  InquiryId inquiry;
  AgentName agent;
  RequeueReason reason = RequeueReason::kNone;
  friend bool operator==(const InquiryRequeued&, const InquiryRequeued&) = default;
};

struct WrapUpEnded {
  InquiryId inquiry;
  AgentName agent;
  friend bool operator==(const WrapUpEnded&, const WrapUpEnded&) = default;
};

struct AgentRegistered {
  AgentName agent;
  std::vector<Need> skills;  // sorted by skill
  std::uint32_t units = 0;
  std::vector<ChannelLimit> limits;
  friend bool operator==(const AgentRegistered&, const AgentRegistered&) = default;
};

struct AgentRemoved {
  AgentName agent;
  friend bool operator==(const AgentRemoved&, const AgentRemoved&) = default;
};

struct PresenceChanged {
  AgentName agent;
  Presence presence = Presence::kOffline;
  AwayReason away = AwayReason::kNone;
  friend bool operator==(const PresenceChanged&, const PresenceChanged&) = default;
};

struct SlaWarned {
  InquiryId inquiry;
  Instant due;
  friend bool operator==(const SlaWarned&, const SlaWarned&) = default;
};

struct SlaBreached {
  InquiryId inquiry;
  Instant due;
  friend bool operator==(const SlaBreached&, const SlaBreached&) = default;
};

struct SlaMet {
  InquiryId inquiry;
  Instant due;
  friend bool operator==(const SlaMet&, const SlaMet&) = default;
};

struct OpenOffer {
  OfferId offer;
  InquiryId inquiry;
  QueueName queue;
  Instant expires = kNever;
  friend bool operator==(const OpenOffer&, const OpenOffer&) = default;
};

struct OpenAssignment {
  InquiryId inquiry;
  QueueName queue;
  bool answered = false;
  friend bool operator==(const OpenAssignment&, const OpenAssignment&) = default;
};

struct WorkShown {
  AgentName agent;
  Presence presence = Presence::kOffline;
  std::vector<OpenOffer> offers;            // by offer id
  std::vector<OpenAssignment> assignments;  // by age of the inquiry, oldest first
  friend bool operator==(const WorkShown&, const WorkShown&) = default;
};

struct PolicyApplied {
  std::string version;
  std::uint32_t rerouted = 0;  // waiting inquiries whose queue, priority, needs or due changed
  friend bool operator==(const PolicyApplied&, const PolicyApplied&) = default;
};

// The command had no effect.
struct CommandRejected {
  std::uint8_t command = 0;  // index of the body's type in CommandBody
  RejectReason reason = RejectReason::kNone;
  InquiryId inquiry;         // what it named, if it named one
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
    std::variant<InquiryPlaced, MessageJoined, InquiryRejected, InquiryRerouted, OfferMade, OfferAccepted,
                 OfferDeclined, OfferExpired, OfferRescinded, InquiryAnswered, InquiryResolved, InquiryCancelled,
                 InquiryAbandoned, InquiryRequeued, WrapUpEnded, AgentRegistered, AgentRemoved, PresenceChanged,
                 SlaWarned, SlaBreached, SlaMet, WorkShown, PolicyApplied, CommandRejected, CommandRepeated,
                 ClockCapped, Checkpointed>;

struct Decision {
  Instant at;  // when it took effect: a timer's own time, else the command's
  DecisionBody body;

  friend bool operator==(const Decision&, const Decision&) = default;
};

using DecisionList = std::vector<Decision>;

}  // namespace usher
