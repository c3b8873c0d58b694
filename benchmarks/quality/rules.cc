#include "quality/rules.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <string>

#include "model/limits.h"

namespace usher::quality {
namespace {

constexpr std::array<std::uint8_t, kKinds> kRoutePriorities = {9, 7, 5, 3};
constexpr std::array<std::string_view, kTopicsPerArea> kTopicSuffixes = {"_a", "_b", "_c"};
constexpr Duration kOfferWindow = 20s;

std::string_view ChannelOf(Kind kind) {
  return kind == Kind::kVipChat ? "chat" : kKindNames[static_cast<std::size_t>(kind)];
}

TopicName TopicOf(std::size_t area, std::size_t topic) {
  return TopicName::Of(std::string(kAreaNames[area]) + std::string(kTopicSuffixes[topic]));
}

QueueName QueueOf(Kind kind) { return QueueName::Of(kKindNames[static_cast<std::size_t>(kind)]); }

// Tells the area where no topic does.
TierName TierOf(Kind kind, std::size_t area, bool topics) {
  std::string tier(kind == Kind::kVipChat ? "vip" : "plain");
  if (!topics) tier += "_" + std::string(kAreaNames[area]);
  return TierName::Of(tier);
}

void AddChannels(const DaySpec& spec, Policy& policy) {
  for (const Kind kind : {Kind::kChat, Kind::kMessenger, Kind::kEmail}) {
    Channel channel;
    channel.name = ChannelName::Of(ChannelOf(kind));
    if (spec.concurrent && kind != Kind::kEmail) channel.units = 2;  // an email is half of one
    policy.channels.push_back(channel);
  }
}

void AddQueues(const DaySpec& spec, Policy& policy) {
  for (std::size_t kind = 0; kind < kKinds; ++kind) {
    SlaClass sla;
    sla.name = SlaName::Of(kKindNames[kind]);
    sla.first_response = kTargets[kind];
    sla.warn_permilles.clear();
    policy.sla_classes.push_back(sla);
    Queue queue;
    queue.name = QueueOf(static_cast<Kind>(kind));
    queue.sla = sla.name;
    queue.auto_accept = !spec.offers;
    queue.offer_window = kOfferWindow;
    policy.queues.push_back(queue);
  }
}

Route RouteOf(Kind kind, std::size_t area, std::size_t language, bool topics) {
  Route route;
  route.name =
      RouteName::Of(std::string(QueueOf(kind).view()) + "_" + std::string(kAreaNames[area]) + "_" +
                    std::string(kLanguageNames[language]));
  route.channels = {ChannelName::Of(ChannelOf(kind))};
  route.languages = {LanguageName::Of(kLanguageNames[language])};
  if (topics) {
    for (std::size_t topic = 0; topic < kTopicsPerArea; ++topic) {
      route.topics.push_back(TopicOf(area, topic));
    }
  }
  route.tiers = {TierOf(kind, area, topics)};
  route.queue = QueueOf(kind);
  route.priority = kRoutePriorities[static_cast<std::size_t>(kind)];
  route.needs = {{SkillName::Of(kAreaNames[area]), 0},
                 {SkillName::Of(kLanguageNames[language]), 0}};
  std::sort(route.needs.begin(), route.needs.end());
  return route;
}

std::size_t DigitsOf(std::string_view text) {
  std::size_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

const std::vector<Rule>& Rules() {
  static const std::vector<Rule> rules = {
      {"first come first served", [](Policy& policy) { policy.order = Order::kFifo; }, true},
      {"strict priority, longest idle",
       [](Policy& policy) {
         policy.order = Order::kPriority;
         for (Queue& queue : policy.queues) queue.pick = Pick::kLongestIdle;
       },
       true},
      {"earliest due", [](Policy& policy) { policy.order = Order::kDue; }, true},
      {"earliest due in time, late last",
       [](Policy& policy) {
         policy.order = Order::kInTimeFirst;
         policy.late_share_permille = 0;
       },
       true},
      {"usher, topics untold", [](Policy&) {}, false},
      {"usher", [](Policy&) {}, true},
  };
  return rules;
}

Policy PolicyOf(const DaySpec& spec, const Rule& rule) {
  Policy policy;
  policy.version = rule.name;
  AddChannels(spec, policy);
  AddQueues(spec, policy);
  for (std::size_t kind = 0; kind < kKinds; ++kind) {
    for (std::size_t area = 0; area < kAreas; ++area) {
      for (std::size_t language = 0; language < kLanguages; ++language) {
        policy.routes.push_back(RouteOf(static_cast<Kind>(kind), area, language, rule.topics));
      }
    }
  }
  Route otherwise;
  otherwise.name = RouteName::Of("otherwise");
  otherwise.queue = policy.queues.front().name;
  policy.routes.push_back(otherwise);
  policy.missed_offers_max = 0;  // who missed some is asked again all the same
  rule.set(policy);
  return policy;
}

RegisterAgent RegistrationOf(const DaySpec& spec, const AgentSpec& agent, std::size_t number) {
  RegisterAgent registered;
  registered.agent = AgentName::Of("a" + std::to_string(number));
  for (std::size_t i = 0; i < kLanguages; ++i) {
    if (agent.languages >> i & 1) {
      registered.skills.push_back({SkillName::Of(kLanguageNames[i]), kMaxLevel});
    }
  }
  for (std::size_t i = 0; i < kAreas; ++i) {
    if (agent.areas >> i & 1) {
      registered.skills.push_back({SkillName::Of(kAreaNames[i]), kMaxLevel});
    }
  }
  if (spec.concurrent) {
    registered.units = 2 * kConversations + 1;
    registered.limits = {{ChannelName::Of(ChannelOf(Kind::kEmail)), 1}};
  }
  return registered;
}

PlaceInquiry PlacingOf(const Rule& rule, const Inquiry& inquiry, std::size_t number) {
  PlaceInquiry place;
  place.inquiry = InquiryId::FromNumber(number + 1);
  place.features.channel = ChannelName::Of(ChannelOf(inquiry.kind));
  place.features.language = LanguageName::Of(kLanguageNames[inquiry.language]);
  if (rule.topics) place.features.topic = TopicOf(inquiry.area, inquiry.topic);
  place.features.tier = TierOf(inquiry.kind, inquiry.area, rule.topics);
  return place;
}

std::size_t NumberOf(const AgentName& agent) { return DigitsOf(agent.view().substr(1)); }

std::size_t NumberOf(const InquiryId& inquiry) { return inquiry.bits.low - 1; }

}  // namespace usher::quality
