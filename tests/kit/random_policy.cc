#include <algorithm>

#include "kit/random_history.h"

namespace usher::kit {
namespace {

constexpr const char* kChannels[] = {"chat", "voice", "email"};
constexpr const char* kSlas[] = {"quick", "slow"};
constexpr std::uint8_t kLevels[] = {0, 10, 10, 50, 90, 100};
constexpr Duration kTargets[] = {0s, 5s, 10s, 30s, 60s, 60s, 5min, 1h, 25h, 7us, Duration::max()};
constexpr std::uint16_t kWarns[] = {0, 1, 500, 750, 750, 1000};
constexpr Duration kWindows[] = {1ms, 1s, 2s, 5s, 5s, 10s, 20s, 1h, Duration::max()};
constexpr Duration kWrapUps[] = {0s, 0s, 0s, 1s, 5s, 30s};
constexpr std::uint32_t kMaxWaiting[] = {0, 0, 0, 0, 1, 2, 5};
constexpr Duration kCooldowns[] = {0s, 1s, 5s, 20s, 60s, 60s, 1h};
constexpr std::uint32_t kMissed[] = {0, 1, 2, 3, 3};
constexpr std::uint16_t kShares[] = {0, 100, 100, 333, 500, 999, 1000};

Queue RandomQueue(Dice& dice, std::uint64_t number, const Policy& policy, const Pools& pools) {
  Queue queue;
  queue.name = QueueName::Of("q" + std::to_string(number));
  for (std::uint64_t needs = dice.Below(4); needs > 1; --needs) {
    const SkillName skill = SkillName::Of("s" + std::to_string(dice.Below(pools.skills)));
    const auto same = [&](const Need& need) { return need.skill == skill; };
    if (std::any_of(queue.needs.begin(), queue.needs.end(), same)) continue;
    queue.needs.push_back({skill, dice.Pick(kLevels)});
  }
  std::sort(queue.needs.begin(), queue.needs.end());
  if (!policy.sla_classes.empty() && dice.Chance(70)) {
    queue.sla = dice.Pick(policy.sla_classes).name;
  }
  queue.auto_accept = dice.Chance(25);
  queue.offer_window = dice.Pick(kWindows);
  queue.wrap_up = dice.Pick(kWrapUps);
  queue.max_waiting = dice.Pick(kMaxWaiting);
  return queue;
}

Route RandomRoute(Dice& dice, const Policy& policy) {
  Route route;
  if (dice.Chance(40)) route.languages.push_back(LanguageName::Of(dice.Chance(50) ? "uk" : "ru"));
  if (dice.Chance(10)) route.languages.push_back(LanguageName());
  if (dice.Chance(40)) route.topics.push_back(TopicName::Of(dice.Chance(50) ? "refund" : "order"));
  if (dice.Chance(20)) route.channels.push_back(ChannelName::Of(dice.Pick(kChannels)));
  if (dice.Chance(20)) route.sentiments = {Sentiment::kNegative, Sentiment::kNeutral};
  if (dice.Chance(20)) route.tiers.push_back(TierName::Of("gold"));
  route.queue = dice.Pick(policy.queues).name;
  route.priority = static_cast<std::uint8_t>(dice.Chance(50) ? 5 : dice.Below(10));
  return route;
}

// One rule broken, so that the whole must be refused.
void Spoil(Dice& dice, Policy& policy) {
  Queue& queue = policy.queues[dice.Below(policy.queues.size())];
  switch (dice.Below(14)) {
    case 0:
      policy.channels.push_back(policy.channels[0]);
      break;
    case 1:
      policy.channels[0].units = 0;
      break;
    case 2:
      policy.channels[0].name = ChannelName();
      break;
    case 3:
      policy.queues.push_back(queue);
      break;
    case 4:
      queue.name = QueueName();
      break;
    case 5:
      queue.sla = SlaName::Of("nothing");
      break;
    case 6:
      queue.auto_accept = false, queue.offer_window = 999us;
      break;
    case 7:
      queue.needs = {{SkillName::Of("s1"), 1}, {SkillName::Of("s0"), 1}};
      break;
    case 8:
      queue.needs = {{SkillName::Of("s1"), 101}};
      break;
    case 9:
      queue.wrap_up = -1s;
      break;
    case 10:
      policy.routes[dice.Below(policy.routes.size())].priority = 10;
      break;
    case 11:
      policy.routes.back().tiers.push_back(TierName());
      break;
    case 12:
      policy.routes.clear();
      break;
    default:
      policy.late_share_permille = 1001;
      break;
  }
}

}  // namespace

Policy RandomPolicy(Dice& dice, const Pools& pools) {
  Policy policy;
  policy.version = "v" + std::to_string(dice.Below(1000));
  for (const char* channel : kChannels) {
    if (policy.channels.empty() || dice.Chance(90)) {
      const std::uint64_t units = dice.Chance(60) ? 1 : 1 + dice.Below(4);
      policy.channels.push_back({ChannelName::Of(channel), static_cast<std::uint32_t>(units)});
    }
  }
  for (const char* sla : kSlas) {
    if (dice.Chance(70)) {
      policy.sla_classes.push_back({SlaName::Of(sla), dice.Pick(kTargets), dice.Pick(kWarns)});
    }
  }
  for (std::uint64_t queue = 0; queue < pools.queues; ++queue) {
    if (dice.Chance(60)) policy.queues.push_back(RandomQueue(dice, queue, policy, pools));
  }
  if (policy.queues.empty()) policy.queues.push_back(RandomQueue(dice, 0, policy, pools));
  for (std::uint64_t routes = dice.Below(pools.queues); routes > 0; --routes) {
    policy.routes.push_back(RandomRoute(dice, policy));
    policy.routes.back().name = RouteName::Of("r" + std::to_string(routes));
  }
  Route otherwise;
  otherwise.name = RouteName::Of("otherwise");
  otherwise.queue = dice.Pick(policy.queues).name;
  policy.routes.push_back(otherwise);
  policy.decline_cooldown = dice.Pick(kCooldowns);
  policy.missed_offers_max = dice.Pick(kMissed);
  policy.late_share_permille = dice.Pick(kShares);
  if (dice.Chance(5)) Spoil(dice, policy);
  return policy;
}

}  // namespace usher::kit
