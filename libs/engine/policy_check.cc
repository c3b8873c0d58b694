#include "engine/policy_check.h"

#include <algorithm>
#include <vector>

namespace usher::engine {
namespace {

constexpr Duration kWindowLeast = 1ms;
constexpr std::uint32_t kGatesMost = 32;  // bits of QueueFacts::gates
constexpr std::size_t kWarningsMost = 4;

// The names of `list`, sorted.
template <class NameType, class T>
std::vector<NameType> SortedNames(const std::vector<T>& list) {
  std::vector<NameType> names;
  names.reserve(list.size());
  for (const T& item : list) names.push_back(item.name);
  std::sort(names.begin(), names.end());
  return names;
}

template <class NameType>
bool AreDistinct(const std::vector<NameType>& sorted) {
  if (!sorted.empty() && sorted.front().none()) return false;
  return std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end();
}

template <class NameType>
bool Has(const std::vector<NameType>& sorted, const NameType& name) {
  return std::binary_search(sorted.begin(), sorted.end(), name);
}

struct PolicyNames {
  std::vector<SlaName> slas;
  std::vector<QueueName> queues;
  std::vector<CalendarName> calendars;
};

bool NeedsAreSound(const std::vector<Need>& needs, const Limits& limits) {
  if (needs.size() > limits.needs_max) return false;
  for (std::size_t i = 0; i < needs.size(); ++i) {
    if (needs[i].level > kMaxLevel) return false;
    if (i > 0 && !(needs[i - 1].skill < needs[i].skill)) return false;
  }
  return true;
}

bool IsSound(const Expression& expression, const Limits& limits) {
  return expression.size() <= limits.clauses_max && IsWellFormed(expression);
}

bool IsSound(const Requirement& requirement, const Limits& limits) {
  return NeedsAreSound(requirement.needs, limits) && IsSound(requirement.who, limits);
}

bool AsksSoundly(const Queue& queue, const Limits& limits) {
  if (!IsSound(queue.requirement, limits)) return false;
  if (queue.steps.size() > limits.steps_max || queue.prefer.size() > limits.prefer_max) {
    return false;
  }
  for (const RelaxStep& step : queue.steps) {
    if (step.after < Duration(0) || !IsSound(step.requirement, limits)) return false;
  }
  for (const Expression& prefer : queue.prefer) {
    if (!IsSound(prefer, limits)) return false;
  }
  if (queue.score.size() > limits.score_steps_max || !IsWellFormed(queue.score)) return false;
  if (queue.pick == Pick::kScore && queue.score.empty()) return false;
  return queue.offer_to >= 1 && queue.offer_to <= limits.offers_max && queue.rank <= 9;
}

bool EscalatesSoundly(const Queue& queue, const PolicyNames& names, const Limits& limits) {
  if (queue.escalations.size() > limits.escalations_max) return false;
  Duration age{0};
  for (const Escalation& each : queue.escalations) {
    if (each.age < age || (!each.priority && each.queue.none())) return false;
    age = each.age;
    if (each.priority && *each.priority >= kPriorities) return false;
    if (!each.queue.none() && !Has(names.queues, each.queue)) return false;
  }
  return true;
}

bool LeadsOn(Refuge refuge, const QueueName& to, const PolicyNames& names) {
  return refuge != Refuge::kDivert || Has(names.queues, to);
}

bool IsSound(const Queue& queue, const PolicyNames& names, const Limits& limits) {
  if (!AsksSoundly(queue, limits) || !EscalatesSoundly(queue, names, limits)) return false;
  if (!queue.sla.none() && !Has(names.slas, queue.sla)) return false;
  if (!queue.hours.none() && !Has(names.calendars, queue.hours)) return false;
  for (const Duration length :
       {queue.offer_window, queue.answer_within, queue.wrap_up, queue.expected_work}) {
    if (length < Duration(0)) return false;
  }
  if (!queue.auto_accept && queue.offer_window < kWindowLeast) return false;
  if (queue.answer_within > Duration(0) && queue.answer_within < kWindowLeast) return false;
  if (queue.when_full == Refuge::kHold) return false;
  if (!LeadsOn(queue.when_full, queue.full_queue, names) ||
      !LeadsOn(queue.when_nobody, queue.nobody_queue, names) ||
      !LeadsOn(queue.when_closed, queue.closed_queue, names)) {
    return false;
  }
  if (queue.borrow.size() > std::min(limits.borrow_max, kGatesMost)) return false;
  for (const Borrow& borrow : queue.borrow) {
    if (borrow.service_permille > 1000 || borrow.from == queue.name) return false;
    if (!Has(names.queues, borrow.from)) return false;
  }
  const Forecast& forecast = queue.forecast;
  if (forecast.priority && *forecast.priority >= kPriorities) return false;
  return forecast.queue.none() || Has(names.queues, forecast.queue);
}

bool IsSound(const SlaClass& sla, const PolicyNames& names) {
  for (const Duration target :
       {sla.first_response, sla.next_response, sla.resolution, sla.update}) {
    if (target < Duration(0)) return false;
  }
  if (!sla.hours.none() && !Has(names.calendars, sla.hours)) return false;
  if (sla.warn_permilles.size() > kWarningsMost) return false;
  std::uint16_t last = 0;
  for (const std::uint16_t share : sla.warn_permilles) {
    if (share <= last || share > 1000) return false;
    last = share;
  }
  return true;
}

bool IsSound(const Calendar& calendar, const Limits& limits) {
  if (calendar.open.size() > limits.spans_max) return false;
  for (std::size_t i = 0; i < calendar.open.size(); ++i) {
    if (calendar.open[i].from >= calendar.open[i].to) return false;
    if (i > 0 && calendar.open[i - 1].to > calendar.open[i].from) return false;
  }
  return true;
}

bool MatchesAll(const Route& route) {
  return route.channels.empty() && route.languages.empty() && route.topics.empty() &&
         route.sentiments.empty() && route.tiers.empty() && !route.on_site && !route.repeat &&
         route.order_statuses.empty() && route.value_min == 0;
}

bool IsSound(const Pace& pace) {
  if (pace.window < Duration(0) || pace.start < Duration(0)) return false;
  return pace.start_most <= pace.most && (pace.most == 0 || pace.window > Duration(0));
}

bool IsSound(const Sticky& sticky) {
  return sticky.last_agent >= Duration(0) && sticky.wait >= Duration(0) &&
         sticky.repeat >= Duration(0) && sticky.repeat_raise <= 9;
}

bool IsSound(const FollowUps& follow_ups) {
  return follow_ups.unanswered <= kUnansweredMost && follow_ups.raise < kPriorities &&
         follow_ups.angry_raise < kPriorities;
}

bool IsSound(const Quality& quality) {
  const auto& criteria = quality.criteria;
  if (criteria.size() > kCriteriaMax) return false;
  for (auto each = criteria.begin(); each != criteria.end(); ++each) {
    if (each->none() || std::find(criteria.begin(), each, *each) != each) return false;
  }
  return quality.share_permille <= 1000 && quality.angry_permille <= 1000 &&
         quality.repeats_permille <= 1000 && quality.new_agents_permille <= 1000 &&
         quality.new_agents_first <= kFirstInquiriesMax && quality.keep >= Duration(0);
}

// The numbers and short lists of the policy itself.
bool OrdersSoundly(const Policy& policy) {
  for (auto field = policy.then.begin(); field != policy.then.end(); ++field) {
    if (std::find(policy.then.begin(), field, *field) != field) return false;
  }
  std::vector<OrderStatusName> statuses;
  for (const StatusRaise& raise : policy.status_raises) {
    if (raise.raise > 9) return false;
    statuses.push_back(raise.status);
  }
  std::sort(statuses.begin(), statuses.end());
  if (std::adjacent_find(statuses.begin(), statuses.end()) != statuses.end()) return false;
  for (const Duration length : {policy.decline_cooldown, policy.age_credit, policy.starve_after,
                                policy.urgent, policy.near, policy.reopen}) {
    if (length < Duration(0)) return false;
  }
  return policy.near >= policy.urgent && policy.late_share_permille <= 1000 &&
         IsSound(policy.pace) && IsSound(policy.sticky) && IsSound(policy.follow_ups) &&
         IsSound(policy.quality);
}

bool IsWithin(const Policy& policy, const Limits& limits) {
  return policy.channels.size() <= limits.channels_max &&
         policy.sla_classes.size() <= limits.sla_classes_max &&
         policy.queues.size() <= limits.queues_max && policy.routes.size() <= limits.routes_max &&
         policy.calendars.size() <= limits.calendars_max &&
         policy.status_raises.size() <= limits.status_raises_max;
}

}  // namespace

bool PolicyIsSound(const Policy& policy, const Limits& limits) {
  if (!IsWithin(policy, limits)) return false;
  const auto channels = SortedNames<ChannelName>(policy.channels);
  const PolicyNames names{SortedNames<SlaName>(policy.sla_classes),
                          SortedNames<QueueName>(policy.queues),
                          SortedNames<CalendarName>(policy.calendars)};
  if (!AreDistinct(channels) || !AreDistinct(names.slas) || !AreDistinct(names.queues) ||
      !AreDistinct(names.calendars)) {
    return false;
  }
  const auto is_sound = [&](const auto& list, const auto&... more) {
    return std::all_of(list.begin(), list.end(),
                       [&](const auto& each) { return IsSound(each, more...); });
  };
  for (const Channel& channel : policy.channels) {
    if (channel.units == 0 || channel.units > limits.units_max) return false;
    if (channel.grace && *channel.grace < Duration(0)) return false;
  }
  if (!is_sound(policy.sla_classes, names) || !is_sound(policy.calendars, limits) ||
      !is_sound(policy.queues, names, limits) || !OrdersSoundly(policy)) {
    return false;
  }
  for (const Route& route : policy.routes) {
    if (route.priority >= kPriorities || !Has(names.queues, route.queue)) return false;
    if (!NeedsAreSound(route.needs, limits)) return false;
  }
  return NeedsAreSound(policy.angry_needs, limits) && !policy.routes.empty() &&
         MatchesAll(policy.routes.back());
}

}  // namespace usher::engine
