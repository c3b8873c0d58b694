#include "wire/enums.h"

#include <gtest/gtest.h>

namespace usher::wire {
namespace {

// Every enumerator up to `last` has a proto of its own, and comes back from it.
template <class Enum>
void ExpectRoundTrip(Enum last) {
  for (int number = 0; number <= static_cast<int>(last); ++number) {
    const auto value = static_cast<Enum>(number);
    const auto back = FromProto(ToProto(value));
    ASSERT_TRUE(back.has_value()) << number;
    EXPECT_EQ(*back, value) << number;
  }
}

TEST(Enums, EveryModelValueComesBackFromItsProto) {
  ExpectRoundTrip(Sentiment::kPositive);
  ExpectRoundTrip(Stage::kPending);
  ExpectRoundTrip(Presence::kDraining);
  ExpectRoundTrip(AwayReason::kMissedOffers);
  ExpectRoundTrip(OfferReason::kChanged);
  ExpectRoundTrip(DeclineReason::kOther);
  ExpectRoundTrip(RescindCause::kInquiryUpdated);
  ExpectRoundTrip(RequeueReason::kTransferred);
  ExpectRoundTrip(CancelReason::kOther);
  ExpectRoundTrip(RejectReason::kBadRating);
  ExpectRoundTrip(RepeatReason::kRequest);
  ExpectRoundTrip(Target::kUpdate);
  ExpectRoundTrip(ClockState::kPaused);
  ExpectRoundTrip(WakeCause::kTime);
  ExpectRoundTrip(Verdict::kPaced);
  ExpectRoundTrip(NextChange::kPaceEnd);
  ExpectRoundTrip(Wake::kPool);
  ExpectRoundTrip(Pick::kScore);
  ExpectRoundTrip(Refuge::kReject);
  ExpectRoundTrip(Order::kAgentLevel);
  ExpectRoundTrip(SortField::kRepeat);
  ExpectRoundTrip(ClauseOp::kAttribute);
  ExpectRoundTrip(ScoreOp::kEqual);
}

TEST(Enums, WhatAnOlderPolicyDoesNotSayIsWhatItMeant) {
  EXPECT_EQ(FromProto(v1::SLA_TARGET_UNSPECIFIED), Target::kFirstResponse);
  EXPECT_EQ(FromProto(v1::WAKE_UNSPECIFIED), Wake::kOwner);
  EXPECT_EQ(FromProto(v1::PICK_UNSPECIFIED), Pick::kRarestFirst);
  EXPECT_EQ(FromProto(v1::WAITING_ORDER_UNSPECIFIED), Order::kDefault);
  EXPECT_FALSE(FromProto(v1::REFUGE_UNSPECIFIED).has_value());
  EXPECT_FALSE(FromProto(v1::SORT_FIELD_UNSPECIFIED).has_value());
  EXPECT_FALSE(FromProto(v1::CLAUSE_OP_UNSPECIFIED).has_value());
  EXPECT_FALSE(FromProto(v1::SCORE_OP_UNSPECIFIED).has_value());
}

TEST(Enums, SetsThatStartAtDifferentNumbersAreNotCast) {
  EXPECT_EQ(ToProto(Presence::kOffline), v1::PRESENCE_OFFLINE);
  EXPECT_EQ(ToProto(Stage::kWaiting), v1::STAGE_WAITING);
  EXPECT_FALSE(FromProto(v1::PRESENCE_UNSPECIFIED).has_value());
  EXPECT_FALSE(FromProto(v1::STAGE_RESOLVED).has_value());
}

TEST(Enums, NumbersOfANewerWriterHaveNoMeaning) {
  EXPECT_FALSE(FromProto(static_cast<v1::RejectReason>(10'000)).has_value());
  EXPECT_FALSE(FromProto(static_cast<v1::Sentiment>(-1)).has_value());
}

}  // namespace
}  // namespace usher::wire
