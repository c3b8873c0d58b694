#include "unit/libs/engine/shop.h"

namespace usher::engine {
namespace {

TEST(Accept, MakesTheAgentTheOwner) {
  Shop shop;
  shop.Join("ana");
  shop.Place(1);
  const DecisionList decisions = shop.At(7s).Accept(1, "ana");
  ASSERT_EQ(decisions.size(), 1U);
  EXPECT_EQ(Only<OfferAccepted>(decisions), (OfferAccepted{O(1), I(1), A("ana"), false}));
  const InquiryState inquiry = shop.Inquiry(1);
  EXPECT_EQ(inquiry.stage, Stage::kAssigned);
  EXPECT_EQ(inquiry.assigned_at, kOpening + 7s);
  EXPECT_EQ(shop.At(30s).Do(Tick{}).size(), 0U);  // nothing expires any more
}

TEST(Accept, AndDeclineRefuseAnOfferThatIsNotOpen) {
  Shop shop;
  shop.Join("ana");
  const DecisionList decisions = shop.Do(AcceptOffer{O(1), A("ana")});
  ExpectRejected(decisions, RejectReason::kUnknownOffer);
  EXPECT_EQ(Only<CommandRejected>(decisions).offer, O(1));
  shop.Place(1);
  shop.Accept(1, "ana");
  ExpectRejected(shop.Do(AcceptOffer{O(1), A("ana")}), RejectReason::kUnknownOffer);
  ExpectRejected(shop.Do(DeclineOffer{O(1), A("ana"), DeclineReason::kBusy}),
                 RejectReason::kUnknownOffer);
}

TEST(Accept, AndDeclineRefuseAnothersOffer) {
  Shop shop;
  shop.Join("ana");
  shop.Place(1);
  shop.Join("bo");
  ExpectRejected(shop.Do(AcceptOffer{O(1), A("bo")}), RejectReason::kNotTheOwner);
  ExpectRejected(shop.Do(DeclineOffer{O(1), A("bo"), DeclineReason::kBusy}),
                 RejectReason::kNotTheOwner);
  EXPECT_EQ(shop.OfferOf(1), 1U);
}

TEST(Decline, GoesToTheNextAgentAndExcludesTheFirst) {
  Shop shop;
  shop.Join("ana");
  shop.Join("bo");
  shop.Place(1);
  const DecisionList decisions = shop.At(5s).Decline(1, "ana");
  EXPECT_EQ(Only<OfferDeclined>(decisions),
            (OfferDeclined{O(1), I(1), A("ana"), DeclineReason::kBusy}));
  EXPECT_EQ(Offers(decisions), "1->bo");
  EXPECT_EQ(Only<OfferMade>(decisions).reason, OfferReason::kReoffered);
  const std::vector<Exclusion> exclusions = shop.Inquiry(1).exclusions;
  ASSERT_EQ(exclusions.size(), 1U);
  EXPECT_EQ(exclusions[0].agent, A("ana"));
  EXPECT_EQ(exclusions[0].end.at, kOpening + 65s);
}

TEST(Decline, WithoutACoolDownMayComeStraightBack) {
  Policy policy = SmallPolicy();
  policy.decline_cooldown = 0s;
  Shop shop(policy);
  shop.Join("ana");
  shop.Place(1);
  EXPECT_EQ(Offers(shop.Decline(1, "ana")), "1->ana");
  EXPECT_TRUE(shop.Inquiry(1).exclusions.empty());
}

TEST(Decline, ALoneAgentIsAskedAgainAfterTheCoolDown) {
  Shop shop;
  shop.Join("ana");
  shop.Place(1);
  EXPECT_EQ(Offers(shop.Decline(1, "ana")), "");
  EXPECT_EQ(Offers(shop.At(59s).Do(Tick{})), "");
  const DecisionList decisions = shop.At(60s).Do(Tick{});
  EXPECT_EQ(Offers(decisions), "1->ana");
  EXPECT_EQ(Only<OfferMade>(decisions).reason, OfferReason::kChanged);
}

TEST(Decline, KeepsTheInquirysPlace) {
  Shop shop;
  shop.Join("ana");
  shop.Place(1);
  shop.At(1s).Place(2);
  EXPECT_EQ(Offers(shop.At(2s).Decline(1, "ana")), "2->ana");
  EXPECT_EQ(Offers(shop.At(3s).Join("bo")), "1->bo");
}

TEST(Decline, OverTheBoundTheOldestExclusionGivesWay) {
  Limits limits;
  limits.exclusions_max = 2;
  Shop shop(SmallPolicy(), limits);
  for (const char* name : {"ana", "bo", "cy"}) shop.Join(name);
  shop.Place(1);
  shop.Decline(1, "ana");
  shop.Decline(1, "bo");
  // Ana's exclusion makes room for cy's, so it goes to ana again.
  EXPECT_EQ(Offers(shop.Decline(1, "cy")), "1->ana");
  const std::vector<Exclusion> exclusions = shop.Inquiry(1).exclusions;
  ASSERT_EQ(exclusions.size(), 2U);
  EXPECT_EQ(exclusions[0].agent, A("bo"));
  EXPECT_EQ(exclusions[1].agent, A("cy"));
}

TEST(Decline, WithNoRoomForExclusionsKeepsNone) {
  Limits limits;
  limits.exclusions_max = 0;
  Shop shop(SmallPolicy(), limits);
  shop.Join("ana");
  shop.Place(1);
  EXPECT_EQ(Offers(shop.Decline(1, "ana")), "1->ana");
}

TEST(Expiry, ComesAtItsTimeAndNotBefore) {
  Shop shop;
  shop.Join("ana");
  shop.Join("bo");
  shop.Place(1);
  EXPECT_EQ(shop.At(20s - 1us).Do(Tick{}).size(), 0U);
  const DecisionList decisions = shop.At(20s).Do(Tick{});
  ASSERT_EQ(decisions.size(), 2U);
  EXPECT_EQ(Only<OfferExpired>(decisions), (OfferExpired{O(1), I(1), A("ana")}));
  EXPECT_EQ(Offers(decisions), "1->bo");
  EXPECT_EQ(shop.Agent("ana").missed, 1U);
}

TEST(Expiry, AcceptingOrDecliningForgetsTheMissedOnes) {
  Shop shop;
  shop.Join("ana");
  shop.Place(1);
  shop.At(20s).Do(Tick{});
  shop.Place(2);
  EXPECT_EQ(shop.Agent("ana").missed, 1U);
  shop.Accept(2, "ana");
  EXPECT_EQ(shop.Agent("ana").missed, 0U);
}

TEST(Expiry, TooManyInARowPutTheAgentAwayAndRescindTheRest) {
  Policy policy = SmallPolicy();
  policy.missed_offers_max = 2;
  Shop shop(policy);
  shop.Join("ana", 3);
  shop.Place(1);
  shop.Place(2);
  shop.At(1s).Place(3);
  shop.At(2s).Join("bo");
  const DecisionList decisions = shop.At(20s).Do(Tick{});
  ASSERT_EQ(decisions.size(), 5U);
  EXPECT_EQ(std::get<OfferExpired>(decisions[0].body).inquiry, I(1));
  EXPECT_EQ(std::get<OfferMade>(decisions[1].body).agent, A("bo"));
  EXPECT_EQ(std::get<OfferExpired>(decisions[2].body).inquiry, I(2));
  EXPECT_EQ(std::get<PresenceChanged>(decisions[3].body),
            (PresenceChanged{A("ana"), Presence::kAway, AwayReason::kMissedOffers}));
  EXPECT_EQ(std::get<OfferRescinded>(decisions[4].body),
            (OfferRescinded{O(3), I(3), A("ana"), RescindCause::kAgentUnavailable}));
  EXPECT_EQ(shop.Agent("ana").missed, 0U);
  EXPECT_TRUE(shop.Inquiry(3).exclusions.empty());
  EXPECT_EQ(shop.Inquiry(3).stage, Stage::kWaiting);
}

TEST(Expiry, NeverPutsAnAgentAwayIfThePolicySaysZero) {
  Policy policy = SmallPolicy();
  policy.missed_offers_max = 0;
  policy.decline_cooldown = 0s;
  policy.queues[0].sla = SlaName();
  Shop shop(policy);
  shop.Join("ana");
  shop.Place(1);
  EXPECT_EQ(All<OfferExpired>(shop.At(200s).Do(Tick{})).size(), 10U);
  EXPECT_EQ(shop.Agent("ana").presence, Presence::kAvailable);
  EXPECT_EQ(shop.Agent("ana").missed, 10U);
}

}  // namespace
}  // namespace usher::engine
