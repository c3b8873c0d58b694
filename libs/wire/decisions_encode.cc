#include "wire/answers.h"
#include "wire/commands.h"
#include "wire/decisions.h"
#include "wire/enums.h"
#include "wire/parts.h"
#include "wire/quality.h"

namespace usher::wire {
namespace {

// One overload a kind of body.
struct Encoder {
  v1::Decision& out;

  void operator()(const InquiryPlaced& from) const {
    v1::InquiryPlaced& to = *out.mutable_inquiry_placed();
    to.set_inquiry(IdBytes(from.inquiry));
    to.set_conversation(IdBytes(from.conversation));
    to.set_customer(IdBytes(from.customer));
    to.set_message(IdBytes(from.message));
    ToProto(from.features, *to.mutable_features());
    to.set_queue(from.queue.ToString());
    to.set_route(from.route.ToString());
    to.set_priority(from.priority);
    to.set_sla(from.sla.ToString());
    to.set_due_us(MicrosOrZero(from.due));
    to.set_diverted_from(from.diverted_from.ToString());
    to.set_repeat(from.repeat);
    to.set_arrived_us(ToMicros(from.arrived_at));
    to.set_starts_us(ToMicros(from.starts_at));
    to.set_reopens(IdBytes(from.reopens));
  }
  void operator()(const MessageJoined& from) const {
    v1::MessageJoined& to = *out.mutable_message_joined();
    to.set_inquiry(IdBytes(from.inquiry));
    to.set_message(IdBytes(from.message));
  }
  void operator()(const InquiryRejected& from) const {
    v1::InquiryRejected& to = *out.mutable_inquiry_rejected();
    to.set_inquiry(IdBytes(from.inquiry));
    to.set_message(IdBytes(from.message));
    to.set_queue(from.queue.ToString());
    to.set_reason(ToProto(from.reason));
  }
  void operator()(const InquiryRerouted& from) const {
    v1::InquiryRerouted& to = *out.mutable_inquiry_rerouted();
    to.set_inquiry(IdBytes(from.inquiry));
    to.set_queue(from.queue.ToString());
    to.set_route(from.route.ToString());
    to.set_priority(from.priority);
    to.set_sla(from.sla.ToString());
    to.set_due_us(MicrosOrZero(from.due));
  }
  void operator()(const OfferMade& from) const {
    v1::OfferMade& to = *out.mutable_offer_made();
    SetOffer(from, to);
    to.set_queue(from.queue.ToString());
    to.set_expires_us(MicrosOrZero(from.expires));
    to.set_reason(ToProto(from.reason));
  }
  void operator()(const OfferAccepted& from) const {
    v1::OfferAccepted& to = *out.mutable_offer_accepted();
    SetOffer(from, to);
    to.set_automatic(from.automatic);
  }
  void operator()(const OfferDeclined& from) const {
    v1::OfferDeclined& to = *out.mutable_offer_declined();
    SetOffer(from, to);
    to.set_reason(ToProto(from.reason));
  }
  void operator()(const OfferExpired& from) const { SetOffer(from, *out.mutable_offer_expired()); }
  void operator()(const OfferRescinded& from) const {
    v1::OfferRescinded& to = *out.mutable_offer_rescinded();
    SetOffer(from, to);
    to.set_cause(ToProto(from.cause));
  }
  void operator()(const InquiryAnswered& from) const {
    v1::InquiryAnswered& to = *out.mutable_inquiry_answered();
    to.set_inquiry(IdBytes(from.inquiry));
    to.set_agent(from.agent.ToString());
    to.set_first(from.first);
    to.set_since_placed_us(from.since_placed.count());
    to.set_outside(from.outside);
  }
  void operator()(const InquiryResolved& from) const {
    v1::InquiryResolved& to = *out.mutable_inquiry_resolved();
    to.set_inquiry(IdBytes(from.inquiry));
    to.set_agent(from.agent.ToString());
    to.set_handled_us(from.handled.count());
    to.set_since_placed_us(from.since_placed.count());
  }
  void operator()(const InquiryCancelled& from) const {
    v1::InquiryCancelled& to = *out.mutable_inquiry_cancelled();
    to.set_inquiry(IdBytes(from.inquiry));
    to.set_reason(ToProto(from.reason));
  }
  void operator()(const InquiryAbandoned& from) const {
    v1::InquiryAbandoned& to = *out.mutable_inquiry_abandoned();
    to.set_inquiry(IdBytes(from.inquiry));
    to.set_since_placed_us(from.since_placed.count());
  }
  void operator()(const InquiryRequeued& from) const {
    v1::InquiryRequeued& to = *out.mutable_inquiry_requeued();
    to.set_inquiry(IdBytes(from.inquiry));
    to.set_agent(from.agent.ToString());
    to.set_reason(ToProto(from.reason));
  }
  void operator()(const InquiryRelaxed& from) const {
    v1::InquiryRelaxed& to = *out.mutable_inquiry_relaxed();
    to.set_inquiry(IdBytes(from.inquiry));
    to.set_step(from.step);
    to.set_skipped(from.skipped);
  }
  void operator()(const InquiryEscalated& from) const {
    v1::InquiryEscalated& to = *out.mutable_inquiry_escalated();
    to.set_inquiry(IdBytes(from.inquiry));
    to.set_queue(from.queue.ToString());
    to.set_priority(from.priority);
    to.set_reason(ToProto(from.reason));
  }
  void operator()(const InquiryReserved& from) const {
    v1::InquiryReserved& to = *out.mutable_inquiry_reserved();
    to.set_inquiry(IdBytes(from.inquiry));
    for (const AgentName& agent : from.agents) to.add_agents(agent.ToString());
    to.set_until_us(MicrosOrZero(from.until));
  }
  void operator()(const ReservationEnded& from) const {
    out.mutable_reservation_ended()->set_inquiry(IdBytes(from.inquiry));
  }
  void operator()(const InquiryStarving& from) const {
    out.mutable_inquiry_starving()->set_inquiry(IdBytes(from.inquiry));
  }
  void operator()(const InquiryUpdated& from) const {
    v1::InquiryUpdated& to = *out.mutable_inquiry_updated();
    to.set_inquiry(IdBytes(from.inquiry));
    ToProto(from.features, *to.mutable_features());
    to.set_priority(from.priority);
  }
  void operator()(const InquiryStarted& from) const {
    v1::InquiryStarted& to = *out.mutable_inquiry_started();
    to.set_inquiry(IdBytes(from.inquiry));
    to.set_queue(from.queue.ToString());
    to.set_diverted_from(from.diverted_from.ToString());
    to.set_priority(from.priority);
    to.set_sla(from.sla.ToString());
    to.set_due_us(MicrosOrZero(from.due));
  }
  void operator()(const ScheduleChanged& from) const {
    v1::ScheduleChanged& to = *out.mutable_schedule_changed();
    to.set_inquiry(IdBytes(from.inquiry));
    to.set_at_us(ToMicros(from.at));
  }
  void operator()(const InquiryPaused& from) const {
    v1::InquiryPaused& to = *out.mutable_inquiry_paused();
    to.set_inquiry(IdBytes(from.inquiry));
    to.set_agent(from.agent.ToString());
    to.set_until_us(MicrosOrZero(from.until));
  }
  void operator()(const InquiryResumed& from) const {
    v1::InquiryResumed& to = *out.mutable_inquiry_resumed();
    to.set_inquiry(IdBytes(from.inquiry));
    to.set_agent(from.agent.ToString());
    to.set_cause(ToProto(from.cause));
  }
  void operator()(const OrderUpdated& from) const {
    v1::OrderUpdated& to = *out.mutable_order_updated();
    to.set_order(IdBytes(from.order));
    to.set_status(from.status.ToString());
    to.set_inquiries(from.inquiries);
  }
  void operator()(const WaitEstimated& from) const { ToProto(from, *out.mutable_wait_estimated()); }
  void operator()(const InquiryExplained& from) const {
    ToProto(from, *out.mutable_inquiry_explained());
  }
  void operator()(const PolicyPreviewed& from) const {
    ToProto(from, *out.mutable_policy_previewed());
  }
  void operator()(const BreachForecast& from) const {
    v1::BreachForecast& to = *out.mutable_breach_forecast();
    to.set_inquiry(IdBytes(from.inquiry));
    to.set_due_us(MicrosOrZero(from.due));
    to.set_estimate_us(from.estimate.count());
  }
  void operator()(const WrapUpEnded& from) const {
    v1::WrapUpEnded& to = *out.mutable_wrap_up_ended();
    to.set_inquiry(IdBytes(from.inquiry));
    to.set_agent(from.agent.ToString());
  }
  void operator()(const AgentRegistered& from) const {
    v1::AgentRegistered& to = *out.mutable_agent_registered();
    to.set_agent(from.agent.ToString());
    ToProto(from.skills, *to.mutable_skills());
    to.set_units(from.units);
    ToProto(from.limits, *to.mutable_limits());
    ToProto(from.attributes, *to.mutable_attributes());
    to.set_may_take(from.may_take);
    to.set_supervisor(from.supervisor);
    to.set_bot(from.bot);
  }
  void operator()(const AgentRemoved& from) const {
    out.mutable_agent_removed()->set_agent(from.agent.ToString());
  }
  void operator()(const PresenceChanged& from) const {
    v1::PresenceChanged& to = *out.mutable_presence_changed();
    to.set_agent(from.agent.ToString());
    to.set_presence(ToProto(from.presence));
    to.set_away(ToProto(from.away));
    to.set_shift_ends_us(MicrosOrZero(from.shift_ends));
  }
  void operator()(const SlaWarned& from) const {
    SetDue(from, *out.mutable_sla_warned());
    out.mutable_sla_warned()->set_permille(from.permille);
  }
  void operator()(const SlaBreached& from) const { SetDue(from, *out.mutable_sla_breached()); }
  void operator()(const SlaMet& from) const { SetDue(from, *out.mutable_sla_met()); }
  void operator()(const WorkShown& from) const {
    v1::WorkShown& to = *out.mutable_work_shown();
    to.set_agent(from.agent.ToString());
    to.set_presence(ToProto(from.presence));
    for (const OpenOffer& open : from.offers) {
      v1::OpenOffer& added = *to.add_offers();
      added.set_offer(open.offer.number);
      added.set_inquiry(IdBytes(open.inquiry));
      added.set_queue(open.queue.ToString());
      added.set_expires_us(MicrosOrZero(open.expires));
    }
    for (const OpenAssignment& open : from.assignments) {
      v1::OpenAssignment& added = *to.add_assignments();
      added.set_inquiry(IdBytes(open.inquiry));
      added.set_queue(open.queue.ToString());
      added.set_answered(open.answered);
      added.set_pending(open.pending);
    }
  }
  void operator()(const PolicyApplied& from) const {
    v1::PolicyApplied& to = *out.mutable_policy_applied();
    to.set_version(from.version);
    to.set_rerouted(from.rerouted);
    if (from.quality != Quality()) wire::ToProto(from.quality, *to.mutable_quality());
  }
  void operator()(const CommandRejected& from) const {
    v1::CommandRejected& to = *out.mutable_command_rejected();
    to.set_command(FieldOfBody(from.command));
    to.set_reason(ToProto(from.reason));
    to.set_inquiry(IdBytes(from.inquiry));
    to.set_agent(from.agent.ToString());
    to.set_offer(from.offer.number);
  }
  void operator()(const CommandRepeated& from) const {
    out.mutable_command_repeated()->set_reason(ToProto(from.reason));
  }
  void operator()(const ClockCapped& from) const {
    out.mutable_clock_capped()->set_asked_us(ToMicros(from.asked));
  }
  void operator()(const Checkpointed& from) const {
    v1::Checkpointed& to = *out.mutable_checkpointed();
    to.set_hash(from.hash);
    to.set_inquiries(from.inquiries);
    to.set_agents(from.agents);
  }

  void operator()(const InquiryReviewed& from) const {
    wire::ToProto(from, *out.mutable_inquiry_reviewed());
  }
  void operator()(const InquiryRated& from) const {
    wire::ToProto(from, *out.mutable_inquiry_rated());
  }

 private:
  template <class Model, class Proto>
  static void SetOffer(const Model& from, Proto& to) {
    to.set_offer(from.offer.number);
    to.set_inquiry(IdBytes(from.inquiry));
    to.set_agent(from.agent.ToString());
  }
  template <class Model, class Proto>
  static void SetDue(const Model& from, Proto& to) {
    to.set_inquiry(IdBytes(from.inquiry));
    to.set_due_us(MicrosOrZero(from.due));
    to.set_target(ToProto(from.target));
  }
};

}  // namespace

void ToProto(const DecisionBody& from, v1::Decision& to) { std::visit(Encoder{to}, from); }

}  // namespace usher::wire
