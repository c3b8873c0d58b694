#include "unit/libs/engine/shop.h"

namespace usher::engine {
namespace {

TEST(TryAgents, TakesTheOneWithTheFewestSkills) {
  Shop shop;
  shop.Join("both", 1, {Skill("billing", 90), Skill("returns", 90)});
  shop.Join("one", 1, {Skill("billing", 50)});
  const DecisionList decisions = shop.Place(1);
  EXPECT_EQ(Offers(decisions), "1->one");
  EXPECT_EQ(Only<OfferMade>(decisions).reason, OfferReason::kArrival);
  EXPECT_EQ(Offers(shop.Place(2)), "2->both");
}

TEST(TryAgents, AmongEqualsTakesTheLongestIdle) {
  Shop shop;
  for (const char* name : {"ana", "bo", "cy"}) shop.Join(name, 2);
  EXPECT_EQ(Offers(shop.Place(1)), "1->ana");
  EXPECT_EQ(Offers(shop.Place(2)), "2->bo");
  shop.Do(CancelInquiry{I(1), CancelReason::kShop});  // ana is the last to have changed work
  EXPECT_EQ(Offers(shop.Place(3)), "3->cy");
  EXPECT_EQ(Offers(shop.Place(4)), "4->bo");
  EXPECT_EQ(Offers(shop.Place(5)), "5->ana");
}

TEST(TryAgents, DifferentLevelsDoNotChangeWhoIsLongestIdle) {
  Shop shop;
  shop.Join("low", 1, {Skill("billing", 50)});
  shop.Join("high", 1, {Skill("billing", 100)});
  EXPECT_EQ(Offers(shop.Place(1)), "1->low");
  EXPECT_EQ(Offers(shop.Place(2)), "2->high");
}

TEST(TryAgents, AsksForTheSkillAtItsLevel) {
  Shop shop;
  shop.Join("junior", 1, {Skill("billing", 49)});
  shop.Join("other", 1, {Skill("returns", 100)});
  EXPECT_EQ(Offers(shop.Place(1)), "");
  shop.Join("senior", 1, {Skill("billing", 50)});
  EXPECT_EQ(shop.Inquiry(1).stage, Stage::kOffered);
}

TEST(TryAgents, ANeedOfLevelZeroStillNeedsTheSkill) {
  Policy policy = SmallPolicy();
  policy.queues[0].requirement.needs = {Skill("billing", 0)};
  Shop shop(policy);
  shop.Join("other", 1, {Skill("returns", 100)});
  EXPECT_EQ(Offers(shop.Place(1)), "");
  shop.Join("zero", 1, {Skill("billing", 0)});
  EXPECT_EQ(shop.Inquiry(1).stage, Stage::kOffered);
}

TEST(TryAgents, NeverGivesMoreUnitsThanThereAre) {
  Shop shop;
  shop.Join("ana", 3);
  EXPECT_EQ(Offers(shop.Place(1)), "1->ana");
  EXPECT_EQ(Offers(shop.Place(2, "billing", "voice")), "");  // 1 + 3 > 3
  EXPECT_EQ(Offers(shop.Place(3, "billing", "email")), "3->ana");
  shop.Do(CancelInquiry{I(1), CancelReason::kShop});
  EXPECT_EQ(shop.Inquiry(2).stage, Stage::kWaiting);
  EXPECT_EQ(Offers(shop.Do(CancelInquiry{I(3), CancelReason::kShop})), "2->ana");
}

TEST(TryAgents, NeverGivesMoreOfAChannelThanItsLimit) {
  Shop shop;
  shop.Register("ana", {Skill("billing", 80)}, 5, {{ChannelName::Of("chat"), 1}});
  shop.Present("ana", Presence::kAvailable);
  EXPECT_EQ(Offers(shop.Place(1)), "1->ana");
  EXPECT_EQ(Offers(shop.Place(2)), "");
  EXPECT_EQ(Offers(shop.Place(3, "billing", "email")), "3->ana");
  EXPECT_EQ(Offers(shop.Do(AbandonInquiry{I(1)})), "2->ana");
}

TEST(TryInquiries, TakesWhatIsDueSoonThenPriorityThenArrival) {
  Policy policy = SmallPolicy();
  policy.sla_classes.push_back(Sla("slow", 1000s, 750));
  policy.queues[1].requirement.needs = policy.queues[0].requirement.needs;
  policy.queues[1].sla = SlaName::Of("slow");
  policy.routes[1].priority = 5;
  Shop shop(policy);
  shop.Place(1, "other");  // due at 1000s
  shop.At(1s).Place(2);    // due at 101s
  shop.At(1s).Place(3);    // the same, later
  PlaceInquiry high = Shop::Message(4, "other");
  high.priority = 6;
  shop.Do(high);
  EXPECT_EQ(Offers(shop.Join("ana", 4)), "2->ana 3->ana 4->ana 1->ana");
}

TEST(TryInquiries, PutsWhatHasNoClockLast) {
  Shop shop;
  PlaceInquiry general = Shop::Message(1, "other");
  general.priority = 5;
  shop.Do(general);
  shop.Place(2);
  EXPECT_EQ(Offers(shop.Join("ana", 2)), "2->ana 1->ana");
}

TEST(TryInquiries, TakesThoseInTimeBeforeTheLate) {
  Policy policy = SmallPolicy();
  policy.late_share_permille = 0;
  Shop shop(policy);
  shop.Place(1);
  shop.At(100s).Place(2);
  const DecisionList decisions = shop.Join("ana", 2);
  EXPECT_EQ(Offers(decisions), "2->ana 1->ana");
  const std::vector<OfferMade> made = All<OfferMade>(decisions);
  EXPECT_EQ(made[0].reason, OfferReason::kInTime);
  EXPECT_EQ(made[1].reason, OfferReason::kOnlyLate);
}

TEST(TryInquiries, KeepsAShareForTheLate) {
  Policy policy = SmallPolicy();
  policy.late_share_permille = 400;
  Shop shop(policy);
  for (std::uint64_t i = 1; i <= 5; ++i) shop.Place(i);
  shop.At(100s);
  for (std::uint64_t i = 11; i <= 15; ++i) shop.Place(i);
  const DecisionList decisions = shop.Join("ana", 5);
  // Credit 400, 800, 1200: the third pick is owed; then 600, 1000: the fifth.
  EXPECT_EQ(Offers(decisions), "11->ana 12->ana 1->ana 13->ana 2->ana");
  EXPECT_EQ(All<OfferMade>(decisions)[2].reason, OfferReason::kLateShare);
  EXPECT_EQ(shop.engine().Save().late_credit, 0U);
}

TEST(TryInquiries, OwesTheLateNothingWhileOnlyOneSideWaits) {
  Shop shop;
  shop.Place(1);
  shop.Place(2);
  shop.Join("ana", 1);
  EXPECT_EQ(shop.engine().Save().late_credit, 0U);
}

TEST(TryInquiries, TheLateGoByAgeWhateverTheirPriority) {
  Shop shop;
  shop.Place(1);
  PlaceInquiry high = Shop::Message(2);
  high.priority = 9;
  shop.At(1s).Do(high);
  EXPECT_EQ(Offers(shop.At(200s).Join("ana", 2)), "1->ana 2->ana");
}

TEST(TryInquiries, StepsOverThoseThatExcludeTheAgent) {
  Shop shop;
  shop.Join("ana");
  shop.Place(1);
  shop.Place(2);
  EXPECT_EQ(Offers(shop.Decline(1, "ana")), "2->ana");
  shop.Place(3);
  EXPECT_EQ(Offers(shop.Do(CancelInquiry{I(2), CancelReason::kShop})), "3->ana");
  EXPECT_EQ(Offers(shop.Join("bo")), "1->bo");
}

TEST(MakeOffer, ExpiresAfterTheWindowOfItsQueue) {
  Shop shop;
  shop.Join("ana");
  const OfferMade made = Only<OfferMade>(shop.At(3s).Place(1));
  EXPECT_EQ(made.offer, O(1));
  EXPECT_EQ(made.queue, Q("billing"));
  EXPECT_EQ(made.expires, kOpening + 23s);
  EXPECT_EQ(shop.Inquiry(1).offers.at(0).made_at, kOpening + 3s);
}

TEST(MakeOffer, IsAcceptedAtOnceIfTheQueueSaysSo) {
  Policy policy = SmallPolicy();
  policy.queues[0].auto_accept = true;
  Shop shop(policy);
  shop.Join("ana");
  const DecisionList decisions = shop.Place(1);
  ASSERT_EQ(decisions.size(), 3U);
  EXPECT_EQ(Only<OfferMade>(decisions).expires, kNever);
  EXPECT_EQ(Only<OfferAccepted>(decisions), (OfferAccepted{O(1), I(1), A("ana"), true}));
  const InquiryState inquiry = shop.Inquiry(1);
  EXPECT_EQ(inquiry.stage, Stage::kAssigned);
  EXPECT_EQ(inquiry.agent, A("ana"));
  EXPECT_TRUE(inquiry.offers.empty());
  EXPECT_EQ(inquiry.assigned_at, kOpening);
}

}  // namespace
}  // namespace usher::engine
