// What compiles, the engine takes; and it routes as the tree reads.
#include "engine/engine.h"

#include <gtest/gtest.h>

#include <string>
#include <variant>
#include <vector>

#include "policy/compile.h"
#include "unit/libs/policy/policy_files.h"
#include "unit/libs/policy/readme.h"

namespace usher::policy {
namespace {

class Desk {
 public:
  explicit Desk(const std::string& yaml) : engine_(Limits()) {
    CompileResult result = Compile(yaml);
    EXPECT_TRUE(result.compiled.has_value());
    if (!result.compiled) return;
    DecisionList out;
    Command command;
    command.at = FromMicros(1);
    command.body = ApplyPolicy{result.compiled->policy};
    engine_.Apply(command, out);
    applied_ = !out.empty() && std::holds_alternative<PolicyApplied>(out.back().body);
  }

  bool applied() const { return applied_; }

  // "queue by route", priority 0 to 9, of an inquiry with these features; with a basket on the
  // site.
  std::string Route(std::string_view channel, std::string_view language, std::string_view topic,
                    Sentiment sentiment = Sentiment::kNeutral, std::string_view tier = "",
                    std::int64_t basket = 0) {
    PlaceInquiry place;
    place.inquiry = InquiryId::FromNumber(++placed_);
    place.features.channel = ChannelName::Of(channel);
    place.features.language = LanguageName::Of(language);
    place.features.topic = TopicName::Of(topic);
    place.features.sentiment = sentiment;
    place.features.tier = TierName::Of(tier);
    place.features.on_site = basket > 0;
    place.features.value = basket;
    Command command;
    command.at = FromMicros(2);
    command.body = place;
    DecisionList out;
    engine_.Apply(command, out);
    const auto* opened = out.empty() ? nullptr : std::get_if<InquiryPlaced>(&out[0].body);
    if (opened == nullptr) return "not placed";
    return opened->queue.ToString() + " by " + opened->route.ToString() + " " +
           std::to_string(opened->priority);
  }

 private:
  engine::Engine engine_;
  bool applied_ = false;
  std::uint64_t placed_ = 0;
};

TEST(Engine, TakesTheDeployedPolicies) {
  for (const char* file : {"deploy/policies/shop.yaml", "deploy/policies/small.yaml"}) {
    EXPECT_TRUE(Desk(ReadFile(file)).applied()) << file;
    EXPECT_TRUE(Desk(ScaleYamlDurations(ReadFile(file), 100'000)).applied()) << file;
  }
}

TEST(Engine, TakesTheExampleAndEachRowOfTheReadme) {
  EXPECT_TRUE(Desk(ReadmeExample()).applied());
  EXPECT_TRUE(Desk(ScaleYamlDurations(ReadmeExample(), 100'000)).applied());
  for (const std::vector<std::string>& row : Rows()) {
    if (row[2] == "–") continue;
    EXPECT_TRUE(Desk(Around(row[2], row[3])).applied()) << row[0];
  }
}

TEST(Engine, RoutesTheShopAsItsTreeReads) {
  Desk desk(ReadFile("deploy/policies/shop.yaml"));
  EXPECT_EQ(desk.Route("messenger", "uk", "order_status"), "east-orders by east 4");
  EXPECT_EQ(desk.Route("messenger", "de", "refund"), "de-returns by de-returns 5");
  EXPECT_EQ(desk.Route("messenger", "de", "refund", Sentiment::kNegative), "de-calm by de-upset 7");
  // Nobody is logged in who could sell.
  EXPECT_EQ(desk.Route("chat", "fr", "purchase_help"), "fr-live by fr-presale 6");
  EXPECT_EQ(desk.Route("chat", "fr", "purchase_help", Sentiment::kNegative, "", 20'000),
            "fr-live by fr-presale-here 9");
  EXPECT_EQ(desk.Route("voice", "fr", "purchase_help"), "fr-live by fr-live 6");
  EXPECT_EQ(desk.Route("email", "tr", "payment"), "tr-mail by tr-mail-soon 3");
  EXPECT_EQ(desk.Route("email", "tr", "account"), "tr-mail by tr-mail 2");
  EXPECT_EQ(desk.Route("social", "sr", "invoice"), "sr-payment by sr-payment 5");
  EXPECT_EQ(desk.Route("email", "pl", "other", Sentiment::kNeutral, "vip"), "pl-live by pl-vip 8");
  EXPECT_EQ(desk.Route("email", "pl", "complaint", Sentiment::kNeutral, "vip"),
            "pl-calm by pl-complaint 7");
  EXPECT_EQ(desk.Route("chat", "it", "refund"), "general by otherwise 3");
  EXPECT_EQ(desk.Route("chat", "", "other"), "general by otherwise 3");
  EXPECT_EQ(desk.Route("fax", "en", "refund"), "not placed");
}

TEST(Engine, RoutesWhatCouldNotBeRead) {
  Desk desk(
      With("routes:\n  - {name: unread, match: {language: unknown}, queue: q2}\n"
           "  - {name: unclear, match: {topic: other}, queue: q2, priority: 1}\n"));
  ASSERT_TRUE(desk.applied());
  EXPECT_EQ(desk.Route("chat", "", "refund"), "q2 by unread 5");
  EXPECT_EQ(desk.Route("chat", "ru", "other"), "q2 by unclear 1");
  EXPECT_EQ(desk.Route("chat", "ru", "refund"), "q1 by otherwise 5");
}

}  // namespace
}  // namespace usher::policy
