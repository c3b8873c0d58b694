#include "simulate/to_policy.h"

#include <algorithm>
#include <string>

namespace usher::simulate {
namespace {

constexpr std::size_t kDigits = 6;        // Limits::agents_max fits
constexpr const char kGroup[] = "group";  // the attribute that tells an agent's group
// Who is begun with at the very end of the target is in time, and so it is in the order, too: the
// engine breaches at the target.
constexpr Duration kOnTime{1};

QueueName QueueOf(const ClassSpec& spec) { return QueueName::Of(spec.name); }

std::vector<Channel> ChannelsOf(const Scenario& scenario) {
  std::vector<Channel> channels;
  for (const ClassSpec& spec : scenario.classes) {
    const bool known = std::any_of(channels.begin(), channels.end(), [&](const Channel& channel) {
      return channel.name == spec.channel;
    });
    if (known) continue;
    Channel channel;
    channel.name = spec.channel;
    for (const AgentGroup& group : scenario.agents) {
      const auto cost = group.costs.find(spec.channel);
      if (cost != group.costs.end()) channel.units = cost->second;
    }
    channels.push_back(channel);
  }
  return channels;
}

Clause IsOf(const AgentGroup& group) {
  Clause clause;
  clause.op = ClauseOp::kAttribute;
  clause.attribute = {AttributeName::Of(kGroup), ValueName::Of(group.name)};
  return clause;
}

// Is the agent of one of these groups?
Expression IsOfAny(const Scenario& scenario, const std::vector<std::size_t>& groups) {
  Clause any;
  any.op = ClauseOp::kAny;
  any.count = static_cast<std::uint16_t>(groups.size());
  Expression expression = {any};
  for (const std::size_t group : groups) expression.push_back(IsOf(scenario.agents[group]));
  return expression;
}

void Prefer(const Scenario& scenario, const ClassSpec& spec, Queue& queue) {
  std::vector<std::size_t> all;
  for (const std::vector<std::size_t>& level : spec.groups) {
    queue.prefer.push_back(IsOfAny(scenario, level));
    all.insert(all.end(), level.begin(), level.end());
  }
  if (!all.empty()) queue.requirement.who = IsOfAny(scenario, all);
}

usher::Order ToOrder(Order order) {
  switch (order) {
    case Order::kDefault:
      return usher::Order::kDefault;
    case Order::kFifo:
      return usher::Order::kFifo;
    case Order::kPriority:
      return usher::Order::kPriority;
    case Order::kDue:
      return usher::Order::kDue;
    case Order::kInTimeFirst:
      return usher::Order::kInTimeFirst;
    case Order::kAgentLevel:
      return usher::Order::kAgentLevel;
  }
  return usher::Order::kDefault;
}

usher::Pick ToPick(Pick pick) {
  switch (pick) {
    case Pick::kDefault:
      return Queue().pick;
    case Pick::kLongestIdle:
      return usher::Pick::kLongestIdle;
    case Pick::kRarestFirst:
      return usher::Pick::kRarestFirst;
    case Pick::kBestLevel:
      return usher::Pick::kBestLevel;
    case Pick::kLeastLoaded:
      return usher::Pick::kLeastLoaded;
  }
  return Queue().pick;
}

Queue ToQueue(const Scenario& scenario, const ClassSpec& spec) {
  Queue queue;
  queue.name = QueueOf(spec);
  queue.requirement.needs = spec.needs;
  Prefer(scenario, spec, queue);
  queue.pick = ToPick(scenario.pick);
  if (spec.first_response) queue.sla = SlaName::Of(spec.name);
  queue.auto_accept = scenario.offers.instant;
  queue.offer_window = scenario.offers.timeout;
  queue.wrap_up = scenario.wrap_up;
  return queue;
}

}  // namespace

Limits ToLimits(const Scenario& scenario) {
  Limits limits;
  limits.inquiries_max = std::min(limits.inquiries_max, scenario.places);
  limits.jump_max = Duration::max();  // nights without an event may be long
  return limits;
}

Policy ToPolicy(const Scenario& scenario) {
  if (scenario.policy) return *scenario.policy;
  Policy policy;
  policy.version = "scenario";
  policy.channels = ChannelsOf(scenario);
  for (const ClassSpec& spec : scenario.classes) {
    if (spec.first_response) {
      SlaClass& sla = policy.sla_classes.emplace_back();
      sla.name = SlaName::Of(spec.name);
      sla.first_response = *spec.first_response + kOnTime;
      sla.warn_permilles.clear();
    }
    policy.queues.push_back(ToQueue(scenario, spec));
  }
  Route otherwise;  // every inquiry names its queue; a policy has a last route all the same
  otherwise.name = RouteName::Of("otherwise");
  otherwise.queue = policy.queues.front().name;
  policy.routes.push_back(otherwise);
  policy.order = ToOrder(scenario.order);
  policy.decline_cooldown = kCooldown;
  policy.missed_offers_max = 0;
  return policy;
}

PlaceInquiry ToPlace(const Scenario& scenario, const ClassSpec& spec) {
  PlaceInquiry place;
  place.features = spec.features;
  place.priority = spec.priority;
  if (!scenario.policy) place.queue = QueueOf(spec);
  return place;
}

RegisterAgent ToAgent(const Scenario& scenario, std::size_t group, std::uint32_t number) {
  const AgentGroup& of = scenario.agents[group];
  const std::string digits = std::to_string(number);
  RegisterAgent agent;
  agent.agent = AgentName::Of(std::string(kDigits - digits.size(), '0') + digits + "." + of.name);
  agent.skills = of.skills;
  agent.units = of.units;
  agent.attributes = of.attributes;
  agent.attributes.push_back({AttributeName::Of(kGroup), ValueName::Of(of.name)});
  for (const auto& [channel, most] : of.limits) agent.limits.push_back({channel, most});
  return agent;
}

std::uint32_t NumberOf(const AgentName& name) {
  const std::string_view text = name.view();
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < kDigits; ++i) {
    number = number * 10 + static_cast<std::uint32_t>(text[i] - '0');
  }
  return number;
}

}  // namespace usher::simulate
