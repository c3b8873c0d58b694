// What a state is made of: one list of fields a type, for the encoder and the decoder alike, so
// that what is read is what was written.
#pragma once

#include "model/policy_fields.h"
#include "model/state.h"

namespace usher::state_codec {

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
          inquiry.features, inquiry.repeat, inquiry.queue_named, inquiry.priority_named,
          inquiry.unanswered, inquiry.raised);
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
