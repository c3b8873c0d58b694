// ReferenceDesk: Route, Reroute and Move of libs/engine/README.md.
#include <algorithm>

#include "kit/reference_desk.h"

namespace usher::kit {
namespace {

template <class T>
bool Matches(const std::vector<T>& list, const T& feature) {
  return list.empty() || std::find(list.begin(), list.end(), feature) != list.end();
}

bool Matches(const Route& route, const InquiryState& i) {
  const Features& features = i.features;
  return Matches(route.channels, features.channel) && Matches(route.languages, features.language) &&
         Matches(route.topics, features.topic) && Matches(route.sentiments, features.sentiment) &&
         Matches(route.tiers, features.tier) &&
         Matches(route.order_statuses, features.order_status) &&
         (!route.on_site || *route.on_site == features.on_site) &&
         (!route.repeat || *route.repeat == i.repeat) &&
         (route.value_min == 0 || features.value >= route.value_min);
}

}  // namespace

// --- Routing
// --------------------------------------------------------------------------------------

void ReferenceDesk::RouteBy(InquiryState& i) const {
  if (i.queue_named) {
    i.route = RouteName();
    i.more_needs.clear();
    i.priority = 5;
  } else {
    const auto route = std::find_if(desk_.policy.routes.begin(), desk_.policy.routes.end(),
                                    [&](const Route& r) { return Matches(r, i); });
    i.queue = route->queue;
    i.route = route->name;
    i.more_needs = route->needs;
    i.priority = route->priority;
  }
  int priority = i.raised;
  if (i.priority_named) {
    priority += *i.priority_named;
  } else {
    priority += i.priority;
    if (i.repeat) priority += desk_.policy.sticky.repeat_raise;
    for (const StatusRaise& raise : desk_.policy.status_raises) {
      if (raise.status == i.features.order_status) priority += raise.raise;
    }
  }
  i.priority = static_cast<std::uint8_t>(std::min(9, priority));
}

// Its queue and its route are those of the policy in force, too.
bool ReferenceDesk::CanStay(const InquiryState& i) const {
  if (Named(i.queue) == nullptr) return false;
  if (i.queue_named && i.route.none() && i.more_needs.empty()) return true;
  return std::any_of(desk_.policy.routes.begin(), desk_.policy.routes.end(),
                     [&](const Route& r) { return r.name == i.route && r.needs == i.more_needs; });
}

// `before` is the inquiry as it was before the command; `policy_before` is null unless the policy
// is new. True if something that counts differs.
bool ReferenceDesk::Reroute(InquiryState& i, const InquiryState& before,
                            const Policy* policy_before, bool keep) {
  const bool new_policy = policy_before != nullptr;
  const SlaName sla_before =
      new_policy ? SlaName() : Named(before.queue)->sla;  // else it does not count
  if (i.queue_named && Named(i.queue) == nullptr) i.queue_named = false;
  if (!keep || !CanStay(i)) RouteBy(i);
  const bool moved = i.queue != before.queue;
  if (moved) {
    i.step = 0;
    i.escalated = PassedEscalations(i);
  }
  const std::vector<RelaxStep>& steps = QueueOf(i).steps;
  if (i.step > steps.size()) i.step = static_cast<std::uint32_t>(steps.size());
  const Instant due_before = Due(before);
  if (new_policy) {
    RenewClocks(i, *policy_before);
  } else if (QueueOf(i).sla != sla_before) {
    RenewClocks(i, desk_.policy);
  }

  const bool turned = (i.features.sentiment == Sentiment::kNegative) !=
                      (before.features.sentiment == Sentiment::kNegative);
  const bool other_needs = i.more_needs != before.more_needs || moved || i.step != before.step ||
                           (turned && !desk_.policy.angry_needs.empty());
  if (i.stage == Stage::kOffered && (other_needs || new_policy)) {
    RescindOffers(i, new_policy ? RescindCause::kPolicyChanged : RescindCause::kInquiryUpdated,
                  !new_policy);
    WaitsAgain(i);
  }
  if (moved || new_policy) {
    if (i.stage == Stage::kWaiting) {
      StartStep(i);
      StartEscalation(i);
      StartStarving(i);
    } else {
      i.relax = Timer();
      i.relax_left = i.step < steps.size() ? steps[i.step].after : Duration(0);
    }
  }
  const bool differs = i.queue != before.queue || i.route != before.route ||
                       i.priority != before.priority || Due(i) != due_before;
  if (differs) TellRerouted(i);
  if (i.stage == Stage::kWaiting) TakeUnits(i);
  return differs;
}

void ReferenceDesk::TellRerouted(const InquiryState& i) {
  Emit(InquiryRerouted{i.inquiry, i.queue, i.route, i.priority, QueueOf(i).sla, Due(i)});
}

void ReferenceDesk::Move(InquiryState& i, const QueueName& queue) {
  const SlaName sla_before = QueueOf(i).sla;
  i.queue_named = true;
  NamePriority(i, i.priority);
  i.route = RouteName();
  i.more_needs.clear();
  i.queue = queue;
  i.step = 0;
  i.escalated = PassedEscalations(i);
  if (i.stage == Stage::kOffered) {
    RescindOffers(i, RescindCause::kInquiryUpdated, true);
    WaitsAgain(i);
  }
  if (QueueOf(i).sla != sla_before) RenewClocks(i, desk_.policy);
  StartStep(i);
  TakeUnits(i);
  StartEscalation(i);
}

}  // namespace usher::kit
