#include "kit/scenario_policy.h"

#include <limits>

namespace usher::kit {
namespace {

constexpr std::uint64_t kMost8 = std::numeric_limits<std::uint8_t>::max();
constexpr std::uint64_t kMost16 = std::numeric_limits<std::uint16_t>::max();
constexpr std::uint64_t kMost32 = std::numeric_limits<std::uint32_t>::max();

Queue ReadQueue(ScenarioLine& line) {
  Queue queue;
  queue.name = line.WordName<QueueName>("the queue's name");
  queue.needs = line.TakeNeeds("needs");
  queue.sla = line.TakeName<SlaName>("sla");
  queue.offer_window = line.TakeDuration("window", queue.offer_window);
  queue.wrap_up = line.TakeDuration("wrap-up", queue.wrap_up);
  queue.max_waiting = static_cast<std::uint32_t>(line.TakeNumber("max-waiting", 0, kMost32));
  if (const auto word = line.NextWord()) {
    if (*word != "auto-accept") line.Fail("'" + *word + "' is not auto-accept");
    queue.auto_accept = true;
  }
  return queue;
}

Route ReadRoute(ScenarioLine& line) {
  Route route;
  route.channels = line.TakeNames<ChannelName>("channel");
  route.languages = line.TakeNames<LanguageName>("language");
  route.topics = line.TakeNames<TopicName>("topic");
  for (const std::string& each : line.TakeList("sentiment")) {
    route.sentiments.push_back(line.ToEnum<Sentiment>(each));
  }
  route.tiers = line.TakeNames<TierName>("tier");
  route.queue = line.TakeName<QueueName>("queue");
  route.priority = static_cast<std::uint8_t>(line.TakeNumber("priority", route.priority, kMost8));
  return route;
}

template <class Tag>
std::string Text(const Name<Tag>& name) {
  return name.none() ? "-" : name.ToString();
}

std::string Text(Sentiment sentiment) { return EnumText(sentiment); }

std::string Text(const Need& need) { return Text(need.skill) + ":" + std::to_string(need.level); }

template <class T>
std::string Option(const char* name, const std::vector<T>& list) {
  std::string text;
  for (const T& each : list) text += (text.empty() ? "" : ",") + Text(each);
  return text.empty() ? "" : std::string(" ") + name + "=" + text;
}

std::string Option(const char* name, const std::string& value) {
  return std::string(" ") + name + "=" + value;
}

std::string Line(const Queue& queue) {
  return "  queue " + Text(queue.name) + (queue.auto_accept ? " auto-accept" : "") +
         Option("needs", queue.needs) + Option("sla", Text(queue.sla)) +
         Option("window", TimeText(queue.offer_window)) +
         Option("wrap-up", TimeText(queue.wrap_up)) +
         Option("max-waiting", std::to_string(queue.max_waiting)) + "\n";
}

std::string Line(const Route& route) {
  return "  route " + Text(route.name) + Option("channel", route.channels) +
         Option("language", route.languages) + Option("topic", route.topics) +
         Option("sentiment", route.sentiments) + Option("tier", route.tiers) +
         Option("queue", Text(route.queue)) + Option("priority", std::to_string(route.priority)) +
         "\n";
}

}  // namespace

void ReadPolicyLine(const std::string& word, ScenarioLine& line, Policy& policy) {
  if (word == "version") {
    const std::string version = line.Word("the version");
    policy.version = version == "-" ? "" : version;
  } else if (word == "channel") {
    const auto name = line.WordName<ChannelName>("the channel's name");
    policy.channels.push_back(
        {name, static_cast<std::uint32_t>(line.TakeNumber("units", 1, kMost32))});
  } else if (word == "sla") {
    SlaClass sla;
    sla.name = line.WordName<SlaName>("the SLA class's name");
    sla.first_response = line.TakeDuration("first", Duration(0));
    sla.warn_permille = static_cast<std::uint16_t>(line.TakeNumber("warn", 750, kMost16));
    policy.sla_classes.push_back(sla);
  } else if (word == "queue") {
    policy.queues.push_back(ReadQueue(line));
  } else if (word == "route") {
    const auto name = line.WordName<RouteName>("the route's name");
    policy.routes.push_back(ReadRoute(line));
    policy.routes.back().name = name;
  } else if (word == "otherwise") {
    policy.routes.push_back(ReadRoute(line));
    policy.routes.back().name = RouteName::Of("otherwise");
  } else if (word == "cool-down") {
    policy.decline_cooldown = line.ToDuration(line.Word("the cool-down"));
  } else if (word == "missed-offers") {
    policy.missed_offers_max =
        static_cast<std::uint32_t>(line.ToNumber(line.Word("the number"), kMost32));
  } else if (word == "late-share") {
    policy.late_share_permille =
        static_cast<std::uint16_t>(line.ToNumber(line.Word("the share"), kMost16));
  } else {
    line.Fail("'" + word +
              "' is none of version, channel, sla, queue, route, otherwise, cool-down, "
              "missed-offers, late-share, end");
  }
}

std::string WritePolicy(const std::string& name, const Policy& policy) {
  std::string text = "policy " + name + "\n";
  text += "  version " + (policy.version.empty() ? "-" : policy.version) + "\n";
  for (const Channel& channel : policy.channels) {
    text += "  channel " + Text(channel.name) + " units=" + std::to_string(channel.units) + "\n";
  }
  for (const SlaClass& sla : policy.sla_classes) {
    text += "  sla " + Text(sla.name) + Option("first", TimeText(sla.first_response)) +
            Option("warn", std::to_string(sla.warn_permille)) + "\n";
  }
  for (const Queue& queue : policy.queues) text += Line(queue);
  for (const Route& route : policy.routes) text += Line(route);
  text += "  cool-down " + TimeText(policy.decline_cooldown) + "\n";
  text += "  missed-offers " + std::to_string(policy.missed_offers_max) + "\n";
  text += "  late-share " + std::to_string(policy.late_share_permille) + "\n";
  return text + "end\n";
}

}  // namespace usher::kit
