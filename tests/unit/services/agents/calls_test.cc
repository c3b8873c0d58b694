// The calls of AgentService and QuestionService, over a real gRPC server, with the simulated log
// behind it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "unit/services/agents/agent_service.h"

namespace usher::agents {
namespace {

class AgentCalls : public AgentService {};

TEST_F(AgentCalls, HandsDirectoryCommandsToTheLog) {
  Serve();
  v1::RegisterAgentRequest add;
  add.set_desk("shop");
  add.set_agent("ana");
  v1::Need& skill = *add.add_skills();
  skill.set_skill("uk");
  skill.set_level(80);
  v1::ChannelLimit& limit = *add.add_limits();
  limit.set_channel("chat");
  limit.set_most(2);
  const auto added = Call(&v1::AgentService::Stub::RegisterAgent, add);
  ASSERT_TRUE(added.first.ok()) << added.first.error_message();
  EXPECT_GE(added.second.position().offset(), 1);
  const RegisterAgent expected{
      kAna, {{SkillName::Of("uk"), 80}}, 1, {{ChannelName::Of("chat"), 2}}};
  EXPECT_EQ(Commands<RegisterAgent>().front(), expected);

  skill.set_level(101);
  const auto refused = Call(&v1::AgentService::Stub::RegisterAgent, add);
  EXPECT_EQ(refused.first.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(refused.first.error_message(), testing::HasSubstr("level"));

  v1::SetPresenceRequest presence;
  presence.set_desk("shop");
  presence.set_agent("ana");
  EXPECT_EQ(Call(&v1::AgentService::Stub::SetPresence, presence).first.error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  presence.set_presence(v1::PRESENCE_AVAILABLE);
  EXPECT_TRUE(Call(&v1::AgentService::Stub::SetPresence, presence).first.ok());
  EXPECT_EQ(Commands<SetPresence>().front(), (SetPresence{kAna, Presence::kAvailable}));

  v1::RemoveAgentRequest remove;
  remove.set_desk("shop");
  remove.set_agent("ana");
  EXPECT_TRUE(Call(&v1::AgentService::Stub::RemoveAgent, remove).first.ok());
  EXPECT_EQ(Commands<RemoveAgent>().front(), RemoveAgent{kAna});
  remove.clear_agent();
  EXPECT_EQ(Call(&v1::AgentService::Stub::RemoveAgent, remove).first.error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(AgentCalls, KnowsAttributesAndPermissionsOfAgents) {
  Serve();
  v1::RegisterAgentRequest add;
  add.set_desk("shop");
  add.set_agent("ana");
  v1::Attribute& attribute = *add.add_attributes();
  attribute.set_name("site");
  attribute.set_value("kyiv");
  add.set_may_take(true);
  add.set_supervisor(true);
  add.set_bot(true);
  ASSERT_TRUE(Call(&v1::AgentService::Stub::RegisterAgent, add).first.ok());
  const RegisterAgent expected{
      kAna, {}, 1, {}, {{AttributeName::Of("site"), ValueName::Of("kyiv")}}, true, true, true};
  EXPECT_EQ(Commands<RegisterAgent>().front(), expected);
  Say(AgentRegistered{kAna, {}, 1, {}, expected.attributes, true, true, true});
  v1::ListAgentsRequest list;
  list.set_desk("shop");
  Step(2);
  const auto listed = Call(&v1::AgentService::Stub::ListAgents, list).second;
  ASSERT_EQ(listed.agents_size(), 1);
  EXPECT_EQ(listed.agents(0).attributes(0).value(), "kyiv");
  EXPECT_TRUE(listed.agents(0).may_take());
  EXPECT_TRUE(listed.agents(0).supervisor());
  EXPECT_TRUE(listed.agents(0).bot());

  attribute.clear_name();
  const auto nameless = Call(&v1::AgentService::Stub::RegisterAgent, add);
  EXPECT_EQ(nameless.first.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(nameless.first.error_message(), testing::HasSubstr("attributes"));
  for (int i = 0; i < 64; ++i) add.add_attributes()->set_name("team");
  EXPECT_THAT(Call(&v1::AgentService::Stub::RegisterAgent, add).first.error_message(),
              testing::HasSubstr("attributes: at most 64"));
}

TEST_F(AgentCalls, AnswersATakeWithWhatCameOfIt) {
  SayAgent(kAna);
  Serve();
  v1::TakeInquiryRequest take;
  take.set_desk("shop");
  take.set_agent("ana");
  take.set_inquiry_id(Inquiry(5).ToString());
  take.set_request_id("r1");
  const auto taken = CallAndDecide(&v1::AgentService::Stub::TakeInquiry, take, [&] {
    OfferMade made = Made(1, 5);
    made.reason = OfferReason::kTaken;
    SayOnLast(made);
  });
  ASSERT_TRUE(taken.first.ok()) << taken.first.error_message();
  EXPECT_EQ(taken.second.refused(), v1::REJECT_REASON_UNSPECIFIED);
  EXPECT_EQ(taken.second.position().offset(), LastCommand());
  EXPECT_EQ(Commands<TakeInquiry>().front(), (TakeInquiry{Inquiry(5), kAna}));

  const auto again = CallAndDecide(&v1::AgentService::Stub::TakeInquiry, take,
                                   [&] { SayOnLast(CommandRepeated{RepeatReason::kRequest}); });
  EXPECT_TRUE(again.second.repeated());

  const auto refused = CallAndDecide(&v1::AgentService::Stub::TakeInquiry, take, [&] {
    CommandRejected rejected;
    rejected.command = static_cast<std::uint8_t>(CommandBody(TakeInquiry()).index());
    rejected.reason = RejectReason::kNotPermitted;
    rejected.agent = kAna;
    SayOnLast(rejected);
  });
  ASSERT_TRUE(refused.first.ok());
  EXPECT_EQ(refused.second.refused(), v1::REJECT_REASON_NOT_PERMITTED);

  take.set_inquiry_id("x");
  EXPECT_THAT(Call(&v1::AgentService::Stub::TakeInquiry, take).first.error_message(),
              testing::HasSubstr("inquiry_id"));
}

TEST_F(AgentCalls, AnswersAGiftAndATransferWithWhatCameOfThem) {
  SayAgent(kAna);
  Serve();
  v1::AssignInquiryRequest assign;
  assign.set_desk("shop");
  assign.set_inquiry_id(Inquiry(5).ToString());
  assign.set_agent("ana");
  EXPECT_THAT(Call(&v1::AgentService::Stub::AssignInquiry, assign).first.error_message(),
              testing::HasSubstr("supervisor"));
  assign.set_supervisor("ben");
  const auto given = CallAndDecide(&v1::AgentService::Stub::AssignInquiry, assign, [&] {
    OfferMade made = Made(1, 5);
    made.reason = OfferReason::kAssigned;
    SayOnLast(made);
    Say(Accepted(1, 5));
  });
  ASSERT_TRUE(given.first.ok()) << given.first.error_message();
  EXPECT_EQ(Commands<AssignInquiry>().front(), (AssignInquiry{Inquiry(5), kAna, kBen}));

  v1::TransferInquiryRequest transfer;
  transfer.set_desk("shop");
  transfer.set_inquiry_id(Inquiry(5).ToString());
  transfer.set_agent("ana");
  transfer.set_queue("refunds");
  transfer.set_to_agent("ana");
  EXPECT_THAT(Call(&v1::AgentService::Stub::TransferInquiry, transfer).first.error_message(),
              testing::HasSubstr("to_agent"));
  transfer.set_to_agent("ben");
  const auto handed = CallAndDecide(&v1::AgentService::Stub::TransferInquiry, transfer, [&] {
    SayOnLast(InquiryRequeued{Inquiry(5), kAna, RequeueReason::kTransferred});
  });
  ASSERT_TRUE(handed.first.ok()) << handed.first.error_message();
  EXPECT_EQ(handed.second.refused(), v1::REJECT_REASON_UNSPECIFIED);
  EXPECT_EQ(Commands<TransferInquiry>().front(),
            (TransferInquiry{Inquiry(5), kAna, QueueName::Of("refunds"), kBen}));
}

TEST_F(AgentCalls, AnswersAReviewWithWhatCameOfIt) {
  SayAgent(kAna);
  Serve();
  v1::ReviewInquiryRequest review;
  review.set_desk("shop");
  review.set_inquiry_id(Inquiry(5).ToString());
  review.set_agent("ana");
  const auto refusal = [&] {
    const auto answer = Call(&v1::AgentService::Stub::ReviewInquiry, review).first;
    EXPECT_EQ(answer.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    return answer.error_message();
  };
  EXPECT_THAT(refusal(), testing::HasSubstr("reviewer"));
  review.set_reviewer("ana");
  EXPECT_EQ(refusal(), "reviewer: somebody else than the agent");
  review.set_reviewer("ben");
  EXPECT_EQ(refusal(), "marks: 1 to 16 entries");
  v1::Mark* mark = review.add_marks();
  mark->set_mark(101);
  EXPECT_THAT(refusal(), testing::HasSubstr("at most 100"));
  mark->set_mark(90);
  EXPECT_EQ(refusal(), "marks: a mark has a criterion");
  mark->set_criterion("tone");
  *review.add_marks() = *mark;
  EXPECT_EQ(refusal(), "marks: each criterion once");
  review.mutable_marks()->RemoveLast();
  EXPECT_TRUE(Commands<ReviewInquiry>().empty());

  const std::vector<usher::Mark> marks = {{CriterionName::Of("tone"), 90}};
  const auto taken = CallAndDecide(&v1::AgentService::Stub::ReviewInquiry, review, [&] {
    SayOnLast(InquiryReviewed{Inquiry(5), kAna, kBen, marks});
  });
  ASSERT_TRUE(taken.first.ok()) << taken.first.error_message();
  EXPECT_EQ(taken.second.refused(), v1::REJECT_REASON_UNSPECIFIED);
  EXPECT_EQ(Commands<ReviewInquiry>().front(), (ReviewInquiry{Inquiry(5), kAna, kBen, marks}));
}

TEST_F(AgentCalls, TellsACallerThatNothingWasDecidedInTime) {
  SayAgent(kAna);
  Serve();
  v1::TakeInquiryRequest take;
  take.set_desk("shop");
  take.set_agent("ana");
  take.set_inquiry_id(Inquiry(5).ToString());
  const auto late = CallAndDecide(&v1::AgentService::Stub::TakeInquiry, take, [&] {
    Step(2);
    now += kOutcomeWait;
  });
  EXPECT_EQ(late.first.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
}

TEST_F(AgentCalls, TakesWhenAShiftEnds) {
  Serve();
  v1::SetPresenceRequest presence;
  presence.set_desk("shop");
  presence.set_agent("ana");
  presence.set_presence(v1::PRESENCE_AVAILABLE);
  presence.mutable_shift_ends_at()->set_seconds(1'800'000'000);
  ASSERT_TRUE(Call(&v1::AgentService::Stub::SetPresence, presence).first.ok());
  EXPECT_EQ(Commands<SetPresence>().front(),
            (SetPresence{kAna, Presence::kAvailable, FromMicros(1'800'000'000'000'000)}));
  presence.mutable_shift_ends_at()->set_nanos(-1);
  EXPECT_THAT(Call(&v1::AgentService::Stub::SetPresence, presence).first.error_message(),
              testing::HasSubstr("shift_ends_at"));
}

TEST_F(AgentCalls, AnswersHowLongAnInquiryWaits) {
  Serve();
  v1::EstimateWaitRequest request;
  request.set_desk("shop");
  EXPECT_THAT(Call(&v1::QuestionService::Stub::EstimateWait, request).first.error_message(),
              testing::HasSubstr("inquiry_id"));
  request.set_inquiry_id(Inquiry(5).ToString());
  const auto ask = [&](DecisionBody answer) {
    return CallAndDecide(&v1::QuestionService::Stub::EstimateWait, request,
                         [&] { SayOnLast(std::move(answer)); });
  };
  const auto told = ask(WaitEstimated{Inquiry(5), QueueName::Of("q"), 3, 2, 90s + 5ms});
  ASSERT_TRUE(told.first.ok()) << told.first.error_message();
  EXPECT_EQ(told.second.place(), 3u);
  EXPECT_EQ(told.second.slots(), 2u);
  EXPECT_EQ(told.second.wait().seconds(), 90);
  EXPECT_EQ(told.second.wait().nanos(), 5'000'000);
  EXPECT_EQ(Commands<EstimateWait>().front(), EstimateWait{Inquiry(5)});

  const auto nobody = ask(WaitEstimated{Inquiry(5), QueueName::Of("q"), 3, 0, kForever});
  EXPECT_FALSE(nobody.second.has_wait());
  CommandRejected rejected;
  rejected.reason = RejectReason::kNotWaiting;
  EXPECT_EQ(ask(rejected).second.refused(), v1::REJECT_REASON_NOT_WAITING);
}

TEST_F(AgentCalls, AnswersWhyAnInquiryWaits) {
  Serve();
  v1::ExplainInquiryRequest request;
  request.set_desk("shop");
  request.set_inquiry_id(Inquiry(5).ToString());
  InquiryExplained explained;
  explained.inquiry = Inquiry(5);
  explained.candidates.push_back({kAna, Verdict::kLowLevel, SkillName::Of("uk"), 0});
  explained.next = NextChange::kOpening;
  const auto told = CallAndDecide(&v1::QuestionService::Stub::ExplainInquiry, request,
                                  [&] { SayOnLast(explained); });
  ASSERT_TRUE(told.first.ok()) << told.first.error_message();
  ASSERT_EQ(told.second.explained().candidates_size(), 1);
  EXPECT_EQ(told.second.explained().candidates(0).verdict(), v1::VERDICT_LOW_LEVEL);
  EXPECT_EQ(told.second.explained().next(), v1::NEXT_CHANGE_OPENING);
}

TEST_F(AgentCalls, AnswersWhatAPolicyWouldMove) {
  Serve();
  v1::PreviewPolicyRequest request;
  request.set_desk("shop");
  request.set_yaml("queues: [");
  const auto bad = Call(&v1::QuestionService::Stub::PreviewPolicy, request);
  EXPECT_EQ(bad.first.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(bad.first.error_message(), testing::HasSubstr("yaml:\n1:"));
  EXPECT_TRUE(Commands<PreviewPolicy>().empty());
  request.set_yaml(
      "version: v2\nlanguages: [uk]\ntopics: [refund]\nskills: [orders]\n"
      "channels: {chat: {units: 1}}\nqueues: [{name: q}]\notherwise: {queue: q}\n");
  const auto told = CallAndDecide(&v1::QuestionService::Stub::PreviewPolicy, request, [&] {
    SayOnLast(PolicyPreviewed{"v2", true, 9, 4, 1});
  });
  ASSERT_TRUE(told.first.ok()) << told.first.error_message();
  EXPECT_EQ(told.second.previewed().moved(), 4u);
  EXPECT_EQ(Commands<PreviewPolicy>().front().policy.version, "v2");
}

TEST_F(AgentCalls, ListsTheDirectoryInPages) {
  for (const char* name : {"c", "a", "b"}) SayAgent(AgentName::Of(name));
  Serve();
  v1::ListAgentsRequest request;
  request.set_desk("shop");
  request.set_page_size(2);
  const auto first = Call(&v1::AgentService::Stub::ListAgents, request).second;
  ASSERT_EQ(first.agents_size(), 2);
  EXPECT_EQ(first.agents(0).agent(), "a");
  EXPECT_EQ(first.agents(0).presence(), v1::PRESENCE_AVAILABLE);
  EXPECT_EQ(first.agents(0).units(), 3u);
  EXPECT_EQ(first.agents(0).skills(0).skill(), "uk");
  request.set_page_token(first.next_page_token());
  const auto second = Call(&v1::AgentService::Stub::ListAgents, request).second;
  ASSERT_EQ(second.agents_size(), 1);
  EXPECT_EQ(second.agents(0).agent(), "c");
  EXPECT_EQ(second.next_page_token(), "");
  request.set_desk("other");
  EXPECT_EQ(Call(&v1::AgentService::Stub::ListAgents, request).first.error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  request.set_page_token("x");
  EXPECT_EQ(Call(&v1::AgentService::Stub::ListAgents, request).first.error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

}  // namespace
}  // namespace usher::agents
