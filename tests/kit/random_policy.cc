#include "kit/random_policy.h"

#include <algorithm>

namespace usher::kit {
namespace {

constexpr const char* kSlas[] = {"quick", "slow"};
constexpr Duration kTargets[] = {0s, 5s, 10s, 30s, 60s, 60s, 5min, 1h, 25h, 7us, Duration::max()};
constexpr Duration kCooldowns[] = {0s, 1s, 5s, 20s, 60s, 60s, 1h, Duration::max()};
constexpr std::uint32_t kMissed[] = {0, 1, 2, 3, 3};
constexpr std::uint16_t kShares[] = {0, 0, 100, 100, 333, 500, 999, 1000};
constexpr Duration kGraces[] = {0s, 1s, 10s, 60s};
constexpr Duration kStarving[] = {0s, 0s, 0s, 2s, 10s, 60s, 1h};
constexpr Duration kMemories[] = {0s, 0s, 5s, 60s, 1h, Duration::max()};
constexpr Duration kWaits[] = {0s, 0s, 1s, 5s, 30s, Duration::max()};

void AddQuality(Dice& dice, Policy& policy) {
  Quality& quality = policy.quality;
  for (const char* criterion : kCriterionNames) {
    if (dice.Chance(60)) quality.criteria.push_back(CriterionName::Of(criterion));
  }
  quality.share_permille = dice.Pick(kShares);
  quality.angry_permille = dice.Pick(kShares);
  quality.repeats_permille = dice.Pick(kShares);
  quality.new_agents_permille = dice.Pick(kShares);
  quality.new_agents_first = static_cast<std::uint32_t>(dice.Below(50));
  quality.keep = dice.Pick(kMemories);
}

Calendar RandomCalendar(Dice& dice, const char* name, Instant now) {
  constexpr Duration kSpans[] = {1us, 1s, 5s, 20s, 60s, 10min};
  Calendar calendar;
  calendar.name = CalendarName::Of(name);
  Instant at = std::max(Instant(), now - dice.Pick(kSpans));
  for (std::uint64_t left = dice.Below(8); left > 0; --left) {
    const Instant to = at + dice.Pick(kSpans);
    calendar.open.push_back({at, to});
    at = to + (dice.Chance(10) ? Duration(0) : dice.Pick(kSpans));
  }
  if (dice.Chance(50)) calendar.open.push_back({at, kNever});
  return calendar;
}

SlaClass RandomSla(Dice& dice, const char* name, const Policy& policy) {
  SlaClass sla;
  sla.name = SlaName::Of(name);
  sla.first_response = dice.Pick(kTargets);
  if (dice.Chance(40)) sla.next_response = dice.Pick(kTargets);
  if (dice.Chance(40)) sla.resolution = dice.Pick(kTargets);
  if (dice.Chance(30)) sla.update = dice.Pick(kTargets);
  sla.warn_permilles.clear();
  constexpr std::uint16_t kWarns[] = {1, 250, 500, 750, 750, 900, 1000};
  for (const std::uint16_t warn : kWarns) {
    const bool rises = sla.warn_permilles.empty() || sla.warn_permilles.back() < warn;
    if (rises && sla.warn_permilles.size() < 4 && dice.Chance(30)) {
      sla.warn_permilles.push_back(warn);
    }
  }
  if (!policy.calendars.empty() && dice.Chance(40)) sla.hours = dice.Pick(policy.calendars).name;
  return sla;
}

Route RandomRoute(Dice& dice, const Policy& policy, const Pools& pools) {
  Route route;
  if (dice.Chance(40)) route.languages.push_back(LanguageName::Of(dice.Chance(50) ? "uk" : "ru"));
  if (dice.Chance(10)) route.languages.push_back(LanguageName());
  if (dice.Chance(40)) route.topics.push_back(TopicName::Of(dice.Chance(50) ? "refund" : "order"));
  if (dice.Chance(20)) route.channels.push_back(ChannelName::Of(dice.Pick(kChannelNames)));
  if (dice.Chance(20)) route.sentiments = {Sentiment::kNegative, Sentiment::kNeutral};
  if (dice.Chance(20)) route.tiers.push_back(TierName::Of("gold"));
  if (dice.Chance(15)) route.on_site = dice.Chance(50);
  if (dice.Chance(15)) route.repeat = dice.Chance(70);
  if (dice.Chance(15)) {
    route.order_statuses.push_back(OrderStatusName::Of(dice.Pick(kStatusNames)));
  }
  if (dice.Chance(15)) route.value_min = static_cast<std::int64_t>(dice.Below(100)) - 20;
  route.queue = dice.Pick(policy.queues).name;
  route.priority = static_cast<std::uint8_t>(dice.Chance(50) ? 5 : dice.Below(10));
  if (dice.Chance(30)) route.needs = RandomRequirement(dice, pools).needs;
  return route;
}

void AddStickiness(Dice& dice, Policy& policy) {
  Sticky& sticky = policy.sticky;
  sticky.last_agent = dice.Pick(kMemories);
  sticky.linked = dice.Chance(40);
  sticky.wait = dice.Pick(kWaits);
  sticky.repeat = dice.Pick(kMemories);
  sticky.repeat_raise = static_cast<std::uint8_t>(dice.Below(4));
  policy.reopen = dice.Pick(kMemories);
}

void AddOrder(Dice& dice, Policy& policy) {
  policy.order = dice.Chance(50) ? Order::kDefault : static_cast<Order>(dice.Below(7));
  for (std::uint64_t left = dice.Chance(40) ? 1 + dice.Below(3) : 0; left > 0; --left) {
    const auto field = static_cast<SortField>(dice.Below(3));
    if (std::find(policy.then.begin(), policy.then.end(), field) == policy.then.end()) {
      policy.then.push_back(field);
    }
  }
  constexpr Duration kSlacks[] = {0s, 1s, 5s, 20s, 60s, 600s, Duration::max()};
  policy.urgent = dice.Pick(kSlacks);
  policy.near = std::max(policy.urgent, dice.Pick(kSlacks));
  policy.crowd = static_cast<std::uint32_t>(dice.Below(5));
  constexpr Duration kCredits[] = {0s, 1us, 1s, 10s, 60s, Duration::max()};
  policy.age_credit = dice.Pick(kCredits);
  policy.starve_after = dice.Pick(kStarving);
}

void AddPace(Dice& dice, Policy& policy) {
  constexpr Duration kWindows[] = {1s, 5s, 20s, 5min, Duration::max()};
  constexpr Duration kStarts[] = {0s, 5s, 60s, Duration::max()};
  policy.pace.most = static_cast<std::uint32_t>(1 + dice.Below(3));
  policy.pace.window = dice.Pick(kWindows);
  policy.pace.start_most = static_cast<std::uint32_t>(dice.Below(policy.pace.most + 1));
  policy.pace.start = dice.Pick(kStarts);
}

}  // namespace

Policy RandomPolicy(Dice& dice, const Pools& pools, Instant now) {
  Policy policy;
  policy.version = "v" + std::to_string(dice.Below(1000));
  for (const char* name : kChannelNames) {
    if (!policy.channels.empty() && dice.Chance(10)) continue;
    Channel channel;
    channel.name = ChannelName::Of(name);
    channel.units = static_cast<std::uint32_t>(dice.Chance(60) ? 1 : 1 + dice.Below(4));
    if (dice.Chance(40)) channel.grace = dice.Pick(kGraces);
    channel.pending_holds = dice.Chance(40);
    policy.channels.push_back(channel);
  }
  for (const char* name : {"office", "shop"}) {
    if (dice.Chance(50)) policy.calendars.push_back(RandomCalendar(dice, name, now));
  }
  for (const char* sla : kSlas) {
    if (dice.Chance(70)) policy.sla_classes.push_back(RandomSla(dice, sla, policy));
  }
  for (std::uint64_t queue = 0; queue < pools.queues; ++queue) {
    if (dice.Chance(60)) policy.queues.push_back(RandomQueue(dice, queue, policy, pools));
  }
  if (policy.queues.empty()) policy.queues.push_back(RandomQueue(dice, 0, policy, pools));
  LinkQueues(dice, policy);
  for (std::uint64_t routes = dice.Below(pools.queues); routes > 0; --routes) {
    policy.routes.push_back(RandomRoute(dice, policy, pools));
    policy.routes.back().name = RouteName::Of("r" + std::to_string(routes));
  }
  Route otherwise;
  otherwise.name = RouteName::Of("otherwise");
  otherwise.queue = dice.Pick(policy.queues).name;
  policy.routes.push_back(otherwise);
  policy.decline_cooldown = dice.Pick(kCooldowns);
  policy.missed_offers_max = dice.Pick(kMissed);
  policy.late_share_permille = dice.Pick(kShares);
  AddOrder(dice, policy);
  if (dice.Chance(30)) AddPace(dice, policy);
  if (dice.Chance(60)) AddStickiness(dice, policy);
  if (dice.Chance(30)) policy.angry_needs = RandomRequirement(dice, pools).needs;
  if (dice.Chance(50)) {
    policy.follow_ups.unanswered = static_cast<std::uint8_t>(dice.Below(4));
    policy.follow_ups.raise = static_cast<std::uint8_t>(dice.Below(4));
    policy.follow_ups.angry_raise = static_cast<std::uint8_t>(dice.Below(3));
  }
  if (dice.Chance(30)) AddQuality(dice, policy);
  for (const char* status : kStatusNames) {
    if (dice.Chance(30)) {
      policy.status_raises.push_back(
          {OrderStatusName::Of(status), static_cast<std::uint8_t>(dice.Below(6))});
    }
  }
  if (dice.Chance(5)) SpoilPolicy(dice, policy);
  return policy;
}

}  // namespace usher::kit
