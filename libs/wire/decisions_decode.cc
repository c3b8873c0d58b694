#include "model/limits.h"
#include "wire/answers.h"
#include "wire/commands.h"
#include "wire/decisions.h"
#include "wire/enums.h"
#include "wire/parts.h"
#include "wire/quality.h"

namespace usher::wire {
namespace {

constexpr std::size_t kVersionBytesMax = 64;

InquiryId ReadInquiry(const std::string& bytes, FieldCheck& check) {
  return check.TakeId<InquiryId>("inquiry", bytes, Field::kRequired);
}

AgentName ReadAgent(const std::string& text, FieldCheck& check) {
  return check.TakeName<AgentName>("agent", text);
}

std::uint8_t TakePriority(std::uint32_t priority, FieldCheck& check) {
  return static_cast<std::uint8_t>(check.TakeNumber("priority", priority, kPriorities - 1));
}

InquiryPlaced Take(const v1::InquiryPlaced& from, FieldCheck& check) {
  InquiryPlaced to;
  to.inquiry = ReadInquiry(from.inquiry(), check);
  to.conversation =
      check.TakeId<ConversationId>("conversation", from.conversation(), Field::kOptional);
  to.customer = check.TakeId<CustomerId>("customer", from.customer(), Field::kOptional);
  to.message = check.TakeId<MessageId>("message", from.message(), Field::kOptional);
  to.features = FromProto(from.features(), check);
  to.queue = check.TakeName<QueueName>("queue", from.queue());
  to.route = check.TakeName<RouteName>("route", from.route());
  to.priority = TakePriority(from.priority(), check);
  to.sla = check.TakeName<SlaName>("sla", from.sla());
  to.due = InstantOrNever(from.due_us());
  to.diverted_from = check.TakeName<QueueName>("diverted_from", from.diverted_from());
  to.repeat = from.repeat();
  to.arrived_at = FromMicros(from.arrived_us());
  to.starts_at = FromMicros(from.starts_us());
  to.reopens = check.TakeId<InquiryId>("reopens", from.reopens(), Field::kOptional);
  return to;
}

MessageJoined Take(const v1::MessageJoined& from, FieldCheck& check) {
  return {ReadInquiry(from.inquiry(), check),
          check.TakeId<MessageId>("message", from.message(), Field::kOptional)};
}

InquiryRejected Take(const v1::InquiryRejected& from, FieldCheck& check) {
  InquiryRejected to;
  to.inquiry = ReadInquiry(from.inquiry(), check);
  to.message = check.TakeId<MessageId>("message", from.message(), Field::kOptional);
  to.queue = check.TakeName<QueueName>("queue", from.queue());
  to.reason = check.TakeReason("reason", FromProto(from.reason()));
  return to;
}

InquiryRerouted Take(const v1::InquiryRerouted& from, FieldCheck& check) {
  InquiryRerouted to;
  to.inquiry = ReadInquiry(from.inquiry(), check);
  to.queue = check.TakeName<QueueName>("queue", from.queue());
  to.route = check.TakeName<RouteName>("route", from.route());
  to.priority = TakePriority(from.priority(), check);
  to.sla = check.TakeName<SlaName>("sla", from.sla());
  to.due = InstantOrNever(from.due_us());
  return to;
}

// What all decisions on an offer name.
template <class To, class From>
To TakeOffer(const From& from, FieldCheck& check) {
  To to;
  to.offer = OfferId{from.offer()};
  to.inquiry = ReadInquiry(from.inquiry(), check);
  to.agent = ReadAgent(from.agent(), check);
  return to;
}

OfferMade Take(const v1::OfferMade& from, FieldCheck& check) {
  OfferMade to = TakeOffer<OfferMade>(from, check);
  to.queue = check.TakeName<QueueName>("queue", from.queue());
  to.expires = InstantOrNever(from.expires_us());
  to.reason = check.TakeReason("reason", FromProto(from.reason()));
  return to;
}

OfferAccepted Take(const v1::OfferAccepted& from, FieldCheck& check) {
  OfferAccepted to = TakeOffer<OfferAccepted>(from, check);
  to.automatic = from.automatic();
  return to;
}

OfferDeclined Take(const v1::OfferDeclined& from, FieldCheck& check) {
  OfferDeclined to = TakeOffer<OfferDeclined>(from, check);
  to.reason = check.TakeReason("reason", FromProto(from.reason()));
  return to;
}

OfferExpired Take(const v1::OfferExpired& from, FieldCheck& check) {
  return TakeOffer<OfferExpired>(from, check);
}

OfferRescinded Take(const v1::OfferRescinded& from, FieldCheck& check) {
  OfferRescinded to = TakeOffer<OfferRescinded>(from, check);
  to.cause = check.TakeReason("cause", FromProto(from.cause()));
  return to;
}

InquiryAnswered Take(const v1::InquiryAnswered& from, FieldCheck& check) {
  return {ReadInquiry(from.inquiry(), check), ReadAgent(from.agent(), check), from.first(),
          check.TakeSpan("since_placed_us", from.since_placed_us()), from.outside()};
}

InquiryResolved Take(const v1::InquiryResolved& from, FieldCheck& check) {
  return {ReadInquiry(from.inquiry(), check), ReadAgent(from.agent(), check),
          check.TakeSpan("handled_us", from.handled_us()),
          check.TakeSpan("since_placed_us", from.since_placed_us())};
}

InquiryCancelled Take(const v1::InquiryCancelled& from, FieldCheck& check) {
  return {ReadInquiry(from.inquiry(), check), check.TakeReason("reason", FromProto(from.reason()))};
}

InquiryAbandoned Take(const v1::InquiryAbandoned& from, FieldCheck& check) {
  return {ReadInquiry(from.inquiry(), check),
          check.TakeSpan("since_placed_us", from.since_placed_us())};
}

InquiryRequeued Take(const v1::InquiryRequeued& from, FieldCheck& check) {
  return {ReadInquiry(from.inquiry(), check), ReadAgent(from.agent(), check),
          check.TakeReason("reason", FromProto(from.reason()))};
}

InquiryRelaxed Take(const v1::InquiryRelaxed& from, FieldCheck& check) {
  return {ReadInquiry(from.inquiry(), check),
          check.TakeNumber("step", from.step(), Limits().steps_max), from.skipped()};
}

InquiryEscalated Take(const v1::InquiryEscalated& from, FieldCheck& check) {
  return {ReadInquiry(from.inquiry(), check), check.TakeName<QueueName>("queue", from.queue()),
          TakePriority(from.priority(), check), check.TakeEnum("reason", FromProto(from.reason()))};
}

InquiryReserved Take(const v1::InquiryReserved& from, FieldCheck& check) {
  InquiryReserved to;
  to.inquiry = ReadInquiry(from.inquiry(), check);
  if (check.CheckCount("agents", from.agents_size(), Limits().preferred_max)) {
    for (const std::string& agent : from.agents()) {
      to.agents.push_back(check.TakeName<AgentName>("agents", agent));
    }
  }
  to.until = InstantOrNever(from.until_us());
  return to;
}

ReservationEnded Take(const v1::ReservationEnded& from, FieldCheck& check) {
  return {ReadInquiry(from.inquiry(), check)};
}

InquiryStarving Take(const v1::InquiryStarving& from, FieldCheck& check) {
  return {ReadInquiry(from.inquiry(), check)};
}

InquiryUpdated Take(const v1::InquiryUpdated& from, FieldCheck& check) {
  return {ReadInquiry(from.inquiry(), check), FromProto(from.features(), check),
          TakePriority(from.priority(), check)};
}

InquiryStarted Take(const v1::InquiryStarted& from, FieldCheck& check) {
  InquiryStarted to;
  to.inquiry = ReadInquiry(from.inquiry(), check);
  to.queue = check.TakeName<QueueName>("queue", from.queue());
  to.diverted_from = check.TakeName<QueueName>("diverted_from", from.diverted_from());
  to.priority = TakePriority(from.priority(), check);
  to.sla = check.TakeName<SlaName>("sla", from.sla());
  to.due = InstantOrNever(from.due_us());
  return to;
}

ScheduleChanged Take(const v1::ScheduleChanged& from, FieldCheck& check) {
  return {ReadInquiry(from.inquiry(), check), FromMicros(from.at_us())};
}

InquiryPaused Take(const v1::InquiryPaused& from, FieldCheck& check) {
  return {ReadInquiry(from.inquiry(), check), ReadAgent(from.agent(), check),
          InstantOrNever(from.until_us())};
}

InquiryResumed Take(const v1::InquiryResumed& from, FieldCheck& check) {
  return {ReadInquiry(from.inquiry(), check), ReadAgent(from.agent(), check),
          check.TakeReason("cause", FromProto(from.cause()))};
}

OrderUpdated Take(const v1::OrderUpdated& from, FieldCheck& check) {
  return {check.TakeId<OrderId>("order", from.order(), Field::kRequired),
          check.TakeName<OrderStatusName>("status", from.status()), from.inquiries()};
}

BreachForecast Take(const v1::BreachForecast& from, FieldCheck& check) {
  return {ReadInquiry(from.inquiry(), check), InstantOrNever(from.due_us()),
          Duration(from.estimate_us())};
}

WaitEstimated Take(const v1::WaitEstimated& from, FieldCheck& check) {
  return FromProto(from, check);
}

InquiryExplained Take(const v1::InquiryExplained& from, FieldCheck& check) {
  return FromProto(from, check);
}

PolicyPreviewed Take(const v1::PolicyPreviewed& from, FieldCheck& check) {
  return FromProto(from, check);
}

WrapUpEnded Take(const v1::WrapUpEnded& from, FieldCheck& check) {
  return {ReadInquiry(from.inquiry(), check), ReadAgent(from.agent(), check)};
}

AgentRegistered Take(const v1::AgentRegistered& from, FieldCheck& check) {
  AgentRegistered to;
  to.agent = ReadAgent(from.agent(), check);
  to.skills = FromProto(from.skills(), "skills", Limits().skills_per_agent_max, check);
  to.units = from.units();
  to.limits = FromProto(from.limits(), "limits", check);
  to.attributes = FromProto(from.attributes(), "attributes", check);
  to.may_take = from.may_take();
  to.supervisor = from.supervisor();
  to.bot = from.bot();
  return to;
}

AgentRemoved Take(const v1::AgentRemoved& from, FieldCheck& check) {
  return {ReadAgent(from.agent(), check)};
}

PresenceChanged Take(const v1::PresenceChanged& from, FieldCheck& check) {
  return {ReadAgent(from.agent(), check), check.TakeEnum("presence", FromProto(from.presence())),
          check.TakeEnum("away", FromProto(from.away())), InstantOrNever(from.shift_ends_us())};
}

SlaWarned Take(const v1::SlaWarned& from, FieldCheck& check) {
  return {ReadInquiry(from.inquiry(), check), check.TakeEnum("target", FromProto(from.target())),
          InstantOrNever(from.due_us()),
          static_cast<std::uint16_t>(check.TakeNumber("permille", from.permille(), 1000))};
}

SlaBreached Take(const v1::SlaBreached& from, FieldCheck& check) {
  return {ReadInquiry(from.inquiry(), check), check.TakeEnum("target", FromProto(from.target())),
          InstantOrNever(from.due_us())};
}

SlaMet Take(const v1::SlaMet& from, FieldCheck& check) {
  return {ReadInquiry(from.inquiry(), check), check.TakeEnum("target", FromProto(from.target())),
          InstantOrNever(from.due_us())};
}

WorkShown Take(const v1::WorkShown& from, FieldCheck& check) {
  const std::uint32_t most = Limits().units_max;  // each inquiry takes a unit at least
  WorkShown to;
  to.agent = ReadAgent(from.agent(), check);
  to.presence = check.TakeEnum("presence", FromProto(from.presence()));
  if (check.CheckCount("offers", from.offers_size(), most)) {
    for (int i = 0; i < from.offers_size(); ++i) {
      const FieldCheck::Inside inside(check, "offers", i);
      const v1::OpenOffer& open = from.offers(i);
      to.offers.push_back({OfferId{open.offer()}, ReadInquiry(open.inquiry(), check),
                           check.TakeName<QueueName>("queue", open.queue()),
                           InstantOrNever(open.expires_us())});
    }
  }
  if (check.CheckCount("assignments", from.assignments_size(), most)) {
    for (int i = 0; i < from.assignments_size(); ++i) {
      const FieldCheck::Inside inside(check, "assignments", i);
      const v1::OpenAssignment& open = from.assignments(i);
      to.assignments.push_back({ReadInquiry(open.inquiry(), check),
                                check.TakeName<QueueName>("queue", open.queue()), open.answered(),
                                open.pending()});
    }
  }
  return to;
}

PolicyApplied Take(const v1::PolicyApplied& from, FieldCheck& check) {
  if (from.version().size() > kVersionBytesMax) check.Refuse("version", "at most 64 bytes");
  return {from.version(), from.rerouted(),
          from.has_quality() ? FromProto(from.quality(), check) : Quality()};
}

CommandRejected Take(const v1::CommandRejected& from, FieldCheck& check) {
  CommandRejected to;
  to.command = check.TakeEnum("command", BodyOfField(from.command()));
  to.reason = check.TakeReason("reason", FromProto(from.reason()));
  to.inquiry = check.TakeId<InquiryId>("inquiry", from.inquiry(), Field::kOptional);
  to.agent = ReadAgent(from.agent(), check);
  to.offer = OfferId{from.offer()};
  return to;
}

CommandRepeated Take(const v1::CommandRepeated& from, FieldCheck& check) {
  return {check.TakeReason("reason", FromProto(from.reason()))};
}

ClockCapped Take(const v1::ClockCapped& from, FieldCheck&) { return {FromMicros(from.asked_us())}; }

Checkpointed Take(const v1::Checkpointed& from, FieldCheck&) {
  return {from.hash(), from.inquiries(), from.agents()};
}

InquiryReviewed Take(const v1::InquiryReviewed& from, FieldCheck& check) {
  return FromProto(from, check);
}

InquiryRated Take(const v1::InquiryRated& from, FieldCheck& check) {
  return FromProto(from, check);
}

// Reads `from` with its field's name in front of all problems.
template <class Proto>
DecisionBody TakeIn(const char* field, const Proto& from, FieldCheck& check) {
  const FieldCheck::Inside inside(check, field);
  return Take(from, check);
}

}  // namespace

// A switch over a closed set: one line a kind, nothing to split.
DecisionBody BodyFromProto(const v1::Decision& from, FieldCheck& check) {
  switch (from.body_case()) {
    case v1::Decision::kInquiryPlaced:
      return TakeIn("inquiry_placed", from.inquiry_placed(), check);
    case v1::Decision::kMessageJoined:
      return TakeIn("message_joined", from.message_joined(), check);
    case v1::Decision::kInquiryRejected:
      return TakeIn("inquiry_rejected", from.inquiry_rejected(), check);
    case v1::Decision::kInquiryRerouted:
      return TakeIn("inquiry_rerouted", from.inquiry_rerouted(), check);
    case v1::Decision::kOfferMade:
      return TakeIn("offer_made", from.offer_made(), check);
    case v1::Decision::kOfferAccepted:
      return TakeIn("offer_accepted", from.offer_accepted(), check);
    case v1::Decision::kOfferDeclined:
      return TakeIn("offer_declined", from.offer_declined(), check);
    case v1::Decision::kOfferExpired:
      return TakeIn("offer_expired", from.offer_expired(), check);
    case v1::Decision::kOfferRescinded:
      return TakeIn("offer_rescinded", from.offer_rescinded(), check);
    case v1::Decision::kInquiryAnswered:
      return TakeIn("inquiry_answered", from.inquiry_answered(), check);
    case v1::Decision::kInquiryResolved:
      return TakeIn("inquiry_resolved", from.inquiry_resolved(), check);
    case v1::Decision::kInquiryCancelled:
      return TakeIn("inquiry_cancelled", from.inquiry_cancelled(), check);
    case v1::Decision::kInquiryAbandoned:
      return TakeIn("inquiry_abandoned", from.inquiry_abandoned(), check);
    case v1::Decision::kInquiryRequeued:
      return TakeIn("inquiry_requeued", from.inquiry_requeued(), check);
    case v1::Decision::kWrapUpEnded:
      return TakeIn("wrap_up_ended", from.wrap_up_ended(), check);
    case v1::Decision::kAgentRegistered:
      return TakeIn("agent_registered", from.agent_registered(), check);
    case v1::Decision::kAgentRemoved:
      return TakeIn("agent_removed", from.agent_removed(), check);
    case v1::Decision::kPresenceChanged:
      return TakeIn("presence_changed", from.presence_changed(), check);
    case v1::Decision::kSlaWarned:
      return TakeIn("sla_warned", from.sla_warned(), check);
    case v1::Decision::kSlaBreached:
      return TakeIn("sla_breached", from.sla_breached(), check);
    case v1::Decision::kSlaMet:
      return TakeIn("sla_met", from.sla_met(), check);
    case v1::Decision::kWorkShown:
      return TakeIn("work_shown", from.work_shown(), check);
    case v1::Decision::kPolicyApplied:
      return TakeIn("policy_applied", from.policy_applied(), check);
    case v1::Decision::kCommandRejected:
      return TakeIn("command_rejected", from.command_rejected(), check);
    case v1::Decision::kCommandRepeated:
      return TakeIn("command_repeated", from.command_repeated(), check);
    case v1::Decision::kClockCapped:
      return TakeIn("clock_capped", from.clock_capped(), check);
    case v1::Decision::kCheckpointed:
      return TakeIn("checkpointed", from.checkpointed(), check);
    case v1::Decision::kInquiryRelaxed:
      return TakeIn("inquiry_relaxed", from.inquiry_relaxed(), check);
    case v1::Decision::kInquiryEscalated:
      return TakeIn("inquiry_escalated", from.inquiry_escalated(), check);
    case v1::Decision::kInquiryReserved:
      return TakeIn("inquiry_reserved", from.inquiry_reserved(), check);
    case v1::Decision::kReservationEnded:
      return TakeIn("reservation_ended", from.reservation_ended(), check);
    case v1::Decision::kInquiryStarving:
      return TakeIn("inquiry_starving", from.inquiry_starving(), check);
    case v1::Decision::kInquiryUpdated:
      return TakeIn("inquiry_updated", from.inquiry_updated(), check);
    case v1::Decision::kInquiryStarted:
      return TakeIn("inquiry_started", from.inquiry_started(), check);
    case v1::Decision::kScheduleChanged:
      return TakeIn("schedule_changed", from.schedule_changed(), check);
    case v1::Decision::kInquiryPaused:
      return TakeIn("inquiry_paused", from.inquiry_paused(), check);
    case v1::Decision::kInquiryResumed:
      return TakeIn("inquiry_resumed", from.inquiry_resumed(), check);
    case v1::Decision::kOrderUpdated:
      return TakeIn("order_updated", from.order_updated(), check);
    case v1::Decision::kWaitEstimated:
      return TakeIn("wait_estimated", from.wait_estimated(), check);
    case v1::Decision::kInquiryExplained:
      return TakeIn("inquiry_explained", from.inquiry_explained(), check);
    case v1::Decision::kPolicyPreviewed:
      return TakeIn("policy_previewed", from.policy_previewed(), check);
    case v1::Decision::kBreachForecast:
      return TakeIn("breach_forecast", from.breach_forecast(), check);
    case v1::Decision::kInquiryReviewed:
      return TakeIn("inquiry_reviewed", from.inquiry_reviewed(), check);
    case v1::Decision::kInquiryRated:
      return TakeIn("inquiry_rated", from.inquiry_rated(), check);
    case v1::Decision::BODY_NOT_SET:
      break;
  }
  check.Refuse("body", "none, or one that is not known here");
  return CommandRepeated{};
}

}  // namespace usher::wire
