#include "agents/loop.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "agents/handlers.h"
#include "agents/requests.h"
#include "agents/work_stream.h"
#include "unit/services/agents/agents_world.h"

namespace usher::agents {
namespace {

class AgentsLoop : public testing::Test, public AgentsWorld {};

TEST_F(AgentsLoop, IsHealthyOnceItHasReadAllThatStoodThere) {
  for (int i = 0; i < 2'000; ++i) SayAgent(AgentName::Of("a" + std::to_string(i)));
  Start();
  Step();
  EXPECT_FALSE(health.serving(kServiceName));
  Step(20);
  EXPECT_TRUE(health.serving(kServiceName));
  EXPECT_EQ(agents->front_door().directory.List(kShop, AgentName(), 5'000).size(), 2'000u);
}

TEST_F(AgentsLoop, IsHealthyOverAnEmptyLog) {
  Start();
  Step(3);
  EXPECT_TRUE(health.serving(kServiceName));
}

TEST_F(AgentsLoop, DropsCopiesByARouterThatWasTakenOver) {
  SayAgent(kAna);
  const auto made = Next(Made(1, 1));
  Append(made);
  Append(made);
  Start();
  Step(3);
  Append(made);
  Step(2);
  EXPECT_EQ(agents->front_door().directory.List(kShop, AgentName(), 1).front().offered, 1u);
}

TEST_F(AgentsLoop, StopsAtAGapAndAtAnotherLog) {
  SayAgent(kAna);
  Next(Made(1, 1));  // never reaches the log
  Say(Accepted(1, 1));
  Start();
  absl::Status status;
  for (int i = 0; i < 5 && status.ok(); ++i) status = TryStep();
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("usher.decisions/"));
  EXPECT_FALSE(health.serving(kServiceName));

  AgentsWorld other;
  auto alien = other.Next(Made(1, 1));
  alien.stamp.log = LogId::FromNumber(99);
  other.Append(alien);
  other.Start();
  status = absl::OkStatus();
  for (int i = 0; i < 5 && status.ok(); ++i) status = other.TryStep();
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
}

TEST_F(AgentsLoop, StopsAtARecordThatIsNoDecision) {
  AppendRaw("alien", 0);
  Start();
  absl::Status status;
  for (int i = 0; i < 5 && status.ok(); ++i) status = TryStep();
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
}

TEST_F(AgentsLoop, TellsHowFarBehindItIs) {
  Start();
  Step(3);
  SayAgent(kAna);
  log.faults.unavailable_permille = 1000;
  now += 6s;
  Step();
  const std::string partition = std::to_string(journal::PartitionOf(kShop, kPartitions));
  EXPECT_THAT(metrics.Text(),
              testing::HasSubstr("usher_agents_lag_records{partition=\"" + partition + "\"} 2\n"));
  log.faults = {};
  now += 6s;
  Step(2);
  now += 6s;
  Step();
  EXPECT_THAT(metrics.Text(),
              testing::HasSubstr("usher_agents_lag_records{partition=\"" + partition + "\"} 0\n"));
}

TEST(WorkRequests, BecomeCommandsOrNameWhatIsWrong) {
  const auto command = [](const auto& set) {
    v1::WorkRequest request;
    set(request);
    return ToCommand(request, kAna);
  };
  EXPECT_EQ(command([](auto& r) { r.mutable_accept()->set_offer_id(7); }).value(),
            CommandBody(AcceptOffer{Offer(7), kAna}));
  EXPECT_EQ(command([](auto& r) { r.mutable_decline()->set_offer_id(7); }).value(),
            CommandBody(DeclineOffer{Offer(7), kAna, DeclineReason::kOther}));
  const std::string inquiry = Inquiry(3).ToString();
  EXPECT_EQ(command([&](auto& r) { r.mutable_reply()->set_inquiry_id(inquiry); }).value(),
            CommandBody(RecordReply{Inquiry(3), kAna}));
  EXPECT_EQ(command([&](auto& r) { r.mutable_done()->set_inquiry_id(inquiry); }).value(),
            CommandBody(FinishInquiry{Inquiry(3), kAna}));

  EXPECT_EQ(command([&](auto& r) {
              r.mutable_reply()->set_inquiry_id(inquiry);
              r.mutable_reply()->set_channel("email");
            }).value(),
            CommandBody(RecordReply{Inquiry(3), kAna, ChannelName::Of("email")}));
  EXPECT_EQ(command([&](auto& r) { r.mutable_pause()->set_inquiry_id(inquiry); }).value(),
            CommandBody(PauseInquiry{Inquiry(3), kAna, kNever}));
  EXPECT_EQ(command([&](auto& r) {
              r.mutable_pause()->set_inquiry_id(inquiry);
              r.mutable_pause()->mutable_until()->set_seconds(5);
            }).value(),
            CommandBody(PauseInquiry{Inquiry(3), kAna, FromMicros(5'000'000)}));
  EXPECT_EQ(command([&](auto& r) { r.mutable_resume()->set_inquiry_id(inquiry); }).value(),
            CommandBody(ResumeInquiry{Inquiry(3), kAna}));
  EXPECT_EQ(command([&](auto& r) { r.mutable_take()->set_inquiry_id(inquiry); }).value(),
            CommandBody(TakeInquiry{Inquiry(3), kAna}));
  EXPECT_EQ(command([&](auto& r) { r.mutable_transfer()->set_inquiry_id(inquiry); }).value(),
            CommandBody(TransferInquiry{Inquiry(3), kAna, {}, {}}));
  EXPECT_EQ(command([&](auto& r) {
              r.mutable_transfer()->set_inquiry_id(inquiry);
              r.mutable_transfer()->set_queue("refunds");
              r.mutable_transfer()->set_to_agent("ben");
            }).value(),
            CommandBody(TransferInquiry{Inquiry(3), kAna, QueueName::Of("refunds"), kBen}));

  const auto refusal = [&](const auto& set) {
    const auto result = command(set);
    EXPECT_TRUE(absl::IsInvalidArgument(result.status()));
    return std::string(result.status().message());
  };
  EXPECT_THAT(refusal([](auto& r) { r.mutable_accept(); }), testing::HasSubstr("accept.offer_id"));
  EXPECT_THAT(refusal([](auto& r) {
                r.mutable_decline()->set_offer_id(1);
                r.mutable_decline()->set_reason(static_cast<v1::DeclineReason>(99));
              }),
              testing::HasSubstr("decline.reason"));
  EXPECT_THAT(refusal([](auto& r) { r.mutable_done()->set_inquiry_id("x"); }),
              testing::HasSubstr("done.inquiry_id"));
  EXPECT_THAT(refusal([](auto& r) { r.mutable_take(); }), testing::HasSubstr("take.inquiry_id"));
  EXPECT_THAT(refusal([](auto& r) { r.mutable_resume(); }),
              testing::HasSubstr("resume.inquiry_id"));
  EXPECT_THAT(refusal([&](auto& r) {
                r.mutable_pause()->set_inquiry_id(inquiry);
                r.mutable_pause()->mutable_until()->set_nanos(-1);
              }),
              testing::HasSubstr("pause.until"));
  EXPECT_THAT(refusal([&](auto& r) {
                r.mutable_transfer()->set_inquiry_id(inquiry);
                r.mutable_transfer()->set_to_agent("ana");
              }),
              testing::HasSubstr("transfer.to_agent"));
  EXPECT_THAT(refusal([&](auto& r) {
                r.mutable_transfer()->set_inquiry_id(inquiry);
                r.mutable_transfer()->set_queue(std::string(40, 'q'));
              }),
              testing::HasSubstr("transfer.queue"));
  EXPECT_THAT(refusal([](auto& r) { r.mutable_hello(); }), testing::HasSubstr("hello"));
  EXPECT_THAT(refusal([](auto&) {}), testing::HasSubstr("body"));
}

}  // namespace
}  // namespace usher::agents
