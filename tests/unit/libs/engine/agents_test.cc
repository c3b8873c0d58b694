#include "unit/libs/engine/shop.h"

namespace usher::engine {
namespace {

TEST(Register, RefusesAnEmptyName) {
  Shop shop;
  ExpectRejected(shop.Register("", {}), RejectReason::kUnknownAgent);
}

TEST(Register, RefusesUnitsOutOfBounds) {
  Shop shop;
  ExpectRejected(shop.Register("ana", {}, 0), RejectReason::kBadCapacity);
  ExpectRejected(shop.Register("ana", {}, shop.limits().units_max + 1), RejectReason::kBadCapacity);
  EXPECT_EQ(shop.Register("ana", {}, shop.limits().units_max).size(), 1U);
}

TEST(Register, RefusesALevelOverAHundred) {
  Shop shop;
  ExpectRejected(shop.Register("ana", {Skill("billing", 101)}), RejectReason::kBadLevel);
  EXPECT_EQ(shop.engine().agents(), 0U);
}

TEST(Register, CountsSkillsAsGivenNotAsKept) {
  Limits limits;
  limits.skills_per_agent_max = 2;
  Shop shop(SmallPolicy(), limits);
  const std::vector<Need> thrice = {Skill("a", 1), Skill("a", 2), Skill("a", 3)};
  ExpectRejected(shop.Register("ana", thrice), RejectReason::kTooManySkills);
}

TEST(Register, RefusesMoreAgentsThanTheDeskMayHold) {
  Limits limits;
  limits.agents_max = 1;
  Shop shop(SmallPolicy(), limits);
  shop.Register("ana", {});
  ExpectRejected(shop.Register("bo", {}), RejectReason::kTooManyAgents);
  EXPECT_EQ(shop.Register("ana", {}, 2).size(), 1U);  // known ones may change
  shop.Do(RemoveAgent{A("ana")});
  EXPECT_EQ(shop.Register("bo", {}).size(), 1U);
}

TEST(Register, RefusesMoreChannelLimitsThanChannels) {
  Limits limits;
  limits.channels_max = 3;
  Shop shop(SmallPolicy(), limits);
  const std::vector<ChannelLimit> four(4, {ChannelName::Of("chat"), 1});
  ExpectRejected(shop.Register("ana", {}, 1, four), RejectReason::kBadCapacity);
}

TEST(Register, RefusesMoreDistinctSkillNamesThanTheDeskMayKnow) {
  Limits limits;
  limits.names_max = 3;  // the policy needs `billing`
  Shop shop(SmallPolicy(), limits);
  EXPECT_EQ(shop.Register("ana", {Skill("billing", 1), Skill("a", 1), Skill("b", 1)}).size(), 1U);
  ExpectRejected(shop.Register("bo", {Skill("c", 1)}), RejectReason::kTooManyNames);
  EXPECT_EQ(shop.Register("bo", {Skill("a", 9)}).size(), 1U);
  // Ana's own names are free to be replaced, but `a` is bo's, too.
  EXPECT_EQ(shop.Register("ana", {Skill("c", 1)}).size(), 1U);
  ExpectRejected(shop.Register("ana", {Skill("c", 1), Skill("d", 1)}), RejectReason::kTooManyNames);
}

TEST(Register, SortsSkillsAndLimitsAndKeepsOneOfEach) {
  Shop shop;
  const DecisionList decisions = shop.Register(
      "ana", {Skill("b", 10), Skill("a", 20), Skill("b", 30)}, 2,
      {{ChannelName::Of("voice"), 2}, {ChannelName::Of("chat"), 5}, {ChannelName::Of("voice"), 1}});
  const AgentRegistered registered = Only<AgentRegistered>(decisions);
  EXPECT_EQ(registered.skills, (std::vector<Need>{Skill("a", 20), Skill("b", 30)}));
  EXPECT_EQ(registered.limits, (std::vector<ChannelLimit>{{ChannelName::Of("chat"), 5},
                                                          {ChannelName::Of("voice"), 1}}));
  EXPECT_EQ(shop.Agent("ana").presence, Presence::kOffline);
  EXPECT_EQ(shop.Agent("ana").idle, 1U);
}

TEST(Register, MoreCapacityOrSkillsTakeWhatWaits) {
  Shop shop;
  shop.Join("ana", 1, {Skill("returns", 10)});
  shop.Place(1);
  shop.Place(2);
  EXPECT_EQ(Offers(shop.Register("ana", {Skill("billing", 60)}, 1)), "1->ana");
  EXPECT_EQ(Offers(shop.Register("ana", {Skill("billing", 60)}, 2)), "2->ana");
}

TEST(Register, WhatIsHeldStaysAboveALoweredCapacity) {
  Shop shop;
  shop.Join("ana", 3);
  shop.Place(1);
  shop.Place(2);
  shop.Register("ana", {}, 1);
  EXPECT_EQ(shop.Inquiry(1).stage, Stage::kOffered);
  EXPECT_EQ(shop.Inquiry(2).stage, Stage::kOffered);
  shop.Register("ana", {Skill("billing", 60)}, 1);
  shop.Place(3);
  EXPECT_EQ(Offers(shop.Do(AbandonInquiry{I(1)})), "");
  EXPECT_EQ(Offers(shop.Do(AbandonInquiry{I(2)})), "3->ana");
}

TEST(Register, ANewChannelLimitCountsWhatIsAlreadyHeld) {
  Shop shop;
  shop.Join("ana", 5);
  shop.Place(1);
  shop.Register("ana", {Skill("billing", 80)}, 5, {{ChannelName::Of("chat"), 1}});
  EXPECT_EQ(Offers(shop.Place(2)), "");
  EXPECT_EQ(Offers(shop.Do(AbandonInquiry{I(1)})), "2->ana");
}

TEST(Remove, RefusesAnUnknownAgent) {
  Shop shop;
  const DecisionList decisions = shop.Do(RemoveAgent{A("ana")});
  ExpectRejected(decisions, RejectReason::kUnknownAgent);
  EXPECT_EQ(Only<CommandRejected>(decisions).agent, A("ana"));
}

TEST(Remove, GivesBackOffersAndAssignmentsByArrival) {
  Shop shop;
  shop.Join("ana", 3);
  for (std::uint64_t i = 1; i <= 3; ++i) shop.Place(i);
  shop.Accept(2, "ana");
  shop.Join("bo", 1);
  const DecisionList decisions = shop.Do(RemoveAgent{A("ana")});
  ASSERT_EQ(decisions.size(), 5U);
  EXPECT_TRUE(std::holds_alternative<AgentRemoved>(decisions[0].body));
  EXPECT_EQ(std::get<OfferRescinded>(decisions[1].body).cause, RescindCause::kAgentRemoved);
  EXPECT_EQ(std::get<InquiryRequeued>(decisions[2].body),
            (InquiryRequeued{I(2), A("ana"), RequeueReason::kAgentRemoved}));
  EXPECT_EQ(std::get<OfferRescinded>(decisions[3].body).inquiry, I(3));
  EXPECT_EQ(std::get<OfferMade>(decisions[4].body).reason, OfferReason::kReoffered);
  EXPECT_EQ(Offers(decisions), "1->bo");
  EXPECT_EQ(shop.engine().agents(), 1U);
  EXPECT_EQ(shop.Inquiry(2).assigned_at, Instant());
}

TEST(Remove, AnAnsweredInquiryComesBackAnsweredAndInTime) {
  Shop shop;
  shop.Join("ana");
  shop.Place(1);
  shop.Accept(1, "ana");
  shop.Do(RecordReply{I(1), A("ana")});
  shop.Do(RemoveAgent{A("ana")});
  EXPECT_EQ(shop.Inquiry(1).stage, Stage::kWaiting);
  EXPECT_EQ(shop.At(500s).Do(Tick{}).size(), 0U);
  EXPECT_EQ(Only<OfferMade>(shop.Join("bo")).reason, OfferReason::kInTime);
  shop.Accept(1, "bo");
  EXPECT_EQ(shop.Inquiry(1).stage, Stage::kAnswered);
  EXPECT_FALSE(Only<InquiryAnswered>(shop.Do(RecordReply{I(1), A("bo")})).first);
}

TEST(Remove, EndsWrapUpsWithoutADecision) {
  Policy policy = SmallPolicy();
  policy.queues[1].wrap_up = 30s;
  Shop shop(policy);
  shop.Join("ana");
  shop.Place(1, "other");
  shop.Accept(1, "ana");
  shop.Do(FinishInquiry{I(1), A("ana")});
  EXPECT_EQ(shop.Do(RemoveAgent{A("ana")}).size(), 1U);
  EXPECT_EQ(shop.engine().next_timer(), kNever);
}

TEST(Remove, ExclusionsThatNameTheAgentStay) {
  Shop shop;
  shop.Join("ana");
  shop.Place(1);
  shop.Decline(1, "ana");
  shop.Do(RemoveAgent{A("ana")});
  EXPECT_EQ(shop.Inquiry(1).exclusions.size(), 1U);
  EXPECT_EQ(Offers(shop.Join("ana")), "");  // the same name again
  EXPECT_EQ(Offers(shop.At(60s).Do(Tick{})), "1->ana");
}

TEST(Remove, AnExclusionOfSomebodyGoneEndsQuietly) {
  Shop shop;
  shop.Join("ana");
  shop.Place(1, "other");
  shop.Decline(1, "ana");
  shop.Do(RemoveAgent{A("ana")});
  EXPECT_EQ(shop.At(60s).Do(Tick{}).size(), 0U);
  EXPECT_TRUE(shop.Inquiry(1).exclusions.empty());
}

TEST(SetPresence, RefusesAnUnknownAgent) {
  Shop shop;
  ExpectRejected(shop.Present("ana", Presence::kAvailable), RejectReason::kUnknownAgent);
}

TEST(SetPresence, AwayHasAReasonAndNothingElseHas) {
  Shop shop;
  shop.Register("ana", {});
  for (const Presence presence : {Presence::kAvailable, Presence::kBusy, Presence::kAway,
                                  Presence::kDraining, Presence::kOffline}) {
    const AwayReason away = presence == Presence::kAway ? AwayReason::kAsked : AwayReason::kNone;
    EXPECT_EQ(Only<PresenceChanged>(shop.Present("ana", presence)),
              (PresenceChanged{A("ana"), presence, away}));
  }
}

TEST(SetPresence, AvailableAgainIsANewIdleNumberAndForgetsMissedOffers) {
  Shop shop;
  shop.Join("ana");
  shop.Place(1);
  shop.At(20s).Do(Tick{});
  EXPECT_EQ(shop.Agent("ana").missed, 1U);
  const std::uint64_t idle = shop.Agent("ana").idle;
  shop.Present("ana", Presence::kAvailable);  // was so already
  EXPECT_EQ(shop.Agent("ana").idle, idle);
  EXPECT_EQ(shop.Agent("ana").missed, 1U);
  shop.Present("ana", Presence::kBusy);
  shop.Present("ana", Presence::kAvailable);
  EXPECT_EQ(shop.Agent("ana").idle, idle + 1);
  EXPECT_EQ(shop.Agent("ana").missed, 0U);
}

TEST(SetPresence, DrainingKeepsOffersAndGetsNothingNew) {
  Shop shop;
  shop.Join("ana", 2);
  shop.Place(1);
  EXPECT_EQ(shop.Present("ana", Presence::kDraining).size(), 1U);
  EXPECT_EQ(Offers(shop.Place(2)), "");
  EXPECT_EQ(All<OfferAccepted>(shop.Accept(1, "ana")).size(), 1U);
}

TEST(SetPresence, ToBusyRescindsOffersAndTriesOthersInTheSameOrder) {
  Shop shop;
  shop.Join("ana", 3);
  for (std::uint64_t i = 1; i <= 3; ++i) shop.Place(i);
  shop.Accept(2, "ana");
  shop.Join("bo", 1);
  const DecisionList decisions = shop.Present("ana", Presence::kBusy);
  const std::vector<OfferRescinded> rescinded = All<OfferRescinded>(decisions);
  ASSERT_EQ(rescinded.size(), 2U);
  EXPECT_EQ(rescinded[0], (OfferRescinded{O(1), I(1), A("ana"), RescindCause::kAgentUnavailable}));
  EXPECT_EQ(rescinded[1].inquiry, I(3));
  EXPECT_EQ(Offers(decisions), "1->bo");
  EXPECT_EQ(shop.Inquiry(2).stage, Stage::kAssigned);
  EXPECT_TRUE(shop.Inquiry(3).exclusions.empty());
}

TEST(ShowWork, TellsOffersByIdAndAssignmentsByArrival) {
  Shop shop;
  shop.Join("ana", 4);
  for (std::uint64_t i = 1; i <= 4; ++i) shop.Place(i);
  shop.Accept(3, "ana");
  shop.Accept(1, "ana");
  shop.Do(RecordReply{I(3), A("ana")});
  const WorkShown shown = Only<WorkShown>(shop.Do(ShowWork{A("ana")}));
  EXPECT_EQ(shown.presence, Presence::kAvailable);
  ASSERT_EQ(shown.offers.size(), 2U);
  EXPECT_EQ(shown.offers[0], (OpenOffer{O(2), I(2), Q("billing"), kOpening + 20s}));
  EXPECT_EQ(shown.offers[1].inquiry, I(4));
  EXPECT_EQ(shown.assignments,
            (std::vector<OpenAssignment>{{I(1), Q("billing"), false}, {I(3), Q("billing"), true}}));
}

TEST(ShowWork, RefusesAnUnknownAgent) {
  Shop shop;
  ExpectRejected(shop.Do(ShowWork{A("ana")}), RejectReason::kUnknownAgent);
}

}  // namespace
}  // namespace usher::engine
