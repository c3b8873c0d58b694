#include "router/router.h"

#include <gtest/gtest.h>

#include "journal/topics.h"
#include "unit/services/router/rig.h"
#include "usher/v1/snapshot.pb.h"

namespace usher::router {
namespace {

PlaceInquiry AChat(std::uint64_t number) {
  PlaceInquiry place;
  place.inquiry = InquiryId::FromNumber(number);
  place.features.channel = ChannelName::Of("chat");
  return place;
}

void SetUpDesk(Rig& rig, const std::string& desk) {
  rig.Put(desk, ApplyPolicy{ShopPolicy()});
  rig.Put(desk, RegisterAgent{AgentName::Of("ana"), {{SkillName::Of("help"), 50}}, 3, {}});
  rig.Put(desk, SetPresence{AgentName::Of("ana"), Presence::kAvailable});
}

TEST(Router, DecidesWhatComesInAndChainsTheStamps) {
  Rig rig;
  SetUpDesk(rig, "eu");
  rig.Start("a");
  rig.Put("eu", AChat(1));
  rig.Settle();
  rig.Judge();
  bool offered = false;
  for (const wire::DecisionRecord& decided : rig.Decided()) {
    if (const auto* made = std::get_if<OfferMade>(&decided.decision.body)) {
      offered = offered ||
                (made->agent == AgentName::Of("ana") && made->inquiry == InquiryId::FromNumber(1));
    }
  }
  EXPECT_TRUE(offered);
  EXPECT_EQ(rig.copies(), 0U);
}

TEST(Router, ServesOnlyWhenItHasCaughtUp) {
  Rig rig;
  rig.options.batch_max = 1;
  SetUpDesk(rig, "eu");
  rig.Start("a");
  EXPECT_FALSE(rig.process("a").health.serving(kServiceName));
  int steps = 0;
  while (!rig.process("a").health.serving(kServiceName) && steps < 100) {
    EXPECT_LT(rig.All(journal::kDecisions).size(), 3U) << "all was decided and it does not serve";
    rig.StepAll();
    ++steps;
  }
  EXPECT_TRUE(rig.process("a").health.serving(kServiceName));
  EXPECT_GT(steps, 4);
  rig.Judge();
}

TEST(Router, ServesWithoutAPartitionOnceTheGroupHadTimeToGiveOne) {
  Rig rig;
  rig.Start("a");
  rig.Settle();
  rig.Start("b");
  rig.StepAll();
  rig.Settle();
  const std::string idle =
      rig.Metric("a", "usher_router_partitions{state=\"live\"}") == 0 ? "a" : "b";
  EXPECT_EQ(rig.Metric(idle, "usher_router_partitions{state=\"live\"}"), 0);
  rig.Pass(rig.options.join_grace);
  rig.StepAll();
  EXPECT_TRUE(rig.process(idle).health.serving(kServiceName));
}

TEST(Router, ATimerThatIsDueGetsOneTick) {
  Rig rig;
  SetUpDesk(rig, "eu");
  rig.Start("a");
  rig.Settle();
  rig.Put("eu", AChat(1));
  for (int i = 0; i < 5; ++i) rig.StepAll();
  const std::size_t before = rig.All(journal::kCommands).size();
  rig.Pass(6s);  // past the offer's window, not past the target
  for (int i = 0; i < 5; ++i) rig.StepAll();
  EXPECT_EQ(rig.All(journal::kCommands).size(), before + 1);
  rig.Judge();
  bool expired = false;
  for (const wire::DecisionRecord& decided : rig.Decided()) {
    expired = expired || std::holds_alternative<OfferExpired>(decided.decision.body);
  }
  EXPECT_TRUE(expired);
}

TEST(Router, ATickOnItsWayIsNotSentAgainBeforeItsTimeout) {
  Rig rig;
  SetUpDesk(rig, "eu");
  rig.Start("a");
  rig.Settle();
  rig.Put("eu", AChat(1));
  for (int i = 0; i < 5; ++i) rig.StepAll();
  rig.log().faults.land_max = std::chrono::hours(1000);  // of ticks and of all else from now on
  rig.Pass(6s);
  for (int i = 0; i < 20; ++i) rig.StepAll();
  EXPECT_EQ(rig.Metric("a", "usher_router_ticks_total"), 1);
  rig.Pass(rig.options.tick_timeout);
  for (int i = 0; i < 20; ++i) rig.StepAll();
  EXPECT_EQ(rig.Metric("a", "usher_router_ticks_total"), 2);
}

TEST(Router, WhatNoServiceOfOursWroteIsSkippedByEveryRouterAlike) {
  Rig rig(1, 3);
  rig.PutBytes(0, "not a command");
  rig.PutBytes(1, "");
  wire::CommandRecord misplaced;
  misplaced.desk = DeskName::Of("eu");
  misplaced.command.body = AChat(1);
  const std::int32_t right = journal::PartitionOf(misplaced.desk, 3);
  rig.PutBytes((right + 1) % 3, wire::EncodeCommand(misplaced));
  rig.PutBytes(2, wire::EncodeHeader({LogId::Of("late"), 3}));
  SetUpDesk(rig, "eu");
  rig.Start("a");
  rig.Settle();
  EXPECT_EQ(rig.Metric("a", "usher_router_skipped_commands_total{reason=\"undecodable\"}"), 2);
  EXPECT_EQ(rig.Metric("a", "usher_router_skipped_commands_total{reason=\"misplaced\"}"), 1);
  rig.Judge();
  EXPECT_EQ(rig.Decided().size(), 3U);
}

TEST(Router, OverItsDesksAPartitionTakesNoNewOnes) {
  Rig rig;
  rig.options.desks_max = 2;
  rig.Put("a", RemoveAgent{AgentName::Of("x")});
  rig.Put("b", RemoveAgent{AgentName::Of("x")});
  rig.Put("c", RemoveAgent{AgentName::Of("x")});
  rig.Put("a", RemoveAgent{AgentName::Of("x")});
  rig.Start("r");
  rig.Settle();
  EXPECT_EQ(rig.Metric("r", "usher_router_skipped_commands_total{reason=\"too_many_desks\"}"), 1);
  EXPECT_EQ(rig.Decided().size(), 3U);
}

TEST(Router, APolicyThatHoldsIsPublishedWithItsPlace) {
  Rig rig;
  SetUpDesk(rig, "eu");
  rig.Put("us", ApplyPolicy{});  // breaks the rules: rejected, not published
  rig.Start("a");
  rig.Settle();
  const auto published = rig.All(journal::kPolicies);
  ASSERT_EQ(published.size(), 1U);
  EXPECT_EQ(published[0].key, "eu");
  v1::PolicyRecord policy;
  ASSERT_TRUE(policy.ParseFromString(published[0].value));
  EXPECT_EQ(policy.desk(), "eu");
  EXPECT_EQ(policy.policy().yaml(), "a: policy");
  EXPECT_EQ(policy.policy().policy().version(), "shop-1");
  EXPECT_EQ(policy.offset(), 1);
}

TEST(Router, DrainEndsWhenAllThatWasDecidedIsInTheLog) {
  Rig rig;
  rig.log().faults.land_max = 3s;
  SetUpDesk(rig, "eu");
  rig.Start("a");
  for (int i = 0; i < 20; ++i) rig.StepAll();
  EXPECT_EQ(rig.process("a").router->Drain(0s).code(), absl::StatusCode::kDeadlineExceeded);
  rig.Settle();
  EXPECT_TRUE(rig.process("a").router->Drain(0s).ok());
  EXPECT_FALSE(rig.process("a").health.serving(kServiceName));
  rig.Judge();
  rig.Put("eu", AChat(1));
  rig.Settle();
  EXPECT_EQ(rig.Decided().size(), 3U) << "it read on";
}

}  // namespace
}  // namespace usher::router
