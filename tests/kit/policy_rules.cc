#include "kit/policy_rules.h"

#include <algorithm>
#include <cstddef>
#include <set>

namespace usher::kit {
namespace {

template <class T, class Name>
const T* Named(const std::vector<T>& list, const Name& name) {
  for (const T& each : list) {
    if (each.name == name) return &each;
  }
  return nullptr;
}

// No empty name and none twice.
template <class T>
bool NamesAreGood(const std::vector<T>& list) {
  return std::all_of(list.begin(), list.end(), [&](const T& each) {
    return !each.name.none() && Named(list, each.name) == &each;
  });
}

bool AreGood(const std::vector<Need>& needs, const Limits& limits) {
  if (needs.size() > limits.needs_max) return false;
  for (std::size_t n = 0; n < needs.size(); ++n) {
    if (needs[n].level > 100) return false;
    if (n > 0 && needs[n - 1].skill >= needs[n].skill) return false;
  }
  return true;
}

bool IsGood(const Expression& expression, const Limits& limits) {
  return expression.size() <= limits.clauses_max && IsWellFormed(expression);
}

bool IsGood(const Requirement& requirement, const Limits& limits) {
  return AreGood(requirement.needs, limits) && IsGood(requirement.who, limits);
}

bool AreGood(const std::vector<Escalation>& escalations, const Policy& policy,
             const Limits& limits) {
  if (escalations.size() > limits.escalations_max) return false;
  Duration age{0};  // none is below it
  for (const Escalation& each : escalations) {
    if (each.age < age) return false;
    age = each.age;
    if (!each.priority && each.queue.none()) return false;
    if (each.priority && *each.priority > 9) return false;
    if (!each.queue.none() && Named(policy.queues, each.queue) == nullptr) return false;
  }
  return true;
}

bool AsksWell(const Queue& queue, const Limits& limits) {
  if (!IsGood(queue.requirement, limits)) return false;
  if (queue.steps.size() > limits.steps_max || queue.prefer.size() > limits.prefer_max) {
    return false;
  }
  for (const RelaxStep& step : queue.steps) {
    if (step.after < Duration(0) || !IsGood(step.requirement, limits)) return false;
  }
  for (const Expression& group : queue.prefer) {
    if (!IsGood(group, limits)) return false;
  }
  if (queue.score.size() > limits.score_steps_max || !IsWellFormed(queue.score)) return false;
  if (queue.pick == Pick::kScore && queue.score.empty()) return false;
  return queue.offer_to >= 1 && queue.offer_to <= limits.offers_max && queue.rank <= 9;
}

bool IsGood(const Forecast& forecast, const Policy& policy) {
  if (forecast.priority && *forecast.priority > 9) return false;
  return forecast.queue.none() || Named(policy.queues, forecast.queue) != nullptr;
}

bool DivertsWell(const Queue& queue, const Policy& policy) {
  if (queue.when_full == Refuge::kHold) return false;
  const auto leads_on = [&](Refuge refuge, const QueueName& to) {
    return refuge != Refuge::kDivert || Named(policy.queues, to) != nullptr;
  };
  return leads_on(queue.when_full, queue.full_queue) &&
         leads_on(queue.when_nobody, queue.nobody_queue) &&
         leads_on(queue.when_closed, queue.closed_queue);
}

bool BorrowsWell(const Queue& queue, const Policy& policy, const Limits& limits) {
  if (queue.borrow.size() > limits.borrow_max) return false;
  return std::all_of(queue.borrow.begin(), queue.borrow.end(), [&](const Borrow& borrow) {
    return borrow.service_permille <= 1000 && borrow.from != queue.name &&
           Named(policy.queues, borrow.from) != nullptr;
  });
}

bool IsGood(const Queue& queue, const Policy& policy, const Limits& limits) {
  if (!AsksWell(queue, limits)) return false;
  if (!queue.sla.none() && Named(policy.sla_classes, queue.sla) == nullptr) return false;
  if (queue.offer_window < Duration(0) || queue.answer_within < Duration(0) ||
      queue.wrap_up < Duration(0) || queue.expected_work < Duration(0)) {
    return false;
  }
  if (!queue.auto_accept && queue.offer_window < 1ms) return false;
  if (queue.answer_within > Duration(0) && queue.answer_within < 1ms) return false;
  if (!queue.hours.none() && Named(policy.calendars, queue.hours) == nullptr) return false;
  return IsGood(queue.forecast, policy) && DivertsWell(queue, policy) &&
         BorrowsWell(queue, policy, limits) && AreGood(queue.escalations, policy, limits);
}

bool IsGood(const Calendar& calendar, const Limits& limits) {
  if (calendar.open.size() > limits.spans_max) return false;
  for (std::size_t n = 0; n < calendar.open.size(); ++n) {
    if (calendar.open[n].from >= calendar.open[n].to) return false;
    if (n > 0 && calendar.open[n - 1].to > calendar.open[n].from) return false;
  }
  return true;
}

bool IsGood(const SlaClass& sla, const Policy& policy) {
  if (sla.first_response < Duration(0) || sla.next_response < Duration(0) ||
      sla.resolution < Duration(0) || sla.update < Duration(0)) {
    return false;
  }
  if (!sla.hours.none() && Named(policy.calendars, sla.hours) == nullptr) return false;
  if (sla.warn_permilles.size() > 4) return false;
  std::uint16_t last = 0;
  for (const std::uint16_t share : sla.warn_permilles) {
    if (share <= last || share > 1000) return false;
    last = share;
  }
  return true;
}

bool IsGood(const Route& route, const Policy& policy, const Limits& limits) {
  return route.priority <= 9 && Named(policy.queues, route.queue) != nullptr &&
         AreGood(route.needs, limits);
}

bool MatchesAll(const Route& route) {
  return route.channels.empty() && route.languages.empty() && route.topics.empty() &&
         route.sentiments.empty() && route.tiers.empty() && !route.on_site && !route.repeat &&
         route.order_statuses.empty() && route.value_min == 0;
}

bool IsGood(const Pace& pace) {
  if (pace.window < Duration(0) || pace.start < Duration(0)) return false;
  return pace.start_most <= pace.most && (pace.most == 0 || pace.window > Duration(0));
}

bool IsGood(const Sticky& sticky) {
  return sticky.last_agent >= Duration(0) && sticky.wait >= Duration(0) &&
         sticky.repeat >= Duration(0) && sticky.repeat_raise <= 9;
}

bool IsGood(const FollowUps& follow_ups) {
  return follow_ups.unanswered <= 15 && follow_ups.raise <= 9 && follow_ups.angry_raise <= 9;
}

bool IsGood(const Quality& quality) {
  const std::set<CriterionName> names(quality.criteria.begin(), quality.criteria.end());
  if (names.size() != quality.criteria.size() || names.size() > 16) return false;
  if (quality.new_agents_first > 1000) return false;
  if (names.count(CriterionName()) > 0 || quality.keep < Duration(0)) return false;
  for (const std::uint16_t share : {quality.share_permille, quality.angry_permille,
                                    quality.repeats_permille, quality.new_agents_permille}) {
    if (share > 1000) return false;
  }
  return true;
}

bool OrdersWell(const Policy& policy) {
  for (auto field = policy.then.begin(); field != policy.then.end(); ++field) {
    if (std::find(policy.then.begin(), field, *field) != field) return false;
  }
  for (auto raise = policy.status_raises.begin(); raise != policy.status_raises.end(); ++raise) {
    if (raise->raise > 9) return false;
    if (std::any_of(policy.status_raises.begin(), raise,
                    [&](const StatusRaise& other) { return other.status == raise->status; })) {
      return false;
    }
  }
  return true;
}

void AddNames(const Expression& expression, std::set<SkillName>& names) {
  for (const Clause& clause : expression) {
    if (clause.op == ClauseOp::kSkill) names.insert(clause.skill.skill);
  }
}

void AddNames(const Requirement& requirement, std::set<SkillName>& names) {
  for (const Need& need : requirement.needs) names.insert(need.skill);
  AddNames(requirement.who, names);
}

}  // namespace

bool TooManyNames(const std::vector<AgentState>& agents, const Policy& policy,
                  const Limits& limits) {
  std::set<SkillName> names;
  for (const AgentState& agent : agents) {
    for (const Need& skill : agent.profile.skills) names.insert(skill.skill);
  }
  for (const Queue& queue : policy.queues) {
    AddNames(queue.requirement, names);
    for (const RelaxStep& step : queue.steps) AddNames(step.requirement, names);
    for (const Expression& group : queue.prefer) AddNames(group, names);
    for (const ScoreStep& step : queue.score) {
      if (step.op == ScoreOp::kLevel) names.insert(step.skill);
    }
  }
  for (const Route& route : policy.routes) {
    for (const Need& need : route.needs) names.insert(need.skill);
  }
  for (const Need& need : policy.angry_needs) names.insert(need.skill);
  return names.size() > limits.names_max;
}

bool IsGoodPolicy(const Policy& policy, const Limits& limits) {
  if (policy.channels.size() > limits.channels_max ||
      policy.sla_classes.size() > limits.sla_classes_max ||
      policy.queues.size() > limits.queues_max || policy.routes.size() > limits.routes_max ||
      policy.calendars.size() > limits.calendars_max ||
      policy.status_raises.size() > limits.status_raises_max) {
    return false;
  }
  if (!NamesAreGood(policy.channels) || !NamesAreGood(policy.sla_classes) ||
      !NamesAreGood(policy.queues) || !NamesAreGood(policy.calendars)) {
    return false;
  }
  for (const Channel& channel : policy.channels) {
    if (channel.units == 0 || channel.units > limits.units_max) return false;
    if (channel.grace && *channel.grace < Duration(0)) return false;
  }
  for (const SlaClass& sla : policy.sla_classes) {
    if (!IsGood(sla, policy)) return false;
  }
  for (const Calendar& calendar : policy.calendars) {
    if (!IsGood(calendar, limits)) return false;
  }
  for (const Queue& queue : policy.queues) {
    if (!IsGood(queue, policy, limits)) return false;
  }
  for (const Route& route : policy.routes) {
    if (!IsGood(route, policy, limits)) return false;
  }
  if (policy.decline_cooldown < Duration(0) || policy.age_credit < Duration(0) ||
      policy.starve_after < Duration(0) || policy.urgent < Duration(0) ||
      policy.near < policy.urgent || policy.reopen < Duration(0) ||
      policy.late_share_permille > 1000) {
    return false;
  }
  if (!OrdersWell(policy) || !IsGood(policy.pace) || !IsGood(policy.sticky) ||
      !IsGood(policy.follow_ups) || !IsGood(policy.quality)) {
    return false;
  }
  return AreGood(policy.angry_needs, limits) && !policy.routes.empty() &&
         MatchesAll(policy.routes.back());
}

}  // namespace usher::kit
