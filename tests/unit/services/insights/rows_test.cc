#include "insights/rows.h"

#include <gtest/gtest.h>

#include <string>

namespace usher::insights {
namespace {

InquiryRow SomeInquiry() {
  InquiryRow row;
  row.inquiry = InquiryId::Of("one");
  row.standing = Standing::kAnswered;
  row.queue = QueueName::Of("billing");
  row.route = RouteName::Of("vip");
  row.priority = 7;
  row.features.channel = ChannelName::Of("chat");
  row.features.language = LanguageName::Of("uk");
  row.features.topic = TopicName::Of("refund");
  row.features.sentiment = Sentiment::kNegative;
  row.features.tier = TierName::Of("gold");
  row.features.order = OrderId::Of("order");
  row.agent = AgentName::Of("ana");
  row.placed_at = FromMicros(5);
  row.answered_at = FromMicros(9);
  row.breached = true;
  row.offers = 3;
  row.messages = 2;
  row.entries = 11;
  row.features.on_site = true;
  row.features.value = 4'200;
  row.asked = {AgentName::Of("ana"), AgentName::Of("ben")};
  row.step = 2;
  row.starving = true;
  row.reserved_until = FromMicros(12);
  row.repeat = true;
  row.diverted_from = QueueName::Of("refunds");
  row.features.order_status = OrderStatusName::Of("late");
  row.starts_at = FromMicros(21);
  row.paused_until = FromMicros(22);
  row.reopens = InquiryId::Of("before");
  row.missed = {Target::kUpdate, Target::kFirstResponse};
  row.asked_at = FromMicros(23);
  row.foretold = true;
  return row;
}

TEST(Rows, ComeBackAsTheyWere) {
  EXPECT_EQ(DecodeInquiry(EncodeInquiry(SomeInquiry())), SomeInquiry());
  const AgentRecord agent{Presence::kAway, AwayReason::kMissedOffers, 8,
                          Profile{{{SkillName::Of("uk"), 60}, {SkillName::Of("calm"), 5}},
                                  {{AttributeName::Of("team"), ValueName::Of("seniors")}}},
                          true};
  EXPECT_EQ(DecodeAgent(EncodeAgent(agent)), agent);
  const QueueRow queue{3, 4, 5, 6, FromMicros(77), FromMicros(88), 2};
  EXPECT_EQ(DecodeQueue(EncodeQueue(queue)), queue);
  const Watermark watermark{Stamp{LogId::Of("log"), 2, 33, 4}, 99, FromMicros(5)};
  EXPECT_EQ(DecodeWatermark(EncodeWatermark(watermark)), watermark);
}

TEST(Rows, AreRefusedWhenCutLongerOrOfAnotherFormat) {
  const std::string good = EncodeInquiry(SomeInquiry());
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(DecodeInquiry(good.substr(0, size))) << size;
  }
  EXPECT_FALSE(DecodeInquiry(good + "x"));
  std::string other = good;
  other[0] = 9;
  EXPECT_FALSE(DecodeInquiry(other));
  EXPECT_FALSE(DecodeWatermark(""));
  EXPECT_FALSE(DecodeAgent("\x01\x09\x01"));
  EXPECT_FALSE(DecodeQueue("???"));
}

}  // namespace
}  // namespace usher::insights
