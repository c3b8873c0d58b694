#include "wire/surface.h"

#include <gtest/gtest.h>

#include <string>

namespace usher::wire {
namespace {

const DeskName kDesk = DeskName::Of("eu");

TEST(Surface, IdsFromOutsideAreTheSameEverywhereAndForEver) {
  // A written value: an id that changed between releases would make every repeat a new inquiry.
  EXPECT_EQ(InquiryIdOf(kDesk, "event-1").ToString(), "c338643136abd411806b20b35cb3347a");
}

TEST(Surface, TheSameLettersDividedOtherwiseAreOtherIds) {
  EXPECT_NE(InquiryIdOf(DeskName::Of("a"), "bc"), InquiryIdOf(DeskName::Of("ab"), "c"));
  EXPECT_NE(ConversationIdOf(kDesk, "x").bits, CustomerIdOf(kDesk, "x").bits);
  EXPECT_NE(InquiryIdOf(kDesk, "x").bits, MessageIdOf(kDesk, "x").bits);
  EXPECT_NE(OrderIdOf(kDesk, "x").bits, RequestIdOf(kDesk, "x").bits);
}

TEST(Surface, NothingOutsideIsNoId) {
  EXPECT_TRUE(InquiryIdOf(kDesk, "").none());
  EXPECT_TRUE(OrderIdOf(kDesk, "").none());
  EXPECT_TRUE(RequestIdOf(kDesk, "").none());
}

TEST(Surface, InquiryIdsAre32HexDigits) {
  const InquiryId id = InquiryIdOf(kDesk, "event-1");
  EXPECT_EQ(*ParseInquiryId("inquiry_id", id.ToString()), id);
  EXPECT_EQ(ParseInquiryId("inquiry_id", "12").status().message(),
            "inquiry_id: an inquiry id is 32 lower-case hex digits, not zero");
  EXPECT_FALSE(ParseInquiryId("inquiry_id", std::string(32, '0')).ok());
  EXPECT_FALSE(ParseInquiryId("inquiry_id", std::string(32, 'F')).ok());
}

TEST(Surface, NamesSayWhatIsWrong) {
  EXPECT_EQ(ParseName<DeskName>("desk", "eu")->view(), "eu");
  EXPECT_EQ(ParseName<DeskName>("desk", "").status().message(), "desk: required");
  EXPECT_TRUE(ParseName<DeskName>("desk", "", NameIs::kOptional)->none());
  EXPECT_EQ(ParseName<DeskName>("desk", std::string(40, 'd')).status().message(),
            "desk: a name has at most 39 bytes and no control characters");
}

TEST(Surface, TimesComeBackToTheMicrosecond) {
  for (const std::int64_t micros : {std::int64_t{0}, std::int64_t{1'718'000'000'123'456},
                                    std::int64_t{-1}, std::int64_t{-1'000'001}}) {
    const google::protobuf::Timestamp timestamp = ToTimestamp(FromMicros(micros));
    EXPECT_GE(timestamp.nanos(), 0);
    const auto back = FromTimestamp("at", timestamp);
    ASSERT_TRUE(back.ok()) << back.status();
    EXPECT_EQ(ToMicros(*back), micros);
  }
  google::protobuf::Timestamp broken;
  broken.set_nanos(1'000'000'000);
  EXPECT_FALSE(FromTimestamp("at", broken).ok());
  broken.set_nanos(0);
  broken.set_seconds(INT64_MAX);
  EXPECT_FALSE(FromTimestamp("at", broken).ok());
}

TEST(Surface, SpansAreHeldToTheirBounds) {
  google::protobuf::Duration duration;
  EXPECT_EQ(FromDuration("f", duration).value(), 0s);
  duration.set_seconds(90);
  duration.set_nanos(1'999);
  EXPECT_EQ(FromDuration("f", duration).value(), 90s + 1us);
  duration.set_nanos(-1);
  EXPECT_EQ(FromDuration("f", duration).status().message(), "f: a span of 0 to 100 years");
  duration.set_nanos(0);
  for (const std::int64_t seconds : {std::int64_t{-1}, INT64_MAX, INT64_MIN}) {
    duration.set_seconds(seconds);
    EXPECT_FALSE(FromDuration("f", duration).ok()) << seconds;
  }
}

TEST(Surface, FeaturesComeBackAsTheyWere) {
  const Features features{ChannelName::Of("chat"), LanguageName::Of("uk"), TopicName::Of("refund"),
                          Sentiment::kNegative,    TierName::Of("gold"),   OrderIdOf(kDesk, "o-1")};
  EXPECT_EQ(*FromFeatures(ToFeatures(features)), features);
  v1::Features broken = ToFeatures(features);
  broken.set_order("short");
  EXPECT_EQ(FromFeatures(broken).status().message(), "features.order: an id has 16 bytes");
}

}  // namespace
}  // namespace usher::wire
