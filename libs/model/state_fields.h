// What a state is made of: one list of fields a type, for the encoder and the decoder alike, so
// that what is read is what was written.
#pragma once

#include <concepts>
#include <type_traits>

#include "model/state.h"

namespace usher::state_codec {

template <class T, class Type>
concept Is = std::same_as<std::remove_const_t<T>, Type>;

template <class A>
void Fields(A& archive, Is<Need> auto& need) {
  archive(need.skill, need.level);
}
template <class A>
void Fields(A& archive, Is<Attribute> auto& attribute) {
  archive(attribute.name, attribute.value);
}
template <class A>
void Fields(A& archive, Is<Profile> auto& profile) {
  archive(profile.skills, profile.attributes);
}
template <class A>
void Fields(A& archive, Is<Clause> auto& clause) {
  archive(clause.op, clause.count, clause.skill, clause.attribute);
}
template <class A>
void Fields(A& archive, Is<ScoreStep> auto& step) {
  archive(step.op, step.number, step.skill, step.attribute);
}
template <class A>
void Fields(A& archive, Is<Requirement> auto& requirement) {
  archive(requirement.needs, requirement.who);
}
template <class A>
void Fields(A& archive, Is<RelaxStep> auto& step) {
  archive(step.after, step.requirement);
}
template <class A>
void Fields(A& archive, Is<Escalation> auto& escalation) {
  archive(escalation.age, escalation.priority, escalation.queue);
}
template <class A>
void Fields(A& archive, Is<Channel> auto& channel) {
  archive(channel.name, channel.units, channel.grace, channel.pending_holds);
}
template <class A>
void Fields(A& archive, Is<SlaClass> auto& sla) {
  archive(sla.name, sla.first_response, sla.next_response, sla.resolution, sla.update,
          sla.warn_permilles, sla.hours);
}
template <class A>
void Fields(A& archive, Is<OpenSpan> auto& span) {
  archive(span.from, span.to);
}
template <class A>
void Fields(A& archive, Is<Calendar> auto& calendar) {
  archive(calendar.name, calendar.open);
}
template <class A>
void Fields(A& archive, Is<StatusRaise> auto& raise) {
  archive(raise.status, raise.raise);
}
template <class A>
void Fields(A& archive, Is<Borrow> auto& borrow) {
  archive(borrow.from, borrow.service_permille);
}
template <class A>
void Fields(A& archive, Is<Forecast> auto& forecast) {
  archive(forecast.relax, forecast.priority, forecast.queue);
}
template <class A>
void Fields(A& archive, Is<Queue> auto& queue) {
  archive(queue.name, queue.requirement, queue.steps, queue.prefer, queue.pick, queue.score,
          queue.offer_to, queue.rank, queue.interrupts, queue.interruptible);
  archive(queue.sla, queue.auto_accept, queue.offer_window, queue.answer_within, queue.wrap_up,
          queue.max_waiting, queue.when_full, queue.full_queue, queue.when_nobody,
          queue.nobody_queue, queue.hours, queue.when_closed, queue.closed_queue,
          queue.expected_work, queue.wake, queue.borrow, queue.forecast, queue.escalations);
}
template <class A>
void Fields(A& archive, Is<Route> auto& route) {
  archive(route.name, route.channels, route.languages, route.topics, route.sentiments, route.tiers,
          route.on_site, route.repeat, route.order_statuses, route.value_min, route.queue,
          route.priority, route.needs);
}
template <class A>
void Fields(A& archive, Is<Pace> auto& pace) {
  archive(pace.most, pace.window, pace.start_most, pace.start);
}
template <class A>
void Fields(A& archive, Is<Sticky> auto& sticky) {
  archive(sticky.last_agent, sticky.linked, sticky.wait, sticky.repeat, sticky.repeat_raise);
}
template <class A>
void Fields(A& archive, Is<Policy> auto& policy) {
  archive(policy.version, policy.channels, policy.calendars, policy.sla_classes, policy.queues,
          policy.routes, policy.decline_cooldown, policy.missed_offers_max,
          policy.late_share_permille, policy.order, policy.then, policy.urgent, policy.near,
          policy.crowd, policy.age_credit, policy.starve_after, policy.pace, policy.sticky,
          policy.reopen, policy.status_raises, policy.angry_needs);
}
template <class A>
void Fields(A& archive, Is<Features> auto& features) {
  archive(features.channel, features.language, features.topic, features.sentiment, features.tier,
          features.order, features.order_status, features.on_site, features.value);
}
template <class A>
void Fields(A& archive, Is<ChannelLimit> auto& limit) {
  archive(limit.channel, limit.most);
}
template <class A>
void Fields(A& archive, Is<Timer> auto& timer) {
  archive(timer.at, timer.order);
}
template <class A>
void Fields(A& archive, Is<OfferState> auto& offer) {
  archive(offer.offer, offer.agent, offer.made_at, offer.expiry);
}
template <class A>
void Fields(A& archive, Is<Exclusion> auto& exclusion) {
  archive(exclusion.agent, exclusion.end, exclusion.cooling);
}
template <class A>
void Fields(A& archive, Is<Clock> auto& clock) {
  archive(clock.target, clock.state, clock.length, clock.hours, clock.since, clock.used, clock.due,
          clock.warned, clock.warn, clock.breach);
}
template <class A>
void Fields(A& archive, Is<InquiryState> auto& inquiry) {
  archive(inquiry.arrival, inquiry.inquiry, inquiry.conversation, inquiry.customer, inquiry.message,
          inquiry.features, inquiry.repeat, inquiry.queue_named, inquiry.priority_named);
  archive(inquiry.queue, inquiry.route, inquiry.more_needs, inquiry.priority, inquiry.units,
          inquiry.interruptible, inquiry.size);
  archive(inquiry.placed_at, inquiry.clocks, inquiry.forecast);
  archive(inquiry.stage, inquiry.answered, inquiry.offers, inquiry.agent, inquiry.assigned_at,
          inquiry.answer, inquiry.gone, inquiry.exclusions, inquiry.start, inquiry.wake,
          inquiry.holds, inquiry.reopens);
  archive(inquiry.step, inquiry.relax, inquiry.relax_left, inquiry.escalated, inquiry.escalate,
          inquiry.starving, inquiry.starve, inquiry.preferred, inquiry.reserved,
          inquiry.prefer_for);
}
template <class A>
void Fields(A& archive, Is<WrapUp> auto& wrap_up) {
  archive(wrap_up.inquiry, wrap_up.channel, wrap_up.units, wrap_up.end);
}
template <class A>
void Fields(A& archive, Is<AgentState> auto& agent) {
  archive(agent.agent, agent.profile, agent.may_take, agent.supervisor, agent.bot, agent.units,
          agent.limits, agent.presence, agent.away, agent.shift_ends, agent.idle, agent.idle_since,
          agent.paced, agent.pace_most, agent.pace, agent.slow_until, agent.missed, agent.wrap_ups);
}
template <class A>
void Fields(A& archive, Is<Memory> auto& memory) {
  archive(memory.customer, memory.topic, memory.agent, memory.at);
}
template <class A>
void Fields(A& archive, Is<QueueFacts> auto& facts) {
  archive(facts.queue, facts.turn, facts.service_ppm, facts.gates);
}
template <class A>
void Fields(A& archive, Is<Resolved> auto& resolved) {
  archive(resolved.conversation, resolved.inquiry, resolved.agent, resolved.at);
}
template <class A>
void Fields(A& archive, Is<Handling> auto& handling) {
  archive(handling.queue, handling.topic, handling.mean, handling.finished);
}
template <class A>
void Fields(A& archive, Is<CalendarEdge> auto& edge) {
  archive(edge.calendar, edge.at);
}
template <class A>
void Fields(A& archive, Is<SourceState> auto& source) {
  archive(source.topic, source.partition, source.highest, source.seen);
}
template <class A>
void Fields(A& archive, Is<RequestState> auto& request) {
  archive(request.request, request.digest);
}
// All but the rows: the agents and the inquiries.
template <class A>
void RestOf(A& archive, Is<DeskState> auto& desk) {
  archive(desk.now, desk.commands, desk.last_arrival, desk.last_offer, desk.last_idle,
          desk.last_timer, desk.late_credit, desk.has_policy, desk.policy);
  archive(desk.queues, desk.memories, desk.resolved, desk.handlings, desk.edges, desk.sources,
          desk.requests);
}
template <class A>
void Fields(A& archive, Is<DeskState> auto& desk) {
  RestOf(archive, desk);
  archive(desk.agents, desk.inquiries);
}

}  // namespace usher::state_codec
