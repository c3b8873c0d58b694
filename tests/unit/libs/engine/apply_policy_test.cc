#include <functional>

#include "unit/libs/engine/shop.h"

namespace usher::engine {
namespace {

// Each spoils a sound policy in one way.
const std::pair<const char*, std::function<void(Policy&)>> kSpoilers[] = {
    {"too many channels",
     [](Policy& p) {
       p.channels.push_back({ChannelName::Of("x"), 1});
     }},
    {"too many SLA classes", [](Policy& p) { p.sla_classes.push_back(Sla("x", 1s, 0)); }},
    {"too many queues",
     [](Policy& p) {
       p.queues.push_back(p.queues[1]);
       p.queues[2].name = Q("x");
     }},
    {"too many routes", [](Policy& p) { p.routes.push_back(p.routes[1]); }},
    {"too many needs",
     [](Policy& p) {
       p.queues[0].requirement.needs = {Skill("a", 1), Skill("b", 1), Skill("c", 1)};
     }},
    {"too many names",
     [](Policy& p) {
       p.queues[0].requirement.needs = {Skill("a", 1), Skill("b", 1)};
       p.queues[1].requirement.needs = {Skill("c", 1)};
     }},
    {"route to no queue", [](Policy& p) { p.routes[0].queue = Q("x"); }},
    {"queue with no SLA class", [](Policy& p) { p.queues[0].sla = SlaName::Of("x"); }},
    {"empty channel", [](Policy& p) { p.channels[0].name = ChannelName(); }},
    {"doubled channel", [](Policy& p) { p.channels[0].name = p.channels[1].name; }},
    {"empty queue", [](Policy& p) { p.queues[0].name = p.routes[0].queue = QueueName(); }},
    {"doubled queue", [](Policy& p) { p.queues[0].name = p.queues[1].name; }},
    {"empty SLA class", [](Policy& p) { p.sla_classes[0].name = p.queues[0].sla = SlaName(); }},
    {"priority over 9", [](Policy& p) { p.routes[0].priority = 10; }},
    {"level over 100", [](Policy& p) { p.queues[0].requirement.needs[0].level = 101; }},
    {"late share over 1000", [](Policy& p) { p.late_share_permille = 1001; }},
    {"warning over 1000", [](Policy& p) { p.sla_classes[0].warn_permilles = {1001}; }},
    {"negative target", [](Policy& p) { p.sla_classes[0].first_response = -1us; }},
    {"negative wrap-up", [](Policy& p) { p.queues[0].wrap_up = -1us; }},
    {"negative cool-down", [](Policy& p) { p.decline_cooldown = -1us; }},
    {"negative window in spite of auto-accept",
     [](Policy& p) {
       p.queues[0].auto_accept = true;
       p.queues[0].offer_window = -1us;
     }},
    {"window under 1 ms", [](Policy& p) { p.queues[0].offer_window = 1ms - 1us; }},
    {"no units", [](Policy& p) { p.channels[0].units = 0; }},
    {"too many units", [](Policy& p) { p.channels[0].units = 1001; }},
    {"needs not sorted",
     [](Policy& p) {
       p.queues[0].requirement.needs = {Skill("b", 1), Skill("a", 1)};
     }},
    {"needs doubled",
     [](Policy& p) {
       p.queues[0].requirement.needs = {Skill("a", 1), Skill("a", 2)};
     }},
    {"no routes", [](Policy& p) { p.routes.clear(); }},
    {"last route takes not all",
     [](Policy& p) { p.routes[1].languages = {LanguageName::Of("de")}; }},
};

TEST(ApplyPolicy, RefusesWhatMakesNoSenseAndChangesNothing) {
  Limits limits;
  limits.channels_max = 3;
  limits.sla_classes_max = 1;
  limits.queues_max = 2;
  limits.routes_max = 2;
  limits.needs_max = 2;
  limits.names_max = 2;
  Shop shop(SmallPolicy(), limits);
  ASSERT_TRUE(shop.engine().Save().has_policy);
  for (const auto& [what, spoil] : kSpoilers) {
    SCOPED_TRACE(what);
    Policy policy = SmallPolicy();
    spoil(policy);
    DeskState before = shop.engine().Save();
    ExpectRejected(shop.Do(ApplyPolicy{policy}), RejectReason::kBadPolicy);
    ++before.commands;
    EXPECT_EQ(shop.engine().Save(), before);
  }
}

TEST(ApplyPolicy, CountsTheAgentsSkillNamesWithItsOwn) {
  Limits limits;
  limits.names_max = 2;
  Shop shop(SmallPolicy(), limits);
  shop.Register("ana", {Skill("returns", 1)});
  Policy policy = SmallPolicy();
  policy.queues[0].requirement.needs = {Skill("refunds", 50)};  // in place of `billing`
  EXPECT_EQ(All<PolicyApplied>(shop.Do(ApplyPolicy{policy})).size(), 1U);
  policy.queues[1].requirement.needs = {Skill("billing", 50)};
  ExpectRejected(shop.Do(ApplyPolicy{policy}), RejectReason::kBadPolicy);
}

TEST(ApplyPolicy, TheSamePolicyAgainMovesNobody) {
  Shop shop;
  shop.Place(1);
  const DecisionList decisions = shop.At(10s).Do(ApplyPolicy{SmallPolicy()});
  ASSERT_EQ(decisions.size(), 1U);
  EXPECT_EQ(Only<PolicyApplied>(decisions), (PolicyApplied{"small", 0}));
  EXPECT_EQ(shop.Inquiry(1).clocks.at(0).due, kOpening + 100s);
  EXPECT_EQ(shop.Inquiry(1).clocks.at(0).warn.at, kOpening + 75s);
}

TEST(ApplyPolicy, RoutesWhatWaitsAgainAndTellsIt) {
  Shop shop;
  shop.Place(1);
  shop.Place(2, "other");
  Policy policy = SmallPolicy();
  policy.version = "second";
  policy.routes[0].queue = Q("general");
  policy.routes[0].priority = 7;
  const DecisionList decisions = shop.Do(ApplyPolicy{policy});
  ASSERT_EQ(decisions.size(), 2U);
  EXPECT_EQ(
      Only<InquiryRerouted>(decisions),
      (InquiryRerouted{I(1), Q("general"), RouteName::Of("billing-topic"), 7, SlaName(), kNever}));
  EXPECT_EQ(Only<PolicyApplied>(decisions), (PolicyApplied{"second", 1}));
  EXPECT_EQ(ClockOfFirst(shop.Inquiry(1)), ClockState::kNone);
  EXPECT_EQ(shop.engine().next_timer(), kNever);
}

TEST(ApplyPolicy, RescindsOffersAndMakesThemAnewByKey) {
  Shop shop;
  shop.Join("ana");
  shop.Place(1, "other");
  shop.Place(2);
  const DecisionList decisions = shop.Do(ApplyPolicy{SmallPolicy()});
  ASSERT_EQ(decisions.size(), 3U);
  EXPECT_EQ(std::get<OfferRescinded>(decisions[0].body),
            (OfferRescinded{O(1), I(1), A("ana"), RescindCause::kPolicyChanged}));
  EXPECT_TRUE(std::holds_alternative<PolicyApplied>(decisions[1].body));
  EXPECT_EQ(std::get<OfferMade>(decisions[2].body).reason, OfferReason::kPolicyChanged);
  EXPECT_EQ(Offers(decisions), "2->ana");  // priority 5 goes before 3
}

TEST(ApplyPolicy, LeavesAssignedInquiriesWithTheirAgentAndGivesThemTheNewDue) {
  Shop shop;
  shop.Join("ana");
  shop.Place(1);
  shop.Accept(1, "ana");
  const InquiryState before = shop.Inquiry(1);
  Policy policy = SmallPolicy();
  policy.queues[0].requirement.needs = {Skill("refunds", 10)};
  policy.sla_classes[0].first_response = 10s;
  shop.Do(ApplyPolicy{policy});
  EXPECT_EQ(shop.Inquiry(1).agent, A("ana"));
  EXPECT_EQ(shop.Inquiry(1).stage, before.stage);
  EXPECT_EQ(shop.Inquiry(1).units, before.units);
  EXPECT_EQ(shop.Inquiry(1).clocks.at(0).due, kOpening + 10s);
}

TEST(ApplyPolicy, ANamedQueueStaysNamedWhileItExists) {
  Shop shop;
  PlaceInquiry place = Shop::Message(1, "other");
  place.queue = Q("billing");
  shop.Do(place);
  Policy policy = SmallPolicy();
  policy.routes[1].priority = 9;
  EXPECT_EQ(Only<PolicyApplied>(shop.Do(ApplyPolicy{policy})).rerouted, 0U);
  EXPECT_TRUE(shop.Inquiry(1).queue_named);

  policy.queues[0].name = policy.routes[0].queue = Q("invoices");
  EXPECT_EQ(Only<InquiryRerouted>(shop.Do(ApplyPolicy{policy})).queue, Q("general"));
  EXPECT_FALSE(shop.Inquiry(1).queue_named);
  EXPECT_EQ(shop.Inquiry(1).priority, 9);
}

TEST(ApplyPolicy, AChannelThatIsGoneKeepsItsUnitsOthersTakeTheNew) {
  Shop shop;
  shop.Place(1, "billing", "voice");
  shop.Place(2, "billing", "chat");
  Policy policy = SmallPolicy();
  policy.channels = {{ChannelName::Of("chat"), 2}};
  shop.Do(ApplyPolicy{policy});
  EXPECT_EQ(shop.Inquiry(1).units, 3U);
  EXPECT_EQ(shop.Inquiry(2).units, 2U);
  EXPECT_EQ(Offers(shop.Join("ana", 2)), "2->ana");
  EXPECT_EQ(Offers(shop.Join("bo", 3)), "1->bo");
}

TEST(ApplyPolicy, AnAgentsLimitHoldsForAChannelThatIsGone) {
  Shop shop;
  shop.Place(1, "billing", "email");
  shop.Place(2, "billing", "email");
  Policy policy = SmallPolicy();
  policy.channels = {{ChannelName::Of("chat"), 1}};
  shop.Do(ApplyPolicy{policy});
  shop.Register("ana", {Skill("billing", 80)}, 5, {{ChannelName::Of("email"), 1}});
  EXPECT_EQ(Offers(shop.Present("ana", Presence::kAvailable)), "1->ana");
  shop.Place(3);
  EXPECT_EQ(Offers(shop.Do(AbandonInquiry{I(1)})), "2->ana");
}

TEST(ApplyPolicy, AnEarlierDueInThePastBreachesAtTheNextCommand) {
  Shop shop;
  shop.Place(1);
  Policy policy = SmallPolicy();
  policy.sla_classes[0].first_response = 10s;
  const DecisionList decisions = shop.At(30s).Do(ApplyPolicy{policy});
  EXPECT_EQ(Only<InquiryRerouted>(decisions).due, kOpening + 10s);
  EXPECT_EQ(ClockOfFirst(shop.Inquiry(1)), ClockState::kWarned);  // its warnings are behind it
  EXPECT_EQ(shop.engine().next_timer(), kOpening + 10s);
  const DecisionList next = shop.Do(Tick{});
  ASSERT_EQ(next.size(), 1U);
  EXPECT_EQ(next[0].at, kOpening + 30s);  // time does not go back for it
  EXPECT_EQ(Only<SlaBreached>(next).due, kOpening + 10s);
}

TEST(ApplyPolicy, ALaterDueLetsABreachedClockRunAgain) {
  Shop shop;
  shop.Place(1);
  shop.At(120s).Do(Tick{});
  Policy policy = SmallPolicy();
  policy.sla_classes[0].first_response = 1000s;
  shop.Do(ApplyPolicy{policy});
  const InquiryState inquiry = shop.Inquiry(1);
  EXPECT_EQ(ClockOfFirst(inquiry), ClockState::kRunning);
  EXPECT_EQ(inquiry.clocks.at(0).warn.at, kOpening + 750s);
  EXPECT_EQ(inquiry.clocks.at(0).breach.at, kOpening + 1000s);
  EXPECT_LT(inquiry.clocks.at(0).warn.order, inquiry.clocks.at(0).breach.order);
}

TEST(ApplyPolicy, AWarningWhoseTimeIsPastIsLeftOut) {
  Shop shop;
  shop.Place(1);
  Policy policy = SmallPolicy();
  policy.sla_classes[0].first_response = 90s;
  shop.At(70s).Do(ApplyPolicy{policy});
  EXPECT_FALSE(shop.Inquiry(1).clocks.at(0).warn.set());
  EXPECT_EQ(shop.Inquiry(1).clocks.at(0).breach.at, kOpening + 90s);
}

TEST(ApplyPolicy, AClockThatWasMetStaysAsItIs) {
  Shop shop;
  shop.Join("ana");
  shop.Place(1);
  shop.Accept(1, "ana");
  shop.Do(RecordReply{I(1), A("ana")});
  shop.Do(RemoveAgent{A("ana")});
  Policy policy = SmallPolicy();
  policy.sla_classes[0].first_response = 500s;
  shop.Do(ApplyPolicy{policy});
  EXPECT_EQ(ClockOfFirst(shop.Inquiry(1)), ClockState::kMet);
  EXPECT_EQ(shop.Inquiry(1).clocks.at(0).due, kOpening + 100s);
  EXPECT_FALSE(shop.Inquiry(1).clocks.at(0).breach.set());
}

TEST(ApplyPolicy, InTimeGoBeforeLateWhenOfferingAnew) {
  Shop shop;
  PlaceInquiry late = Shop::Message(1);
  late.priority = 9;
  shop.Do(late);
  shop.At(100s).Place(2);
  shop.Join("ana", 1, {Skill("refunds", 10)});
  Policy policy = SmallPolicy();
  policy.queues[0].requirement.needs = {Skill("refunds", 10)};
  EXPECT_EQ(Offers(shop.Do(ApplyPolicy{policy})), "2->ana");
}

TEST(ApplyPolicy, CountsTheWaitingOfAQueueAnew) {
  Policy policy = SmallPolicy();
  policy.queues[1].max_waiting = 1;
  Shop shop(policy);
  shop.Place(1);
  shop.Place(2);
  policy.routes[0].queue = Q("general");
  shop.Do(ApplyPolicy{policy});  // both move to `general`, beyond its bound
  EXPECT_EQ(Only<InquiryRejected>(shop.Place(3)).reason, RejectReason::kQueueFull);
  shop.Do(AbandonInquiry{I(1)});
  EXPECT_EQ(Only<InquiryRejected>(shop.Place(3)).reason, RejectReason::kQueueFull);
  shop.Do(AbandonInquiry{I(2)});
  EXPECT_EQ(All<InquiryPlaced>(shop.Place(3)).size(), 1U);
}

TEST(ApplyPolicy, WhatWasAssignedUnderAnOldPolicyComesBackUnderTheNew) {
  Shop shop;
  shop.Join("ana", 3);
  shop.Place(1, "billing", "voice");
  shop.Accept(1, "ana");
  Policy policy = SmallPolicy();
  policy.channels = {{ChannelName::Of("chat"), 1}};
  policy.queues[0].name = policy.routes[0].queue = Q("invoices");
  policy.queues[0].requirement.needs = {Skill("refunds", 10)};
  shop.Do(ApplyPolicy{policy});
  shop.Do(RemoveAgent{A("ana")});
  EXPECT_EQ(shop.Inquiry(1).queue, Q("invoices"));
  EXPECT_EQ(Offers(shop.Join("bo", 2, {Skill("refunds", 10)})), "");  // voice keeps its units
  EXPECT_EQ(Offers(shop.Join("cy", 3, {Skill("refunds", 10)})), "1->cy");
}

}  // namespace
}  // namespace usher::engine
