// Command: whatever may change the router's mind. A record of the log, minus its encoding.
//
// `at` is the record's append time; the engine never lets time go back. A command names at most one
// source (a Kafka offset) and at most one request id; the engine drops what it has seen of either.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/time.h"
#include "model/command_agent.h"
#include "model/command_question.h"
#include "model/names.h"
#include "model/policy.h"
#include "model/quality.h"
#include "model/reason.h"

namespace usher {

// The input record that a command was made of.
struct Source {
  std::string topic;  // empty: the command has no source
  std::int32_t partition = 0;
  std::int64_t offset = 0;

  bool none() const { return topic.empty(); }
  friend bool operator==(const Source&, const Source&) = default;
};

// What is known of an inquiry when it is placed. Ids and features only, never text.
struct Features {
  ChannelName channel;
  LanguageName language;  // empty: unknown
  TopicName topic;        // empty: unknown
  Sentiment sentiment = Sentiment::kUnknown;
  TierName tier;                 // empty: none
  OrderId order;                 // none: not about a known order
  OrderStatusName order_status;  // empty: unknown
  bool on_site = false;          // the customer is on the shop's site now
  std::int64_t value = 0;        // of the basket or the order, in the shop's smallest unit of money

  friend bool operator==(const Features&, const Features&) = default;
};

// The agent is not asked for the inquiry for so long; kForever: never.
struct AskedExclusion {
  AgentName agent;
  Duration length = kForever;

  friend bool operator==(const AskedExclusion&, const AskedExclusion&) = default;
};

// A customer's message. Joins the open inquiry of its conversation, or opens one.
struct PlaceInquiry {
  InquiryId inquiry;            // id to use if a new inquiry opens
  ConversationId conversation;  // none: always a new inquiry
  CustomerId customer;
  MessageId message;
  Features features;
  QueueName queue;                       // empty: by the policy's routes
  std::optional<std::uint8_t> priority;  // absent: by the policy's routes
  Instant starts_at;                     // waits from then on; not after now: at once
  Instant arrived_at = kNever;           // when it first came, if that was before now (imported)
  std::vector<AgentName> preferred;      // asked first, in this order
  Duration prefer_for{0};                // waits so long for them; 0: as the policy says
  std::vector<AskedExclusion> exclude;

  friend bool operator==(const PlaceInquiry&, const PlaceInquiry&) = default;
};

// The shop takes it back. Holds at every stage.
struct CancelInquiry {
  InquiryId inquiry;
  CancelReason reason = CancelReason::kOther;
  friend bool operator==(const CancelInquiry&, const CancelInquiry&) = default;
};

// The customer went away. Holds at every stage.
struct AbandonInquiry {
  InquiryId inquiry;
  friend bool operator==(const AbandonInquiry&, const AbandonInquiry&) = default;
};

// What became known of an open inquiry; what is absent stays. New features route it again.
struct UpdateInquiry {
  InquiryId inquiry;
  std::optional<std::uint8_t> priority;  // from now on, whatever its route says
  std::optional<Sentiment> sentiment;
  std::optional<bool> on_site;
  std::optional<std::int64_t> value;
  std::vector<AskedExclusion> exclude;
  friend bool operator==(const UpdateInquiry&, const UpdateInquiry&) = default;
};

// The agent chooses a waiting inquiry that it is able to take.
struct TakeInquiry {
  InquiryId inquiry;
  AgentName agent;
  friend bool operator==(const TakeInquiry&, const TakeInquiry&) = default;
};

// A supervisor gives a waiting or offered inquiry to an agent with room, whatever the needs.
struct AssignInquiry {
  InquiryId inquiry;
  AgentName agent;
  AgentName supervisor;
  friend bool operator==(const AssignInquiry&, const AssignInquiry&) = default;
};

// The owner hands it on; it keeps its age and its clock.
struct TransferInquiry {
  InquiryId inquiry;
  AgentName agent;  // the owner
  QueueName queue;  // empty: the same
  AgentName to;     // preferred from now on; empty: anybody
  friend bool operator==(const TransferInquiry&, const TransferInquiry&) = default;
};

// The agent answered the customer. The first one stops the first-response clock.
struct RecordReply {
  InquiryId inquiry;
  AgentName agent;
  ChannelName channel;          // on which the reply went out; empty: that of the inquiry
  ConversationId conversation;  // of a reply from elsewhere to what is open of it; no inquiry then
  friend bool operator==(const RecordReply&, const RecordReply&) = default;
};

// The agent is done: the inquiry is resolved, wrap-up begins.
struct FinishInquiry {
  InquiryId inquiry;
  AgentName agent;
  friend bool operator==(const FinishInquiry&, const FinishInquiry&) = default;
};

// The owner waits for the customer.
struct PauseInquiry {
  InquiryId inquiry;
  AgentName agent;
  Instant until = kNever;  // wakes by itself
  friend bool operator==(const PauseInquiry&, const PauseInquiry&) = default;
};

// The owner goes on with it.
struct ResumeInquiry {
  InquiryId inquiry;
  AgentName agent;
  friend bool operator==(const ResumeInquiry&, const ResumeInquiry&) = default;
};

// Moves the start of a scheduled inquiry; not after now: at once.
struct ScheduleInquiry {
  InquiryId inquiry;
  Instant at;
  friend bool operator==(const ScheduleInquiry&, const ScheduleInquiry&) = default;
};

// What became of an order: its open inquiries are routed again.
struct UpdateOrder {
  OrderId order;
  OrderStatusName status;
  friend bool operator==(const UpdateOrder&, const UpdateOrder&) = default;
};

struct ApplyPolicy {
  Policy policy;
  bool keep = false;  // what is open keeps queue, route and priority, where both are still there
  friend bool operator==(const ApplyPolicy&, const ApplyPolicy&) = default;
};

// Time passes. Appended by the partition's owner when a timer is due.
struct Tick {
  friend bool operator==(const Tick&, const Tick&) = default;
};

// Asks for the hash of the state here; the owner snapshots at this place.
struct Checkpoint {
  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

using CommandBody =
    std::variant<Tick, PlaceInquiry, CancelInquiry, AbandonInquiry, RegisterAgent, RemoveAgent,
                 SetPresence, AcceptOffer, DeclineOffer, RecordReply, FinishInquiry, ShowWork,
                 ApplyPolicy, Checkpoint, UpdateInquiry, TakeInquiry, AssignInquiry,
                 TransferInquiry, PauseInquiry, ResumeInquiry, ScheduleInquiry, UpdateOrder,
                 EstimateWait, ExplainInquiry, PreviewPolicy, ReviewInquiry, RateInquiry>;

struct Command {
  Instant at;
  Source source;
  RequestId request;         // none: no request id
  std::uint64_t digest = 0;  // of the body, by who appended it; tells a reused id from a repeat
  CommandBody body;

  friend bool operator==(const Command&, const Command&) = default;
};

}  // namespace usher
