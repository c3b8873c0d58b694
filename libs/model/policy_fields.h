// What a policy is made of: one list of fields a type, as state_fields.h has them for all else.
#pragma once

#include <concepts>
#include <type_traits>

#include "model/policy.h"

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
void Fields(A& archive, Is<FollowUps> auto& follow_ups) {
  archive(follow_ups.unanswered, follow_ups.raise, follow_ups.angry_raise);
}
template <class A>
void Fields(A& archive, Is<Quality> auto& quality) {
  archive(quality.criteria, quality.share_permille, quality.angry_permille,
          quality.repeats_permille, quality.new_agents_permille, quality.new_agents_first,
          quality.keep);
}
template <class A>
void Fields(A& archive, Is<Policy> auto& policy) {
  archive(policy.version, policy.channels, policy.calendars, policy.sla_classes, policy.queues,
          policy.routes, policy.decline_cooldown, policy.missed_offers_max,
          policy.late_share_permille, policy.order, policy.then, policy.urgent, policy.near,
          policy.crowd, policy.age_credit, policy.starve_after, policy.pace, policy.sticky,
          policy.reopen, policy.status_raises, policy.angry_needs, policy.follow_ups,
          policy.quality);
}

}  // namespace usher::state_codec
