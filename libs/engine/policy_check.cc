#include "engine/policy_check.h"

#include <algorithm>
#include <vector>

namespace usher::engine {
namespace {

constexpr Duration kOfferWindowLeast = 1ms;

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

bool NeedsAreSound(const std::vector<Need>& needs, const Limits& limits) {
  if (needs.size() > limits.needs_max) return false;
  for (std::size_t i = 0; i < needs.size(); ++i) {
    if (needs[i].level > kMaxLevel) return false;
    if (i > 0 && !(needs[i - 1].skill < needs[i].skill)) return false;
  }
  return true;
}

bool QueueIsSound(const Queue& queue, const std::vector<SlaName>& slas, const Limits& limits) {
  if (!NeedsAreSound(queue.needs, limits)) return false;
  if (!queue.sla.none() && !Has(slas, queue.sla)) return false;
  if (queue.offer_window < Duration(0) || queue.wrap_up < Duration(0)) return false;
  return queue.auto_accept || queue.offer_window >= kOfferWindowLeast;
}

bool MatchesAll(const Route& route) {
  return route.channels.empty() && route.languages.empty() && route.topics.empty() &&
         route.sentiments.empty() && route.tiers.empty();
}

}  // namespace

bool IsSound(const Policy& policy, const Limits& limits) {
  if (policy.channels.size() > limits.channels_max ||
      policy.sla_classes.size() > limits.sla_classes_max ||
      policy.queues.size() > limits.queues_max || policy.routes.size() > limits.routes_max) {
    return false;
  }
  const auto channels = SortedNames<ChannelName>(policy.channels);
  const auto slas = SortedNames<SlaName>(policy.sla_classes);
  const auto queues = SortedNames<QueueName>(policy.queues);
  if (!AreDistinct(channels) || !AreDistinct(slas) || !AreDistinct(queues)) return false;
  for (const Channel& channel : policy.channels) {
    if (channel.units == 0 || channel.units > limits.units_max) return false;
  }
  for (const SlaClass& sla : policy.sla_classes) {
    if (sla.first_response < Duration(0) || sla.warn_permille > 1000) return false;
  }
  for (const Queue& queue : policy.queues) {
    if (!QueueIsSound(queue, slas, limits)) return false;
  }
  for (const Route& route : policy.routes) {
    if (route.priority >= kPriorities || !Has(queues, route.queue)) return false;
  }
  if (policy.decline_cooldown < Duration(0) || policy.late_share_permille > 1000) return false;
  return !policy.routes.empty() && MatchesAll(policy.routes.back());
}

}  // namespace usher::engine
