#include "usher/play_plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include "usher/play_dice.h"

namespace usher::play {
namespace {

std::vector<Sample> SomeSamples() {
  std::vector<Sample> samples;
  for (const char* language : {"ro", "uk", "en", "xx"}) {
    for (const char* topic : {"order_status", "delivery_late", "refund", "payment"}) {
      for (int i = 0; i < 3; ++i) {
        samples.push_back({std::string(language) + topic + std::to_string(i), language, topic,
                           i == 0 ? "negative" : "neutral"});
      }
    }
  }
  return samples;
}

PlanOptions SomeOptions() {
  return {.seed = 7, .inquiries = 3'000, .channels = {"chat", "email", "voice"}, .tiers = {"vip"}};
}

TEST(CommerceCurve, HasAMeanOfOne) {
  EXPECT_EQ(std::accumulate(kCurvePercent.begin(), kCurvePercent.end(), 0u),
            100 * kCurvePercent.size());
}

TEST(CommerceCurve, SharesOutEveryInquiryWhateverTheNumber) {
  for (const std::uint32_t inquiries : {0u, 1u, 13u, 14u, 99u, 2'000u, 123'457u, kInquiriesMax}) {
    const auto share = ShareByHour(inquiries);
    EXPECT_EQ(std::accumulate(share.begin(), share.end(), 0u), inquiries);
    for (std::size_t hour = 0; hour < share.size(); ++hour) {
      const double exact = inquiries * kCurvePercent[hour] / 1400.0;
      EXPECT_NEAR(share[hour], exact, 1.0) << inquiries << " in hour " << hour;
    }
  }
}

TEST(CommerceCurve, HasAMorningAndAnEveningPeak) {
  const auto share = ShareByHour(14'000);
  const auto peak = [&](std::size_t hour) {
    return share[hour] > share[hour - 1] && share[hour] > share[hour + 1];
  };
  EXPECT_TRUE(peak(3));
  EXPECT_TRUE(peak(11));
}

TEST(DayPlan, IsTheSameForTheSameSeed) {
  const auto samples = SomeSamples();
  const DayPlan a = MakeDayPlan(SomeOptions(), samples);
  const DayPlan b = MakeDayPlan(SomeOptions(), samples);
  EXPECT_EQ(a.messages, b.messages);
  EXPECT_EQ(a.orders, b.orders);
}

TEST(DayPlan, IsAnotherForAnotherSeed) {
  const auto samples = SomeSamples();
  PlanOptions other = SomeOptions();
  ++other.seed;
  EXPECT_NE(MakeDayPlan(SomeOptions(), samples).messages, MakeDayPlan(other, samples).messages);
}

TEST(DayPlan, OpensAsManyConversationsAsAsked) {
  const DayPlan plan = MakeDayPlan(SomeOptions(), SomeSamples());
  EXPECT_EQ(plan.conversations.size(), 3'000u);
  EXPECT_EQ(std::count_if(plan.messages.begin(), plan.messages.end(),
                          [](const PlannedMessage& m) { return m.turn == 0; }),
            3'000);
}

TEST(DayPlan, FillsTheHoursAsTheCurveSays) {
  const DayPlan plan = MakeDayPlan(SomeOptions(), SomeSamples());
  std::vector<std::uint32_t> opened(kHours);
  for (const PlannedMessage& message : plan.messages) {
    if (message.turn == 0) ++opened.at(static_cast<std::size_t>(message.at / kHour));
  }
  EXPECT_EQ(opened, ShareByHour(3'000));
}

TEST(DayPlan, EndsWhenTheShopCloses) {
  PlanOptions options = SomeOptions();
  options.hours = 3;
  const DayPlan plan = MakeDayPlan(options, SomeSamples());
  EXPECT_EQ(plan.day, kHour * 3);
  EXPECT_EQ(plan.conversations.size(), 3'000u);
  EXPECT_LE(plan.messages.back().at, plan.day);
  EXPECT_LE(plan.orders.back().at, plan.day);
}

TEST(DayPlan, IsInOrderAndWithinTheDay) {
  const DayPlan plan = MakeDayPlan(SomeOptions(), SomeSamples());
  const auto by_time = [](const auto& a, const auto& b) { return a.at < b.at; };
  EXPECT_TRUE(std::is_sorted(plan.messages.begin(), plan.messages.end(), by_time));
  EXPECT_TRUE(std::is_sorted(plan.orders.begin(), plan.orders.end(), by_time));
  EXPECT_LE(plan.messages.back().at, kDay);
  EXPECT_LE(plan.orders.back().at, kDay);
}

TEST(DayPlan, KeepsTheTurnsOfAConversationInOrderLanguageAndTopic) {
  const auto samples = SomeSamples();
  const DayPlan plan = MakeDayPlan(SomeOptions(), samples);
  std::map<std::uint32_t, std::uint32_t> turns;
  std::uint32_t follow_ups = 0;
  for (const PlannedMessage& message : plan.messages) {
    EXPECT_EQ(message.turn, turns[message.conversation]++);
    const Sample& opening = samples[plan.conversations[message.conversation].sample];
    EXPECT_EQ(samples[message.sample].language, opening.language);
    EXPECT_EQ(samples[message.sample].topic, opening.topic);
    follow_ups += message.turn > 0 ? 1 : 0;
  }
  EXPECT_GT(follow_ups, 200u);
}

TEST(DayPlan, TellsOfAnOrderBeforeItsCustomerAsks) {
  const DayPlan plan = MakeDayPlan(SomeOptions(), SomeSamples());
  std::map<std::uint32_t, Duration> placed;
  for (const PlannedOrderEvent& event : plan.orders) placed.try_emplace(event.order, event.at);
  std::uint32_t about_orders = 0;
  for (const PlannedMessage& message : plan.messages) {
    const std::uint32_t order = plan.conversations[message.conversation].order;
    if (order == 0) continue;
    ++about_orders;
    ASSERT_TRUE(placed.count(order) > 0);
    EXPECT_LE(placed[order], message.at);
  }
  EXPECT_GT(about_orders, 500u);
}

TEST(DayPlan, UsesEveryChannelLanguageAndDesk) {
  const auto samples = SomeSamples();
  PlanOptions options = SomeOptions();
  options.desks = 3;
  const DayPlan plan = MakeDayPlan(options, samples);
  std::set<std::string> channels;
  std::set<std::string> languages;
  std::map<std::uint32_t, int> desks;
  for (const PlannedConversation& conversation : plan.conversations) {
    channels.insert(conversation.channel);
    languages.insert(samples[conversation.sample].language);
    ++desks[conversation.desk];
  }
  EXPECT_EQ(channels.size(), 3u);
  EXPECT_EQ(languages.size(), 4u);
  EXPECT_EQ(desks.size(), 3u);
  EXPECT_GT(desks[0], desks[2]);
}

TEST(Dice, DrawLognormalValuesAroundTheirMean) {
  Dice dice(3);
  double sum = 0;
  for (int i = 0; i < 200'000; ++i) sum += dice.Lognormal(300, 0.8);
  EXPECT_NEAR(sum / 200'000, 300, 6);
}

TEST(Dice, OfAThingHangOnItAndTheSeedAlone) {
  EXPECT_EQ(Dice::Of(1, "a").Next(), Dice::Of(1, "a").Next());
  EXPECT_NE(Dice::Of(1, "a").Next(), Dice::Of(1, "b").Next());
  EXPECT_NE(Dice::Of(1, "a").Next(), Dice::Of(2, "a").Next());
}

TEST(Dice, PickNothingOfNoWeight) {
  Dice dice(5);
  for (int i = 0; i < 1'000; ++i) EXPECT_EQ(dice.Pick({0, 3, 0}), 1u);
}

}  // namespace
}  // namespace usher::play
