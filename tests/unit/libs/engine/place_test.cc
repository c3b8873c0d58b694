#include "unit/libs/engine/shop.h"

namespace usher::engine {
namespace {

InquiryRejected Refused(const DecisionList& decisions, RejectReason reason) {
  EXPECT_EQ(decisions.size(), 1U);
  const InquiryRejected rejected = Only<InquiryRejected>(decisions);
  EXPECT_EQ(rejected.reason, reason);
  return rejected;
}

TEST(Place, IsRefusedBeforeTheFirstPolicy) {
  Engine engine((Limits()));
  DecisionList decisions;
  engine.Apply({.at = kOpening, .body = Shop::Message(1)}, decisions);
  const InquiryRejected rejected = Refused(decisions, RejectReason::kNoPolicy);
  EXPECT_EQ(rejected.inquiry, I(1));
  EXPECT_EQ(rejected.message, MessageId::FromNumber(1));
  EXPECT_EQ(engine.inquiries(), 0U);
}

TEST(Place, RefusesAPriorityOverNine) {
  Shop shop;
  PlaceInquiry place = Shop::Message(1);
  place.priority = 10;
  Refused(shop.Do(place), RejectReason::kBadPriority);
}

TEST(Place, RefusesAChannelThePolicyHasNot) {
  Shop shop;
  Refused(shop.Place(1, "billing", "fax"), RejectReason::kUnknownChannel);
}

TEST(Place, RefusesAQueueThePolicyHasNotAndSaysWhich) {
  Shop shop;
  PlaceInquiry place = Shop::Message(1);
  place.queue = Q("returns");
  EXPECT_EQ(Refused(shop.Do(place), RejectReason::kUnknownQueue).queue, Q("returns"));
}

TEST(Place, ChecksPriorityBeforeChannelBeforeQueue) {
  Shop shop;
  PlaceInquiry place = Shop::Message(1, "billing", "fax");
  place.queue = Q("returns");
  Refused(shop.Do(place), RejectReason::kUnknownChannel);
  place.priority = 10;
  Refused(shop.Do(place), RejectReason::kBadPriority);
}

TEST(Place, JoinsTheOpenInquiryOfItsConversation) {
  Shop shop;
  PlaceInquiry place = Shop::Message(1);
  place.conversation = ConversationId::FromNumber(7);
  shop.Do(place);
  place.inquiry = I(2);
  place.message = MessageId::FromNumber(2);
  const DecisionList decisions = shop.Do(place);
  ASSERT_EQ(decisions.size(), 1U);
  EXPECT_EQ(Only<MessageJoined>(decisions), (MessageJoined{I(1), MessageId::FromNumber(2)}));
  EXPECT_EQ(shop.engine().inquiries(), 1U);
}

TEST(Place, OpensANewInquiryOnceTheConversationsOldOneEnded) {
  Shop shop;
  PlaceInquiry place = Shop::Message(1);
  place.conversation = ConversationId::FromNumber(7);
  shop.Do(place);
  shop.Do(CancelInquiry{I(1), CancelReason::kSpam});
  place.inquiry = I(2);
  EXPECT_EQ(Only<InquiryPlaced>(shop.Do(place)).inquiry, I(2));
}

TEST(Place, WithoutAConversationNeverJoins) {
  Shop shop;
  shop.Place(1);
  EXPECT_EQ(All<InquiryPlaced>(shop.Place(2)).size(), 1U);
}

TEST(Place, RefusesTheIdOfAnOpenInquiry) {
  Shop shop;
  shop.Place(1);
  EXPECT_TRUE(Refused(shop.Place(1), RejectReason::kInquiryExists).queue.none());
  EXPECT_EQ(shop.engine().inquiries(), 1U);
}

TEST(Place, RefusesMoreThanTheDeskMayHold) {
  Limits limits;
  limits.inquiries_max = 2;
  Shop shop(SmallPolicy(), limits);
  shop.Place(1);
  shop.Place(2);
  Refused(shop.Place(3), RejectReason::kTooManyInquiries);
  shop.Do(CancelInquiry{I(1), CancelReason::kShop});
  EXPECT_EQ(All<InquiryPlaced>(shop.Place(3)).size(), 1U);
}

TEST(Place, RefusesWhatAFullQueueCantTakeWaitingAndOfferedCountAlike) {
  Policy policy = SmallPolicy();
  policy.queues[0].max_waiting = 2;
  Shop shop(policy);
  shop.Join("ana");
  EXPECT_EQ(Offers(shop.Place(1)), "1->ana");
  shop.Place(2);
  EXPECT_EQ(Refused(shop.Place(3), RejectReason::kQueueFull).queue, Q("billing"));
  shop.Accept(1, "ana");  // an assigned one no longer counts
  EXPECT_EQ(All<InquiryPlaced>(shop.Place(3)).size(), 1U);
  EXPECT_EQ(All<InquiryPlaced>(shop.Place(4, "other")).size(), 1U);
}

TEST(Place, TellsAllThatItKnowsOfTheInquiry) {
  Shop shop;
  PlaceInquiry place = Shop::Message(1);
  place.conversation = ConversationId::FromNumber(7);
  place.customer = CustomerId::FromNumber(8);
  place.features.tier = TierName::Of("vip");
  const DecisionList decisions = shop.At(5s).Do(place);
  ASSERT_EQ(decisions.size(), 1U);
  EXPECT_EQ(decisions[0].at, kOpening + 5s);
  const InquiryPlaced placed = Only<InquiryPlaced>(decisions);
  EXPECT_EQ(placed.conversation, place.conversation);
  EXPECT_EQ(placed.customer, place.customer);
  EXPECT_EQ(placed.features, place.features);
  EXPECT_EQ(placed.queue, Q("billing"));
  EXPECT_EQ(placed.route, RouteName::Of("billing-topic"));
  EXPECT_EQ(placed.priority, 5);
  EXPECT_EQ(placed.sla, SlaName::Of("gold"));
  EXPECT_EQ(placed.due, kOpening + 105s);
}

TEST(Place, GoesByTheFirstRouteThatMatches) {
  Shop shop;
  const InquiryPlaced placed = Only<InquiryPlaced>(shop.Place(1, "other"));
  EXPECT_EQ(placed.queue, Q("general"));
  EXPECT_EQ(placed.route, RouteName::Of("otherwise"));
  EXPECT_EQ(placed.priority, 3);
  EXPECT_EQ(placed.due, kNever);
}

TEST(Place, NamedQueueAndPriorityGoBeforeTheRoutes) {
  Shop shop;
  PlaceInquiry place = Shop::Message(1);
  place.queue = Q("general");
  InquiryPlaced placed = Only<InquiryPlaced>(shop.Do(place));
  EXPECT_EQ(placed.queue, Q("general"));
  EXPECT_TRUE(placed.route.none());
  EXPECT_EQ(placed.priority, 5);  // unless named, whatever the routes say

  place = Shop::Message(2);
  place.priority = 9;
  placed = Only<InquiryPlaced>(shop.Do(place));
  EXPECT_EQ(placed.route, RouteName::Of("billing-topic"));
  EXPECT_EQ(placed.priority, 9);
}

TEST(Place, SetsTheWarnTimerBeforeTheBreachTimer) {
  Shop shop;
  shop.Place(1);
  const InquiryState inquiry = shop.Inquiry(1);
  EXPECT_EQ(ClockOfFirst(inquiry), ClockState::kRunning);
  EXPECT_EQ(inquiry.clocks.at(0).warn, (Timer{kOpening + 75s, 1}));
  EXPECT_EQ(inquiry.clocks.at(0).breach, (Timer{kOpening + 100s, 2}));
}

TEST(Place, WithoutAWarningShareThereIsOnlyTheBreach) {
  Policy policy = SmallPolicy();
  policy.sla_classes[0].warn_permilles = {};
  Shop shop(policy);
  shop.Place(1);
  EXPECT_FALSE(shop.Inquiry(1).clocks.at(0).warn.set());
  EXPECT_EQ(shop.Inquiry(1).clocks.at(0).breach.order, 1U);
}

TEST(Place, ATargetBeyondAllTimeNeverFires) {
  Policy policy = SmallPolicy();
  policy.sla_classes[0].first_response = Duration::max();
  Shop shop(policy);
  EXPECT_EQ(Only<InquiryPlaced>(shop.Place(1)).due, kNever);
  EXPECT_EQ(ClockOfFirst(shop.Inquiry(1)), ClockState::kRunning);
  EXPECT_EQ(shop.Inquiry(1).clocks.at(0).breach.at, kNever);
  EXPECT_EQ(shop.At(std::chrono::hours(24)).Do(Tick{}).size(), 0U);
}

}  // namespace
}  // namespace usher::engine
