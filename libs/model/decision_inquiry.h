// Decisions on inquiries: placed, joined, answered, ended, and their clocks.
#pragma once

#include <cstdint>
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
  RouteName route;  // the rule that matched; empty: the command named the queue
  std::uint8_t priority = 0;
  SlaName sla;              // empty: no clock
  Instant due = kNever;     // of the first response
  QueueName diverted_from;  // the queue of the route, if that was full or had nobody
  bool repeat = false;      // the customer asked on this topic lately
  Instant arrived_at;       // now, unless it was imported
  Instant starts_at;        // 1970: it waits already
  InquiryId reopens;        // the resolved inquiry of the conversation, if that was lately
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

struct InquiryAnswered {
  InquiryId inquiry;
  AgentName agent;
  bool first = false;
  Duration since_placed{0};
  bool outside = false;  // elsewhere: by who need not have it, nor be known
  friend bool operator==(const InquiryAnswered&, const InquiryAnswered&) = default;
};

struct InquiryResolved {
  InquiryId inquiry;
  AgentName agent;
  Duration handled{0};  // since accepted
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

// It asks for less from now on, at its old place.
struct InquiryRelaxed {
  InquiryId inquiry;
  std::uint32_t step = 0;  // of the queue's steps, from 1
  bool skipped = false;    // nobody logged in fitted the steps before
  friend bool operator==(const InquiryRelaxed&, const InquiryRelaxed&) = default;
};

// It became more urgent, or waits elsewhere, for what was done or left undone.
struct InquiryEscalated {
  InquiryId inquiry;
  QueueName queue;
  std::uint8_t priority = 0;
  EscalateReason reason = EscalateReason::kNone;
  friend bool operator==(const InquiryEscalated&, const InquiryEscalated&) = default;
};

// Only these agents are asked until then.
struct InquiryReserved {
  InquiryId inquiry;
  std::vector<AgentName> agents;  // in the order in which they are asked
  Instant until;
  friend bool operator==(const InquiryReserved&, const InquiryReserved&) = default;
};

// Anybody able is asked again.
struct ReservationEnded {
  InquiryId inquiry;
  friend bool operator==(const ReservationEnded&, const ReservationEnded&) = default;
};

// It waited for the policy's longest time and goes before all others.
struct InquiryStarving {
  InquiryId inquiry;
  friend bool operator==(const InquiryStarving&, const InquiryStarving&) = default;
};

// A scheduled inquiry waits from now on.
struct InquiryStarted {
  InquiryId inquiry;
  QueueName queue;
  QueueName diverted_from;
  std::uint8_t priority = 0;
  SlaName sla;
  Instant due = kNever;
  friend bool operator==(const InquiryStarted&, const InquiryStarted&) = default;
};

struct ScheduleChanged {
  InquiryId inquiry;
  Instant at;
  friend bool operator==(const ScheduleChanged&, const ScheduleChanged&) = default;
};

// It waits for its customer.
struct InquiryPaused {
  InquiryId inquiry;
  AgentName agent;
  Instant until = kNever;
  friend bool operator==(const InquiryPaused&, const InquiryPaused&) = default;
};

struct InquiryResumed {
  InquiryId inquiry;
  AgentName agent;  // who goes on with it; empty: it waits
  WakeCause cause = WakeCause::kNone;
  friend bool operator==(const InquiryResumed&, const InquiryResumed&) = default;
};

struct OrderUpdated {
  OrderId order;
  OrderStatusName status;
  std::uint32_t inquiries = 0;  // open ones of that order
  friend bool operator==(const OrderUpdated&, const OrderUpdated&) = default;
};

struct InquiryUpdated {
  InquiryId inquiry;
  Features features;
  std::uint8_t priority = 0;
  friend bool operator==(const InquiryUpdated&, const InquiryUpdated&) = default;
};

}  // namespace usher
