// The Work streams of the agents service, over a real gRPC server, with the simulated log behind
// it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "unit/services/agents/agent_service.h"
#include "wire/surface.h"

namespace usher::agents {
namespace {

TEST_F(AgentService, AnswersHelloWithTheCurrentWork) {
  SayAgent(kAna);
  Serve();
  Desktop desktop(*stub_);
  desktop.Hello(kAna);
  desktop.Listen();
  AwaitHellos(1);
  EXPECT_EQ(Commands<ShowWork>().front().agent, kAna);
  Say(Made(7, 70));  // before the engine came to the question: in its answer
  WorkShown shown{kAna, Presence::kAvailable, {}, {}};
  shown.offers.push_back({Offer(7), Inquiry(70), QueueName::Of("q"), FromMicros(5'000'000)});
  shown.assignments.push_back({Inquiry(60), QueueName::Of("r"), true});
  Say(shown);
  Say(Accepted(7, 70));
  AwaitCount(desktop, 2);
  const v1::WorkCurrent current = desktop.at(0).current();
  EXPECT_EQ(current.presence(), v1::PRESENCE_AVAILABLE);
  ASSERT_EQ(current.offers_size(), 1);
  EXPECT_EQ(current.offers(0).offer_id(), 7u);
  EXPECT_EQ(current.offers(0).inquiry_id(), Inquiry(70).ToString());
  EXPECT_EQ(current.offers(0).expires_at().seconds(), 5);
  ASSERT_EQ(current.assigned_size(), 1);
  EXPECT_EQ(current.assigned(0).queue(), "r");
  EXPECT_TRUE(current.assigned(0).answered());
  EXPECT_EQ(desktop.at(1).assigned().inquiry_id(), Inquiry(70).ToString());
}

TEST_F(AgentService, CarriesOffersDownAndAnswersUp) {
  SayAgent(kAna);
  Serve();
  auto desktop = Connect(kAna);
  Say(Made(1, 10));
  AwaitCount(*desktop, 2);
  EXPECT_EQ(desktop->at(1).offer().offer_id(), 1u);
  EXPECT_EQ(desktop->at(1).offer().queue(), "q");

  v1::WorkRequest request;
  request.mutable_accept()->set_offer_id(1);
  desktop->Send(request);
  StepUntil([&] { return Commands<AcceptOffer>().size() == 1; });
  EXPECT_EQ(Commands<AcceptOffer>().front(), (AcceptOffer{Offer(1), kAna}));
  Say(Accepted(1, 10));
  Say(MessageJoined{Inquiry(10), MessageId::FromNumber(1)});
  AwaitCount(*desktop, 4);
  EXPECT_EQ(desktop->at(2).assigned().inquiry_id(), Inquiry(10).ToString());
  EXPECT_EQ(desktop->at(3).message().inquiry_id(), Inquiry(10).ToString());

  request.mutable_reply()->set_inquiry_id(Inquiry(10).ToString());
  desktop->Send(request);
  request.mutable_done()->set_inquiry_id(Inquiry(10).ToString());
  desktop->Send(request);
  StepUntil([&] { return Commands<FinishInquiry>().size() == 1; });
  EXPECT_EQ(Commands<RecordReply>().front(), (RecordReply{Inquiry(10), kAna}));
  Say(InquiryResolved{Inquiry(10), kAna, 1s, 2s});

  request.mutable_decline()->set_offer_id(99);
  request.mutable_decline()->set_reason(v1::DECLINE_REASON_BUSY);
  desktop->Send(request);
  StepUntil([&] { return Commands<DeclineOffer>().size() == 1; });
  CommandRejected rejected;
  rejected.command = static_cast<std::uint8_t>(CommandBody(DeclineOffer()).index());
  rejected.reason = RejectReason::kUnknownOffer;
  rejected.agent = kAna;
  rejected.offer = Offer(99);
  Say(rejected);
  AwaitCount(*desktop, 6);
  EXPECT_EQ(desktop->at(4).ended().stage(), v1::STAGE_RESOLVED);
  EXPECT_EQ(desktop->at(5).refused().reason(), v1::REJECT_REASON_UNKNOWN_OFFER);
  EXPECT_EQ(desktop->at(5).refused().offer_id(), 99u);

  desktop->HangUp();
  AwaitEnd(*desktop);
  EXPECT_EQ(desktop->code(), grpc::StatusCode::OK);
  EXPECT_TRUE(Commands<SetPresence>().empty());
}

TEST_F(AgentService, GivesTheCurrentWorkAnewAfterAReconnect) {
  SayAgent(kAna);
  Serve();
  auto first = Connect(kAna);
  Say(Made(1, 10));
  AwaitCount(*first, 2);
  first.reset();
  Say(Accepted(1, 10));  // while nobody listens
  auto second = Connect(kAna);
  Say(Made(2, 11));
  AwaitCount(*second, 2);
  EXPECT_TRUE(second->at(0).has_current());
  EXPECT_EQ(second->at(1).offer().offer_id(), 2u);
}

TEST_F(AgentService, EndsTheOlderStreamOfAnAgent) {
  SayAgent(kAna);
  Serve();
  auto older = Connect(kAna);
  auto newer = Connect(kAna);
  AwaitEnd(*older);
  EXPECT_EQ(older->code(), grpc::StatusCode::ABORTED);
  Say(Made(1, 10));
  AwaitCount(*newer, 2);
  EXPECT_EQ(older->count(), 1u);
}

TEST_F(AgentService, EndsAStreamThatIsReadTooSlowly) {
  SayAgent(kAna);
  Options options;
  options.outbox_max = 100;
  Serve(options);
  auto desktop = Connect(kAna, false);
  // More than all buffers on the way hold.
  std::uint64_t offer = 0;
  const auto slow = [&] {
    return metrics.Text().find("usher_work_streams_ended_total{reason=\"slow\"} 1\n") !=
           std::string::npos;
  };
  while (!slow()) {
    ASSERT_LT(offer, 1'000'000u);
    for (int i = 0; i < 500; ++i) {
      ++offer;
      Say(Made(offer, offer));
      Say(OfferExpired{Offer(offer), Inquiry(offer), kAna});
    }
    Step(4);
  }
  desktop->Listen();
  AwaitEnd(*desktop);
  EXPECT_EQ(desktop->code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  auto again = Connect(kAna);
  EXPECT_TRUE(again->at(0).has_current());
}

TEST_F(AgentService, EndsAStreamThatBreaksTheRules) {
  SayAgent(kAna);
  Serve();
  Desktop mute(*stub_);
  v1::WorkRequest request;
  request.mutable_accept()->set_offer_id(1);
  mute.Send(request);
  mute.Listen();
  AwaitEnd(mute);
  EXPECT_EQ(mute.code(), grpc::StatusCode::INVALID_ARGUMENT);

  Desktop nameless(*stub_);
  nameless.Hello(AgentName());
  nameless.Listen();
  AwaitEnd(nameless);
  EXPECT_EQ(nameless.code(), grpc::StatusCode::INVALID_ARGUMENT);

  auto twice = Connect(kAna);
  twice->Hello(kAna);
  AwaitEnd(*twice);
  EXPECT_EQ(twice->code(), grpc::StatusCode::INVALID_ARGUMENT);

  Desktop stranger(*stub_);
  stranger.Hello(kBen);
  stranger.Listen();
  AwaitHellos(2);
  CommandRejected rejected;
  rejected.command = static_cast<std::uint8_t>(CommandBody(ShowWork()).index());
  rejected.reason = RejectReason::kUnknownAgent;
  rejected.agent = kBen;
  Say(rejected);
  AwaitEnd(stranger);
  EXPECT_EQ(stranger.code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(AgentService, EndsAThousandStreamsQuicklyWhenItStops) {
  constexpr std::size_t kMany = 1'000;
  Serve();
  std::vector<std::unique_ptr<Desktop>> desktops;
  for (std::size_t i = 0; i < kMany; ++i) {
    desktops.push_back(std::make_unique<Desktop>(*stub_));
    desktops.back()->Hello(AgentName::Of("agent-" + std::to_string(i)));
  }
  StepUntil([&] { return Commands<ShowWork>().size() == kMany; });
  EXPECT_EQ(agents->front_door().desktops.open(), kMany);
  Step();
  EXPECT_NE(metrics.Text().find("usher_work_streams 1000\n"), std::string::npos);

  const auto begin = std::chrono::steady_clock::now();
  EXPECT_TRUE(agents->Drain(5s).ok());
  server_->Stop(5s);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(4));
  desktops.front()->Listen();
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!desktops.front()->ended() && std::chrono::steady_clock::now() < until) {
    std::this_thread::yield();
  }
  EXPECT_EQ(desktops.front()->code(), grpc::StatusCode::UNAVAILABLE);
}

}  // namespace
}  // namespace usher::agents
