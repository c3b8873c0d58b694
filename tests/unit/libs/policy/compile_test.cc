#include "policy/compile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "unit/libs/policy/policy_files.h"

namespace usher::policy {
namespace {

using ::testing::ElementsAre;

Compiled Good(std::string_view yaml) {
  CompileResult result = Compile(yaml);
  for (const Problem& problem : result.problems) ADD_FAILURE() << ToString(problem);
  return result.compiled.value_or(Compiled());
}

TEST(Compile, TakesTheSmallestPolicy) {
  const Compiled made = Good(
      "version: 1\nchannels: {chat: {}}\nqueues: [{name: all}]\n"
      "otherwise: {queue: all}\n");
  Policy expected;
  expected.version = "1";
  expected.channels.resize(1);
  expected.channels[0].name = ChannelName::Of("chat");
  expected.queues.resize(1);
  expected.queues[0].name = QueueName::Of("all");
  expected.routes.resize(1);
  expected.routes[0].name = RouteName::Of("otherwise");
  expected.routes[0].queue = QueueName::Of("all");
  EXPECT_EQ(made.policy, expected);
  EXPECT_EQ(made.understanding, UnderstandingRules());
}

TEST(Compile, TakesEveryKey) {
  const Compiled made = Good(R"(version: "2026-05-01"
languages: [no, pt-BR]
topics:
  - refund
  - {name: payment, keywords: [Charged TWICE, Возврат*]}
topic_confidence: 62.5%
tiers: [vip, gold]
tier_by_value: {gold: 10000, vip: 50000}
skills: [zz, aa]
channels:
  voice: {units: 6}
  chat: {units: 2}
sla:
  live: {first_response: 1m30s, warn: 50%}
  mail: {first_response: 4h}
queues:
  - name: q
    needs: {zz: 100, aa: 0}
    sla: live
    offer_window: 250ms
    auto_accept: true
    wrap_up: 5s
    max_waiting: 7
offers: {decline_cooldown: 0s, missed_offers_max: 0}
late_share: 2.5%
routes:
  - name: r
    match: {channel: chat, language: [no, unknown], topic: [payment, other], sentiment: [negative, positive], tier: gold}
    queue: q
    priority: 9
otherwise: {queue: q, priority: 0}
)");
  Policy p;
  p.version = "2026-05-01";
  p.channels.resize(2);
  p.channels[0].name = ChannelName::Of("voice");
  p.channels[0].units = 6;
  p.channels[1].name = ChannelName::Of("chat");
  p.channels[1].units = 2;
  p.sla_classes.resize(2);
  p.sla_classes[0].name = SlaName::Of("live");
  p.sla_classes[0].first_response = 90s;
  p.sla_classes[0].warn_permilles = {500};
  p.sla_classes[1].name = SlaName::Of("mail");
  p.sla_classes[1].first_response = 4h;
  Queue q;
  q.name = QueueName::Of("q");
  q.requirement.needs = {{SkillName::Of("aa"), 0}, {SkillName::Of("zz"), 100}};
  q.sla = SlaName::Of("live");
  q.offer_window = 250ms;
  q.auto_accept = true;
  q.wrap_up = 5s;
  q.max_waiting = 7;
  p.queues = {q};
  p.decline_cooldown = 0s;
  p.missed_offers_max = 0;
  p.late_share_permille = 25;
  Route r;
  r.name = RouteName::Of("r");
  r.channels = {ChannelName::Of("chat")};
  r.languages = {LanguageName::Of("no"), LanguageName()};
  r.topics = {TopicName::Of("payment"), TopicName::Of("other")};
  r.sentiments = {Sentiment::kNegative, Sentiment::kPositive};
  r.tiers = {TierName::Of("gold")};
  r.queue = QueueName::Of("q");
  r.priority = 9;
  Route otherwise;
  otherwise.name = RouteName::Of("otherwise");
  otherwise.queue = QueueName::Of("q");
  otherwise.priority = 0;
  p.routes = {r, otherwise};
  EXPECT_EQ(made.policy, p);

  UnderstandingRules u;
  u.languages = {LanguageName::Of("no"), LanguageName::Of("pt-BR")};
  u.topics = {TopicName::Of("refund"), TopicName::Of("payment")};
  u.topic_confidence_permille = 625;
  u.keywords = {{TopicName::Of("payment"), {" charged twice ", " возврат"}}};
  u.tiers = {TierName::Of("vip"), TierName::Of("gold")};
  u.tier_by_value = {{TierName::Of("vip"), 50'000}, {TierName::Of("gold"), 10'000}};
  EXPECT_EQ(made.understanding, u);
}

TEST(Compile, TellsTheIntakeHowToActOnOrders) {
  const Compiled made = Good(With(R"(calendars:
  calls: {time_zone: UTC, open: {mon-sun: 09:00-20:00}}
acting:
  late_promise: {channel: chat, text: sorry}
  confirming_call:
    {from: 2h, to: 4h, hours: calls, value: {min: 1000}, channel: chat, text: confirm, queue: q1}
  carrier_incident: {orders: 20, window: 1h, channel: chat, text: carrier, priority: 8}
)"));
  ASSERT_TRUE(made.acting.late_promise.has_value());
  EXPECT_EQ(made.acting.late_promise->after, 0s);
  EXPECT_EQ(made.acting.late_promise->inquiry,
            (OwnInquiry{ChannelName::Of("chat"), TopicName::Of("sorry"), {}, {}}));
  ASSERT_TRUE(made.acting.confirming_call.has_value());
  EXPECT_EQ(made.acting.confirming_call->from, 2h);
  EXPECT_EQ(made.acting.confirming_call->to, 4h);
  EXPECT_EQ(made.acting.confirming_call->hours, made.policy.calendars.front());
  EXPECT_EQ(made.acting.confirming_call->value_min, 1'000);
  EXPECT_EQ(made.acting.confirming_call->inquiry.queue, QueueName::Of("q1"));
  ASSERT_TRUE(made.acting.carrier_incident.has_value());
  EXPECT_EQ(made.acting.carrier_incident->orders, 20u);
  EXPECT_EQ(made.acting.carrier_incident->window, 1h);
  EXPECT_EQ(made.acting.carrier_incident->inquiry.priority, 8);
}

TEST(Compile, PutsChildrenBeforeTheirParentNarrowedByIt) {
  const Compiled made = Good(With(R"(routes:
  - name: ru
    match: {language: [ru, uk]}
    queue: q2
    priority: 7
    routes:
      - name: ru-money
        match: {topic: [payment, refund]}
        routes:
          - {name: ru-money-chat, match: {channel: chat, language: uk}, queue: q1}
      - {name: ru-calm, match: {sentiment: negative}, priority: 9}
  - name: grouping
    match: {language: de}
    routes:
      - {name: de-mail, match: {channel: email}, queue: q2}
)"));
  std::vector<std::string> order;
  for (const Route& route : made.policy.routes) {
    order.push_back(route.name.ToString() + " -> " + route.queue.ToString() + " " +
                    std::to_string(route.priority));
  }
  EXPECT_THAT(order, ElementsAre("ru-money-chat -> q1 7", "ru-money -> q2 7", "ru-calm -> q2 9",
                                 "ru -> q2 7", "de-mail -> q2 5", "otherwise -> q1 5"));
  const Route& deepest = made.policy.routes[0];
  EXPECT_THAT(deepest.languages, ElementsAre(LanguageName::Of("uk")));
  EXPECT_THAT(deepest.topics, ElementsAre(TopicName::Of("payment"), TopicName::Of("refund")));
  EXPECT_THAT(deepest.channels, ElementsAre(ChannelName::Of("chat")));
  EXPECT_THAT(made.policy.routes[4].languages, ElementsAre(LanguageName::Of("de")));
}

TEST(Compile, NamesAreTextWhateverYamlThinks) {
  const Compiled made = Good(
      "version: 1.0\nskills: [yes, 12, 0x1]\nchannels: {on: {}}\n"
      "queues: [{name: 007, needs: {yes: 1, 12: 2}}]\n"
      "otherwise: {queue: 007}\n");
  EXPECT_EQ(made.policy.version, "1.0");
  EXPECT_EQ(made.policy.queues[0].name.view(), "007");
  EXPECT_EQ(made.policy.channels[0].name.view(), "on");
}

TEST(Compile, TakesTheDeployedPolicies) {
  const Compiled shop = Good(ReadFile("deploy/policies/shop.yaml"));
  EXPECT_EQ(shop.understanding.languages.size(), 10u);
  EXPECT_EQ(shop.policy.channels.size(), 6u);
  EXPECT_GT(shop.policy.routes.size(), 50u);
  EXPECT_EQ(Good(ReadFile("deploy/policies/small.yaml")).policy.queues.size(), 3u);
}

TEST(Compile, TakesWindowsLineEndsAndAByteOrderMark) {
  std::string text("\xef\xbb\xbf");
  for (const char c : kBase) text += c == '\n' ? std::string("\r\n") : std::string(1, c);
  EXPECT_EQ(Good(text).policy, Good(kBase).policy);
}

TEST(SlaTargets, AreEachThereOnceRising) {
  const Compiled made = Good(
      "version: 1\nchannels: {chat: {}}\nqueues: [{name: q}]\n"
      "sla: {a: {first_response: 1h}, b: {first_response: 30s}, "
      "c: {first_response: 3600s}}\notherwise: {queue: q}\n");
  EXPECT_THAT(SlaTargets(made.policy), ElementsAre(Duration(30s), Duration(1h)));
}

TEST(Scale, TextAndPolicyAgree) {
  for (const char* file : {"deploy/policies/shop.yaml", "deploy/policies/small.yaml"}) {
    const std::string yaml = ReadFile(file);
    for (const std::int64_t divisor : {1, 7, 60, 720, 1'000'000'000}) {
      const Policy scaled = Good(ScaleYamlDurations(yaml, divisor)).policy;
      EXPECT_EQ(scaled, ScaleDurations(Good(yaml).policy, divisor)) << file << " / " << divisor;
    }
  }
}

TEST(Scale, KeepsTheTextAndPutsInWhatItReliesOn) {
  EXPECT_EQ(ScaleYamlDurations("# mine\n"
                               "version: 1   # 20s\n"
                               "channels: {chat: {}}\n"
                               "sla: {live: {first_response: \"1m30s\"}}\n"
                               "queues:\n"
                               "  - name: q   # the one\n"
                               "    wrap_up: 0s\n"
                               "  - {offer_window: 2s, name: r}\n"
                               "otherwise: {queue: q}\n",
                               60),
            "# mine\n"
            "offers: {decline_cooldown: 1s}\n"
            "urgent: 1s\n"
            "near: 10s\n"
            "age_credit: 1s\n"
            "version: 1   # 20s\n"
            "channels: {chat: {}}\n"
            "sla: {live: {first_response: \"1500ms\"}}\n"
            "queues:\n"
            "  - offer_window: 333ms\n"
            "    name: q   # the one\n"
            "    wrap_up: 0s\n"
            "  - {offer_window: 33ms, name: r}\n"
            "otherwise: {queue: q}\n");
}

TEST(Scale, LeavesWhatDoesNotCompile) {
  EXPECT_EQ(ScaleYamlDurations("version: [", 5), "version: [");
  EXPECT_EQ(ScaleYamlDurations("", 5), "");
}

TEST(Scale, IsNeverBelowAMillisecond) {
  Policy policy;
  policy.sla_classes.resize(1);
  policy.sla_classes[0].first_response = 5ms;
  EXPECT_EQ(ScaleDurations(policy, 1'000).sla_classes[0].first_response, Duration(1ms));
}

}  // namespace
}  // namespace usher::policy
