// ReferenceEngine: Route and ApplyPolicy of libs/engine/README.md.
#include <algorithm>
#include <set>

#include "kit/reference_engine.h"

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
  for (const T& each : list) {
    if (each.name.none()) return false;
    if (Named(list, each.name) != &each) return false;
  }
  return true;
}

template <class T>
bool Matches(const std::vector<T>& list, const T& feature) {
  return list.empty() || std::find(list.begin(), list.end(), feature) != list.end();
}

bool Matches(const Route& route, const Features& features) {
  return Matches(route.channels, features.channel) && Matches(route.languages, features.language) &&
         Matches(route.topics, features.topic) && Matches(route.sentiments, features.sentiment) &&
         Matches(route.tiers, features.tier);
}

bool MatchesAll(const Route& route) {
  return route.channels.empty() && route.languages.empty() && route.topics.empty() &&
         route.sentiments.empty() && route.tiers.empty();
}

bool IsGood(const Queue& queue, const Policy& policy, const Limits& limits) {
  if (queue.needs.size() > limits.needs_max) return false;
  for (std::size_t n = 0; n < queue.needs.size(); ++n) {
    if (queue.needs[n].level > 100) return false;
    if (n > 0 && queue.needs[n - 1].skill >= queue.needs[n].skill) return false;
  }
  if (!queue.sla.none() && Named(policy.sla_classes, queue.sla) == nullptr) return false;
  if (queue.offer_window < Duration(0) || queue.wrap_up < Duration(0)) return false;
  return queue.auto_accept || queue.offer_window >= 1ms;
}

}  // namespace

void ReferenceEngine::RouteBy(const Policy& policy, InquiryState& inquiry) const {
  if (inquiry.queue_named) {
    inquiry.route = RouteName();
    inquiry.priority = inquiry.priority_named.value_or(5);
  } else {
    const auto route = std::find_if(policy.routes.begin(), policy.routes.end(),
                                    [&](const Route& r) { return Matches(r, inquiry.features); });
    inquiry.queue = route->queue;
    inquiry.route = route->name;
    inquiry.priority = inquiry.priority_named.value_or(route->priority);
  }
  const Queue& queue = *Named(policy.queues, inquiry.queue);
  inquiry.needs = queue.needs;
  inquiry.offer_window = queue.offer_window;
  inquiry.auto_accept = queue.auto_accept;
  inquiry.wrap_up = queue.wrap_up;
  inquiry.sla = queue.sla;
  const Channel* channel = Named(policy.channels, inquiry.features.channel);
  if (channel != nullptr) inquiry.units = channel->units;
}

Duration ReferenceEngine::Target(const InquiryState& inquiry) const {
  const SlaClass* sla = Named(desk_.policy.sla_classes, inquiry.sla);
  return sla == nullptr ? Duration(0) : sla->first_response;
}

// Requires that the inquiry has an SLA class.
std::optional<Instant> ReferenceEngine::WarnAt(const InquiryState& inquiry) const {
  const SlaClass& sla = *Named(desk_.policy.sla_classes, inquiry.sla);
  if (sla.warn_permille == 0) return std::nullopt;
  const std::int64_t target = sla.first_response.count();
  const std::int64_t share = sla.warn_permille;
  // target * share / 1000, in parts that do not overflow.
  return Sum(inquiry.placed_at, Duration(target / 1000 * share + target % 1000 * share / 1000));
}

bool ReferenceEngine::TooManyNames(const std::vector<AgentState>& agents,
                                   const Policy& policy) const {
  std::set<SkillName> names;
  for (const AgentState& agent : agents) {
    for (const Need& skill : agent.skills) names.insert(skill.skill);
  }
  for (const Queue& queue : policy.queues) {
    for (const Need& need : queue.needs) names.insert(need.skill);
  }
  return names.size() > limits_.names_max;
}

bool ReferenceEngine::GoodPolicy(const Policy& policy) const {
  if (policy.channels.size() > limits_.channels_max ||
      policy.sla_classes.size() > limits_.sla_classes_max ||
      policy.queues.size() > limits_.queues_max || policy.routes.size() > limits_.routes_max ||
      TooManyNames(desk_.agents, policy)) {
    return false;
  }
  if (!NamesAreGood(policy.channels) || !NamesAreGood(policy.sla_classes) ||
      !NamesAreGood(policy.queues)) {
    return false;
  }
  for (const Channel& channel : policy.channels) {
    if (channel.units == 0 || channel.units > limits_.units_max) return false;
  }
  for (const SlaClass& sla : policy.sla_classes) {
    if (sla.first_response < Duration(0) || sla.warn_permille > 1000) return false;
  }
  for (const Queue& queue : policy.queues) {
    if (!IsGood(queue, policy, limits_)) return false;
  }
  for (const Route& route : policy.routes) {
    if (route.priority > 9 || Named(policy.queues, route.queue) == nullptr) return false;
  }
  if (policy.decline_cooldown < Duration(0) || policy.late_share_permille > 1000) return false;
  return !policy.routes.empty() && MatchesAll(policy.routes.back());
}

void ReferenceEngine::Do(const ApplyPolicy& c) {
  if (!GoodPolicy(c.policy)) return Reject(RejectReason::kBadPolicy);
  desk_.has_policy = true;
  desk_.policy = c.policy;
  for (InquiryState& i : desk_.inquiries) {  // by arrival
    if (!i.offer) continue;
    Emit(Rescinded(i, RescindCause::kPolicyChanged));
    WaitsAgain(i);
  }
  PolicyApplied applied{c.policy.version, 0};
  std::vector<InquiryState*> waiting;
  for (InquiryState& i : desk_.inquiries) {  // by arrival
    if (i.stage != Stage::kWaiting) continue;
    if (Reroute(i)) applied.rerouted += 1;
    waiting.push_back(&i);
  }
  Emit(applied);
  std::sort(waiting.begin(), waiting.end(), [](const InquiryState* a, const InquiryState* b) {
    return Late(*a) != Late(*b) ? Late(*b) : Before(*a, *b);
  });
  for (InquiryState* i : waiting) TryAgents(*i, OfferReason::kPolicyChanged);
}

// True if something that counts differs from before.
bool ReferenceEngine::Reroute(InquiryState& i) {
  const InquiryState before = i;
  if (i.queue_named && Named(desk_.policy.queues, i.queue) == nullptr) i.queue_named = false;
  RouteBy(desk_.policy, i);
  RenewClock(i);
  const bool differs = i.queue != before.queue || i.route != before.route ||
                       i.priority != before.priority || i.needs != before.needs ||
                       i.due != before.due;
  if (differs) Emit(InquiryRerouted{i.inquiry, i.queue, i.route, i.priority, i.sla, i.due});
  return differs;
}

void ReferenceEngine::RenewClock(InquiryState& i) {
  const Duration target = Target(i);
  const Instant due = target > Duration(0) ? Sum(i.placed_at, target) : kNever;
  if (due == i.due) return;
  i.due = due;
  i.warn = Timer();
  i.breach = Timer();
  if (i.clock == ClockState::kMet) return;
  if (target == Duration(0)) {
    i.clock = ClockState::kNone;
  } else if (due <= desk_.now) {
    if (i.clock == ClockState::kBreached) return;
    i.clock = ClockState::kRunning;
    i.breach = NextTimerAt(due);
  } else {
    i.clock = ClockState::kRunning;
    const std::optional<Instant> warn_at = WarnAt(i);
    if (warn_at && *warn_at > desk_.now) i.warn = NextTimerAt(*warn_at);
    i.breach = NextTimerAt(due);
  }
}

}  // namespace usher::kit
