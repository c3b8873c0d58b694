// The gRPC surface of intake, over a real gRPC server, with the simulated log behind it.
#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "rpc/server.h"
#include "unit/services/intake/intake_world.h"
#include "usher/v1/intake.grpc.pb.h"
#include "wire/surface.h"

namespace usher::intake {
namespace {

class IntakeService : public testing::Test, public IntakeWorld {
 protected:
  void Serve(bool ready = true) {
    Start(false);
    if (ready) Step(3);
    auto server = rpc::Server::Start({.address = "127.0.0.1:0"}, {&intake->grpc_service()});
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = std::move(*server);
    stub_ = v1::IntakeService::NewStub(grpc::CreateChannel(
        "127.0.0.1:" + std::to_string(server_->port()), grpc::InsecureChannelCredentials()));
  }

  void TearDown() override {
    if (server_) server_->Stop(0s);
    server_.reset();
    intake.reset();
  }

  template <class Response, class Request>
  using Method = grpc::Status (v1::IntakeService::Stub::*)(grpc::ClientContext*, const Request&,
                                                           Response*);

  // Calls from another thread while this one steps.
  template <class Response, class Request>
  std::pair<grpc::Status, Response> Call(Method<Response, Request> method, const Request& request,
                                         std::chrono::milliseconds limit = 20s) {
    return Await(std::async(std::launch::async, [&] {
      grpc::ClientContext context;
      context.set_deadline(std::chrono::system_clock::now() + limit);
      Response response;
      grpc::Status status = (stub_.get()->*method)(&context, request, &response);
      return std::make_pair(std::move(status), std::move(response));
    }));
  }

  std::pair<grpc::Status, v1::SubmitMessageResponse> Submit(const v1::MessageEvent& event) {
    v1::SubmitMessageRequest request;
    *request.mutable_message() = event;
    return Call(&v1::IntakeService::Stub::SubmitMessage, request);
  }

  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<v1::IntakeService::Stub> stub_;
};

TEST_F(IntakeService, AnswersWhenTheMessageIsInTheLog) {
  SendPolicy(1, "[refund]");
  Serve();
  const auto [status, response] = Submit(Message("e1", "uk: refund"));
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response.inquiry_id(), wire::InquiryIdOf(DeskName::Of("shop"), "e1").ToString());
  EXPECT_EQ(response.features().language(), "uk");
  EXPECT_EQ(response.features().topic(), "refund");
  const auto position = response.position();
  EXPECT_EQ(position.partition(), journal::PartitionOf(DeskName::Of("shop"), kPartitions));
  const auto at = log.ReadRange({journal::kCommands, position.partition()}, position.offset(), 1);
  ASSERT_TRUE(at.ok());
  ASSERT_EQ(at->size(), 1u);
  EXPECT_EQ(OnlyPlaced().inquiry.ToString(), response.inquiry_id());
  EXPECT_TRUE(Commands().front().command.source.none());
  EXPECT_TRUE(health.serving(kServiceName));
}

TEST_F(IntakeService, GivesTheSameRequestToARepeatByAnyWayIn) {
  Serve();
  ASSERT_TRUE(Submit(Message("e1")).first.ok());
  ASSERT_TRUE(Submit(Message("e1")).first.ok());
  const auto all = Commands();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].command.request, all[1].command.request);
  EXPECT_EQ(all[0].command.digest, all[1].command.digest);
}

TEST_F(IntakeService, SaysBySignThatNothingCameOfAMessage) {
  Serve();
  v1::MessageEvent event = Message("e1");
  event.set_author(v1::MESSAGE_AUTHOR_AUTOMATIC);
  const auto [status, response] = Submit(event);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response.automatic(), "author");
  EXPECT_FALSE(response.has_position());
  EXPECT_TRUE(response.inquiry_id().empty());
  EXPECT_TRUE(Placements().empty());
}

TEST_F(IntakeService, TakesAnAgentsMessageAsAReplyThatOpensNothing) {
  Serve();
  v1::MessageEvent event = Message("e1");
  event.set_author(v1::MESSAGE_AUTHOR_AGENT);
  const auto [status, response] = Submit(event);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_TRUE(response.has_position());
  EXPECT_TRUE(response.inquiry_id().empty());
  EXPECT_TRUE(response.automatic().empty());
  ASSERT_EQ(Commands().size(), 1u);
  EXPECT_TRUE(std::holds_alternative<RecordReply>(Commands()[0].command.body));
}

TEST_F(IntakeService, NamesTheFieldThatIsWrong) {
  Serve();
  v1::MessageEvent event = Message("e1");
  event.clear_conversation_id();
  const auto [status, response] = Submit(event);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(status.error_message(), testing::HasSubstr("message.conversation_id"));
  EXPECT_EQ(Submit(v1::MessageEvent()).first.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_TRUE(Commands().empty());
}

TEST_F(IntakeService, TakesNothingBeforeThePoliciesAreRead) {
  Serve(false);
  v1::SubmitMessageRequest request;
  *request.mutable_message() = Message("e1");
  grpc::ClientContext context;
  v1::SubmitMessageResponse response;
  const grpc::Status status = stub_->SubmitMessage(&context, request, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(IntakeService, StreamsAnswersInTheOrderOfTheMessages) {
  Serve();
  constexpr int kMany = 1'000;
  struct Outcome {
    grpc::Status status;
    std::vector<v1::StreamMessagesResponse> answers;
  };
  const Outcome outcome = Await(std::async(std::launch::async, [&] {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
    auto stream = stub_->StreamMessages(&context);
    std::thread writer([&] {
      for (int i = 0; i < kMany; ++i) {
        v1::StreamMessagesRequest request;
        *request.mutable_message() = Message("e" + std::to_string(i));
        if (i % 10 == 3) request.mutable_message()->clear_channel();
        if (!stream->Write(request)) break;
      }
      stream->WritesDone();
    });
    Outcome done;
    v1::StreamMessagesResponse answer;
    while (stream->Read(&answer)) done.answers.push_back(answer);
    writer.join();
    done.status = stream->Finish();
    return done;
  }));
  ASSERT_TRUE(outcome.status.ok()) << outcome.status.error_message();
  ASSERT_EQ(outcome.answers.size(), static_cast<std::size_t>(kMany));
  for (int i = 0; i < kMany; ++i) {
    const v1::StreamMessagesResponse& answer = outcome.answers[static_cast<std::size_t>(i)];
    EXPECT_EQ(answer.event_id(), "e" + std::to_string(i));
    if (i % 10 == 3) {
      EXPECT_THAT(answer.refused(), testing::HasSubstr("message.channel"));
      EXPECT_EQ(answer.inquiry_id(), "");
    } else {
      EXPECT_EQ(answer.refused(), "");
      EXPECT_EQ(answer.inquiry_id().size(), 32u);
      EXPECT_GE(answer.position().offset(), 1);
    }
  }
  EXPECT_EQ(Commands().size(), static_cast<std::size_t>(kMany - kMany / 10));
}

TEST_F(IntakeService, TellsWhetherAnOrderEventChangedAnything) {
  Serve();
  const auto take = [&](const v1::OrderEvent& event) {
    v1::SubmitOrderEventRequest request;
    *request.mutable_order() = event;
    return Call(&v1::IntakeService::Stub::SubmitOrderEvent, request);
  };
  EXPECT_TRUE(take(Order("b", 200, v1::ORDER_STATUS_SHIPPED)).second.changed());
  const auto late = take(Order("a", 100));
  EXPECT_TRUE(late.first.ok());
  EXPECT_FALSE(late.second.changed());
  v1::OrderEvent bad = Order("c", 300);
  bad.clear_status();
  const auto refused = take(bad);
  EXPECT_EQ(refused.first.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(refused.first.error_message(), testing::HasSubstr("order.status"));
  stores.faults.down = true;
  EXPECT_EQ(take(Order("d", 400)).first.error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(IntakeService, PassesOnThatAnInquiryIsTakenBackOrAbandoned) {
  Serve();
  const InquiryId inquiry = wire::InquiryIdOf(DeskName::Of("shop"), "e1");
  v1::CancelInquiryRequest cancel;
  cancel.set_desk("shop");
  cancel.set_inquiry_id(inquiry.ToString());
  cancel.set_request_id("r1");
  const auto cancelled = Call(&v1::IntakeService::Stub::CancelInquiry, cancel);
  ASSERT_TRUE(cancelled.first.ok()) << cancelled.first.error_message();
  EXPECT_GE(cancelled.second.position().offset(), 1);
  v1::AbandonInquiryRequest abandon;
  abandon.set_desk("shop");
  abandon.set_inquiry_id(inquiry.ToString());
  ASSERT_TRUE(Call(&v1::IntakeService::Stub::AbandonInquiry, abandon).first.ok());
  const auto all = Commands();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(std::get<CancelInquiry>(all[0].command.body),
            (CancelInquiry{inquiry, CancelReason::kOther}));
  EXPECT_EQ(all[0].command.request, wire::RequestIdOf(DeskName::Of("shop"), "r1"));
  EXPECT_EQ(std::get<AbandonInquiry>(all[1].command.body), AbandonInquiry{inquiry});
  EXPECT_TRUE(all[1].command.request.none());

  cancel.set_inquiry_id("nonsense");
  EXPECT_EQ(Call(&v1::IntakeService::Stub::CancelInquiry, cancel).first.error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  abandon.clear_desk();
  EXPECT_EQ(Call(&v1::IntakeService::Stub::AbandonInquiry, abandon).first.error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(IntakeService, PassesOnWhatACustomerGave) {
  Serve();
  v1::RateInquiryRequest request;
  request.set_desk("shop");
  request.set_inquiry_id(InquiryId::FromNumber(7).ToString());
  request.set_request_id("r1");
  for (const std::uint32_t bad : {0u, 6u}) {
    request.set_rating(bad);
    const grpc::Status status = Call(&v1::IntakeService::Stub::RateInquiry, request).first;
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    EXPECT_EQ(status.error_message(), "rating: 1 to 5");
  }
  request.set_rating(4);
  const auto taken = Call(&v1::IntakeService::Stub::RateInquiry, request);
  ASSERT_TRUE(taken.first.ok()) << taken.first.error_message();
  ASSERT_EQ(Commands().size(), 1u);
  EXPECT_EQ(std::get<RateInquiry>(Commands()[0].command.body),
            (RateInquiry{InquiryId::FromNumber(7), 4}));
  EXPECT_EQ(Commands()[0].command.request, wire::RequestIdOf(DeskName::Of("shop"), "r1"));
}

TEST_F(IntakeService, PassesOnWhatBecameKnownOfAnInquiry) {
  Serve();
  const InquiryId inquiry = wire::InquiryIdOf(DeskName::Of("shop"), "e1");
  v1::UpdateInquiryRequest request;
  request.set_desk("shop");
  request.set_inquiry_id(inquiry.ToString());
  const auto refusal = [&] {
    const grpc::Status status = Call(&v1::IntakeService::Stub::UpdateInquiry, request).first;
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    return status.error_message();
  };
  EXPECT_THAT(refusal(), testing::HasSubstr("must say something"));
  request.set_priority(10);
  EXPECT_THAT(refusal(), testing::HasSubstr("priority"));
  request.set_priority(0);
  request.set_sentiment(static_cast<v1::Sentiment>(77));
  EXPECT_THAT(refusal(), testing::HasSubstr("sentiment"));
  request.set_sentiment(v1::SENTIMENT_NEGATIVE);
  request.set_value_cents(-1);
  EXPECT_THAT(refusal(), testing::HasSubstr("value_cents"));
  request.set_value_cents(129'900);
  request.set_on_site(false);
  v1::ExcludedAgent& excluded = *request.add_exclude();
  EXPECT_THAT(refusal(), testing::HasSubstr("exclude.agent"));
  excluded.set_agent("ana");
  excluded.mutable_length()->set_seconds(0);
  EXPECT_THAT(refusal(), testing::HasSubstr("exclude.length"));
  excluded.mutable_length()->set_seconds(600);
  request.add_exclude()->set_agent("ben");
  request.set_request_id("r1");
  const auto updated = Call(&v1::IntakeService::Stub::UpdateInquiry, request);
  ASSERT_TRUE(updated.first.ok()) << updated.first.error_message();
  EXPECT_GE(updated.second.position().offset(), 1);

  const auto all = Commands();
  ASSERT_EQ(all.size(), 1u);
  const UpdateInquiry expected{
      inquiry, 0,       Sentiment::kNegative,
      false,   129'900, {{AgentName::Of("ana"), 600s}, {AgentName::Of("ben"), kForever}}};
  EXPECT_EQ(std::get<UpdateInquiry>(all[0].command.body), expected);
  EXPECT_EQ(all[0].command.request, wire::RequestIdOf(DeskName::Of("shop"), "r1"));
}

TEST_F(IntakeService, PassesOnWhatAMessageAsksFor) {
  Serve();
  v1::MessageEvent event = Message("e1");
  event.mutable_arrived_at()->set_seconds(1'600'000'000);
  event.set_on_site(true);
  event.set_value_cents(4'200);
  event.add_preferred_agents("ana");
  event.add_preferred_agents("ben");
  event.mutable_prefer_for()->set_seconds(90);
  event.add_exclude()->set_agent("cem");
  ASSERT_TRUE(Submit(event).first.ok());
  const PlaceInquiry placed = OnlyPlaced();
  EXPECT_EQ(placed.arrived_at, FromMicros(1'600'000'000'000'000));
  EXPECT_TRUE(placed.features.on_site);
  EXPECT_EQ(placed.features.value, 4'200);
  EXPECT_EQ(placed.preferred, (std::vector{AgentName::Of("ana"), AgentName::Of("ben")}));
  EXPECT_EQ(placed.prefer_for, 90s);
  EXPECT_EQ(placed.exclude, (std::vector<AskedExclusion>{{AgentName::Of("cem"), kForever}}));
}

TEST_F(IntakeService, TakesTheWorthOfTheOrderForThatOfTheInquiry) {
  Serve();
  v1::SubmitOrderEventRequest order;
  *order.mutable_order() = Order("b", 200);
  order.mutable_order()->set_value_cents(129'900);
  ASSERT_TRUE(Call(&v1::IntakeService::Stub::SubmitOrderEvent, order).first.ok());
  v1::MessageEvent event = Message("e1");
  event.set_order_id("o1");
  ASSERT_TRUE(Submit(event).first.ok());
  event = Message("e2");
  event.set_order_id("o1");
  event.set_value_cents(100);
  ASSERT_TRUE(Submit(event).first.ok());
  std::vector<std::int64_t> worth;
  for (const wire::CommandRecord& record : Commands()) {
    if (const auto* placed = std::get_if<PlaceInquiry>(&record.command.body)) {
      worth.push_back(placed->features.value);
    }
  }
  EXPECT_EQ(worth, (std::vector<std::int64_t>{129'900, 100}));
}

TEST_F(IntakeService, PassesOnWhenAnInquiryBegins) {
  Serve();
  v1::MessageEvent event = Message("e1");
  event.mutable_starts_at()->set_seconds(1'800'000'000);
  ASSERT_TRUE(Submit(event).first.ok());
  event = Message("e2");
  event.mutable_starts_at()->set_seconds(4'000'000'000);
  EXPECT_THAT(Submit(event).first.error_message(), testing::HasSubstr("message.starts_at"));
  v1::ScheduleInquiryRequest request;
  request.set_desk("shop");
  request.set_inquiry_id(wire::InquiryIdOf(DeskName::Of("shop"), "e1").ToString());
  EXPECT_THAT(Call(&v1::IntakeService::Stub::ScheduleInquiry, request).first.error_message(),
              testing::HasSubstr("starts_at: required"));
  request.mutable_starts_at()->set_seconds(-1);
  EXPECT_THAT(Call(&v1::IntakeService::Stub::ScheduleInquiry, request).first.error_message(),
              testing::HasSubstr("starts_at: a time"));
  request.mutable_starts_at()->set_seconds(1'700'000'000);
  ASSERT_TRUE(Call(&v1::IntakeService::Stub::ScheduleInquiry, request).first.ok());
  const auto all = Commands();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(std::get<PlaceInquiry>(all[0].command.body).starts_at,
            FromMicros(1'800'000'000'000'000));
  EXPECT_EQ(std::get<ScheduleInquiry>(all[1].command.body),
            (ScheduleInquiry{wire::InquiryIdOf(DeskName::Of("shop"), "e1"),
                             FromMicros(1'700'000'000'000'000)}));
}

TEST_F(IntakeService, TellsTheLogWhatBecameOfAnOrder) {
  Serve();
  const auto take = [&](const v1::OrderEvent& event) {
    v1::SubmitOrderEventRequest request;
    *request.mutable_order() = event;
    return Call(&v1::IntakeService::Stub::SubmitOrderEvent, request).second.changed();
  };
  EXPECT_TRUE(take(Order("b", 200, v1::ORDER_STATUS_LATE)));
  EXPECT_FALSE(take(Order("a", 100)));                         // said too late: what holds is told
  EXPECT_FALSE(take(Order("b", 200, v1::ORDER_STATUS_LATE)));  // again: the engine drops it
  v1::MessageEvent event = Message("e1");
  event.set_order_id("o1");
  ASSERT_TRUE(Submit(event).first.ok());
  const auto all = Commands();
  ASSERT_EQ(all.size(), 4u);
  const UpdateOrder expected{wire::OrderIdOf(DeskName::Of("shop"), "o1"),
                             OrderStatusName::Of("late")};
  EXPECT_EQ(std::get<UpdateOrder>(all[0].command.body), expected);
  EXPECT_EQ(std::get<UpdateOrder>(all[1].command.body), expected);
  EXPECT_EQ(std::get<UpdateOrder>(all[2].command.body), expected);
  EXPECT_EQ(all[0].command.request, all[2].command.request);
  EXPECT_NE(all[0].command.request, all[1].command.request);
  EXPECT_FALSE(all[0].command.request.none());
  EXPECT_EQ(std::get<PlaceInquiry>(all[3].command.body).features.order_status.view(), "late");
}

TEST_F(IntakeService, EndsACallAtItsDeadlineThoughTheLogIsSilent) {
  Serve();
  log.faults.land_max = std::chrono::hours(1'000'000);
  v1::AbandonInquiryRequest abandon;
  abandon.set_desk("shop");
  abandon.set_inquiry_id(InquiryId::FromNumber(7).ToString());
  const auto late = Call(&v1::IntakeService::Stub::AbandonInquiry, abandon, 200ms);
  EXPECT_EQ(late.first.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  server_->Stop(0s);  // does not hang on what is never answered
}

TEST_F(IntakeService, RefusesCallsOnceItDrains) {
  Serve();
  EXPECT_TRUE(intake->Drain(0s).ok());
  EXPECT_EQ(Submit(Message("e1")).first.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_TRUE(Commands().empty());
}

}  // namespace
}  // namespace usher::intake
