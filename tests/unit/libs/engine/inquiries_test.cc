#include "unit/libs/engine/shop.h"

namespace usher::engine {
namespace {

TEST(Cancel, AndAbandonOfAnUnknownInquiryAreRejected) {
  Shop shop;
  ExpectRejected(shop.Do(CancelInquiry{I(1), CancelReason::kShop}), RejectReason::kUnknownInquiry);
  const DecisionList decisions = shop.Do(AbandonInquiry{I(1)});
  ExpectRejected(decisions, RejectReason::kUnknownInquiry);
  EXPECT_EQ(Only<CommandRejected>(decisions).inquiry, I(1));
  EXPECT_EQ(Only<CommandRejected>(decisions).command, CommandBody(AbandonInquiry{}).index());
}

TEST(Cancel, EndsAWaitingInquiryWithItsTimers) {
  Shop shop;
  shop.Place(1);
  const DecisionList decisions = shop.Do(CancelInquiry{I(1), CancelReason::kSpam});
  ASSERT_EQ(decisions.size(), 1U);
  EXPECT_EQ(Only<InquiryCancelled>(decisions), (InquiryCancelled{I(1), CancelReason::kSpam}));
  EXPECT_EQ(shop.engine().inquiries(), 0U);
  EXPECT_EQ(shop.engine().next_timer(), kNever);
}

TEST(Cancel, RescindsAnOfferFirstAndFreesTheAgent) {
  Shop shop;
  shop.Join("ana");
  shop.Place(1);
  shop.Place(2);
  const DecisionList decisions = shop.Do(CancelInquiry{I(1), CancelReason::kShop});
  ASSERT_EQ(decisions.size(), 3U);
  EXPECT_EQ(std::get<OfferRescinded>(decisions[0].body),
            (OfferRescinded{O(1), I(1), A("ana"), RescindCause::kInquiryCancelled}));
  EXPECT_TRUE(std::holds_alternative<InquiryCancelled>(decisions[1].body));
  EXPECT_EQ(std::get<OfferMade>(decisions[2].body).reason, OfferReason::kInTime);
  EXPECT_EQ(Offers(decisions), "2->ana");
}

TEST(Abandon, HoldsForAnAssignedInquiryToo) {
  Shop shop;
  shop.Join("ana");
  shop.Place(1);
  shop.Accept(1, "ana");
  const DecisionList decisions = shop.At(30s).Do(AbandonInquiry{I(1)});
  ASSERT_EQ(decisions.size(), 1U);
  EXPECT_EQ(Only<InquiryAbandoned>(decisions), (InquiryAbandoned{I(1), 30s}));
  EXPECT_EQ(Offers(shop.Place(2)), "2->ana");
}

TEST(Abandon, SaysWhyTheOfferIsRescinded) {
  Shop shop;
  shop.Join("ana");
  shop.Place(1);
  EXPECT_EQ(Only<OfferRescinded>(shop.Do(AbandonInquiry{I(1)})).cause,
            RescindCause::kInquiryAbandoned);
}

TEST(Reply, IsRejectedUnlessTheAgentOwnsTheInquiry) {
  Shop shop;
  shop.Join("ana");
  ExpectRejected(shop.Do(RecordReply{I(1), A("ana")}), RejectReason::kUnknownInquiry);
  shop.Place(1);  // only offered
  ExpectRejected(shop.Do(RecordReply{I(1), A("ana")}), RejectReason::kNotAssigned);
  shop.Place(2);  // waiting
  ExpectRejected(shop.Do(RecordReply{I(2), A("ana")}), RejectReason::kNotAssigned);
  shop.Accept(1, "ana");
  const DecisionList decisions = shop.Do(RecordReply{I(1), A("bo")});
  ExpectRejected(decisions, RejectReason::kNotTheOwner);
  EXPECT_EQ(Only<CommandRejected>(decisions).agent, A("bo"));
  EXPECT_EQ(Only<CommandRejected>(decisions).inquiry, I(1));
}

TEST(Reply, TheFirstOneStopsTheClock) {
  Shop shop;
  shop.Join("ana");
  shop.Place(1);
  shop.Accept(1, "ana");
  const DecisionList decisions = shop.At(40s).Do(RecordReply{I(1), A("ana")});
  ASSERT_EQ(decisions.size(), 2U);
  EXPECT_EQ(Only<InquiryAnswered>(decisions), (InquiryAnswered{I(1), A("ana"), true, 40s}));
  EXPECT_EQ(Only<SlaMet>(decisions), (SlaMet{I(1), Target::kFirstResponse, kOpening + 100s}));
  EXPECT_EQ(ClockOfFirst(shop.Inquiry(1)), ClockState::kMet);
  EXPECT_EQ(shop.Inquiry(1).stage, Stage::kAnswered);
  EXPECT_EQ(shop.engine().next_timer(), kNever);

  const DecisionList again = shop.At(50s).Do(RecordReply{I(1), A("ana")});
  ASSERT_EQ(again.size(), 1U);
  EXPECT_FALSE(Only<InquiryAnswered>(again).first);
}

TEST(Reply, AfterTheBreachMeetsNothing) {
  Shop shop;
  shop.Join("ana");
  shop.Place(1);
  shop.Accept(1, "ana");
  const DecisionList decisions = shop.At(101s).Do(RecordReply{I(1), A("ana")});
  EXPECT_EQ(All<SlaMet>(decisions).size(), 0U);
  EXPECT_TRUE(Only<InquiryAnswered>(decisions).first);
  EXPECT_EQ(ClockOfFirst(shop.Inquiry(1)), ClockState::kBreached);
}

TEST(Finish, IsRejectedUnlessTheAgentOwnsTheInquiry) {
  Shop shop;
  shop.Join("ana");
  ExpectRejected(shop.Do(FinishInquiry{I(1), A("ana")}), RejectReason::kUnknownInquiry);
  shop.Place(1);
  ExpectRejected(shop.Do(FinishInquiry{I(1), A("ana")}), RejectReason::kNotAssigned);
  shop.Accept(1, "ana");
  ExpectRejected(shop.Do(FinishInquiry{I(1), A("bo")}), RejectReason::kNotTheOwner);
}

TEST(Finish, TellsBothTimesAndTakesTheNext) {
  Shop shop;
  shop.Place(1);
  shop.Place(2);
  shop.At(10s).Join("ana");
  shop.At(15s).Accept(1, "ana");
  const DecisionList decisions = shop.At(60s).Do(FinishInquiry{I(1), A("ana")});
  EXPECT_EQ(Only<InquiryResolved>(decisions), (InquiryResolved{I(1), A("ana"), 45s, 60s}));
  EXPECT_EQ(Offers(decisions), "2->ana");
}

TEST(Finish, WrapUpHoldsTheCapacityUntilItsEnd) {
  Policy policy = SmallPolicy();
  policy.queues[0].wrap_up = 30s;
  Shop shop(policy);
  shop.Join("ana");
  shop.Place(1);
  shop.Accept(1, "ana");
  const std::uint64_t idle = shop.Agent("ana").idle;
  EXPECT_EQ(shop.Do(FinishInquiry{I(1), A("ana")}).size(), 1U);
  ASSERT_EQ(shop.Agent("ana").wrap_ups.size(), 1U);
  EXPECT_EQ(shop.Agent("ana").wrap_ups[0].channel, ChannelName::Of("chat"));
  EXPECT_EQ(shop.Agent("ana").idle, idle);
  EXPECT_EQ(Offers(shop.Place(2)), "");
  const DecisionList early = shop.At(29s).Do(Tick{});
  EXPECT_EQ(early.size(), 0U);
  const DecisionList decisions = shop.At(31s).Do(Tick{});
  ASSERT_EQ(decisions.size(), 2U);
  EXPECT_EQ(decisions[0].at, kOpening + 30s);
  EXPECT_EQ(Only<WrapUpEnded>(decisions), (WrapUpEnded{I(1), A("ana")}));
  EXPECT_EQ(Offers(decisions), "2->ana");
}

TEST(Finish, WrapUpCountsForTheChannelLimitToo) {
  Policy policy = SmallPolicy();
  policy.queues[0].wrap_up = 30s;
  Shop shop(policy);
  shop.Register("ana", {Skill("billing", 80)}, 5, {{ChannelName::Of("chat"), 1}});
  shop.Present("ana", Presence::kAvailable);
  shop.Place(1);
  shop.Accept(1, "ana");
  shop.Do(FinishInquiry{I(1), A("ana")});
  EXPECT_EQ(Offers(shop.Place(2)), "");
  EXPECT_EQ(Offers(shop.Place(3, "billing", "email")), "3->ana");
  EXPECT_EQ(Offers(shop.At(30s).Do(Tick{})).substr(0, 6), "2->ana");
}

}  // namespace
}  // namespace usher::engine
