// The gRPC surface of the agents service, over a real gRPC server, with the simulated log behind
// it.
#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "agents/handlers.h"
#include "rpc/server.h"
#include "unit/services/agents/agents_world.h"
#include "usher/v1/agents.grpc.pb.h"
#include "usher/v1/questions.grpc.pb.h"
#include "wire/surface.h"

namespace usher::agents {
namespace {

// An agent's desktop: a Work stream whose answers are gathered by a thread.
class Desktop {
 public:
  explicit Desktop(v1::AgentService::Stub& stub) {
    context_.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
    stream_ = stub.Work(&context_);
  }
  ~Desktop() {
    context_.TryCancel();
    Listen();
    if (reader_.joinable()) reader_.join();
  }

  void Hello(const AgentName& agent) {
    v1::WorkRequest request;
    request.mutable_hello()->set_desk("shop");
    request.mutable_hello()->set_agent(agent.ToString());
    Send(request);
  }
  void Send(const v1::WorkRequest& request) { stream_->Write(request); }
  void HangUp() { stream_->WritesDone(); }

  // From now on it reads.
  void Listen() {
    if (reader_.joinable()) return;
    reader_ = std::thread([this] {
      v1::WorkResponse response;
      while (stream_->Read(&response)) {
        absl::MutexLock lock(&mutex_);
        got_.push_back(response);
      }
      grpc::Status status = stream_->Finish();
      absl::MutexLock lock(&mutex_);
      status_ = std::move(status);
      ended_ = true;
    });
  }

  std::size_t count() {
    absl::MutexLock lock(&mutex_);
    return got_.size();
  }
  bool ended() {
    absl::MutexLock lock(&mutex_);
    return ended_;
  }
  v1::WorkResponse at(std::size_t index) {
    absl::MutexLock lock(&mutex_);
    return got_.at(index);
  }
  grpc::StatusCode code() {
    absl::MutexLock lock(&mutex_);
    return status_.error_code();
  }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::WorkRequest, v1::WorkResponse>> stream_;
  std::thread reader_;
  absl::Mutex mutex_;
  std::vector<v1::WorkResponse> got_ ABSL_GUARDED_BY(mutex_);
  grpc::Status status_ ABSL_GUARDED_BY(mutex_);
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
};

class AgentService : public testing::Test, public AgentsWorld {
 protected:
  void Serve(Options options = {}) {
    Start(options);
    Step(3);
    auto server = rpc::Server::Start({.address = "127.0.0.1:0"},
                                     {&agents->grpc_service(), &agents->question_service()});
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = std::move(*server);
    const auto channel = grpc::CreateChannel("127.0.0.1:" + std::to_string(server_->port()),
                                             grpc::InsecureChannelCredentials());
    stub_ = v1::AgentService::NewStub(channel);
    questions_ = v1::QuestionService::NewStub(channel);
  }

  void TearDown() override {
    if (server_) server_->Stop(0s);
    server_.reset();
    agents.reset();
  }

  template <class Stub, class Response, class Request>
  using Method = grpc::Status (Stub::*)(grpc::ClientContext*, const Request&, Response*);

  v1::AgentService::Stub& StubOf(v1::AgentService::Stub*) { return *stub_; }
  v1::QuestionService::Stub& StubOf(v1::QuestionService::Stub*) { return *questions_; }

  template <class Stub, class Response, class Request>
  std::pair<grpc::Status, Response> Call(Method<Stub, Response, Request> method,
                                         const Request& request) {
    auto answer = std::async(std::launch::async, [&] {
      grpc::ClientContext context;
      context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
      Response response;
      grpc::Status status =
          (StubOf(static_cast<Stub*>(nullptr)).*method)(&context, request, &response);
      return std::make_pair(std::move(status), std::move(response));
    });
    StepUntil(
        [&] { return answer.wait_for(std::chrono::milliseconds(1)) == std::future_status::ready; });
    return answer.get();
  }

  // As Call(); `decide` plays the router once the command is in the log.
  template <class Stub, class Response, class Request>
  std::pair<grpc::Status, Response> CallAndDecide(Method<Stub, Response, Request> method,
                                                  const Request& request,
                                                  const std::function<void()>& decide) {
    const std::int64_t before = LastCommand();
    auto answer = std::async(std::launch::async, [&] {
      grpc::ClientContext context;
      context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
      Response response;
      grpc::Status status =
          (StubOf(static_cast<Stub*>(nullptr)).*method)(&context, request, &response);
      return std::make_pair(std::move(status), std::move(response));
    });
    StepUntil([&] { return LastCommand() > before; });
    decide();
    StepUntil(
        [&] { return answer.wait_for(std::chrono::milliseconds(1)) == std::future_status::ready; });
    return answer.get();
  }

  void AwaitCount(Desktop& desktop, std::size_t count) {
    StepUntil([&] { return desktop.count() >= count || desktop.ended(); });
    ASSERT_GE(desktop.count(), count);
  }
  void AwaitEnd(Desktop& desktop) {
    StepUntil([&] { return desktop.ended(); });
  }
  void AwaitHellos(std::size_t count) {
    StepUntil([&] { return Commands<ShowWork>().size() >= count; });
  }

  // A desktop of `agent` that has got its current work.
  std::unique_ptr<Desktop> Connect(const AgentName& agent, bool listen = true) {
    auto desktop = std::make_unique<Desktop>(*stub_);
    const std::size_t before = Commands<ShowWork>().size();
    desktop->Hello(agent);
    if (listen) desktop->Listen();
    AwaitHellos(before + 1);
    Say(WorkShown{agent, Presence::kAvailable, {}, {}});
    if (listen) AwaitCount(*desktop, 1);
    return desktop;
  }

  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<v1::AgentService::Stub> stub_;
  std::unique_ptr<v1::QuestionService::Stub> questions_;
};

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

TEST_F(AgentService, HandsDirectoryCommandsToTheLog) {
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

TEST_F(AgentService, KnowsAttributesAndPermissionsOfAgents) {
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

TEST_F(AgentService, AnswersATakeWithWhatCameOfIt) {
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

TEST_F(AgentService, AnswersAGiftAndATransferWithWhatCameOfThem) {
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

TEST_F(AgentService, TellsACallerThatNothingWasDecidedInTime) {
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

TEST_F(AgentService, TakesWhenAShiftEnds) {
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

TEST_F(AgentService, AnswersHowLongAnInquiryWaits) {
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

TEST_F(AgentService, AnswersWhyAnInquiryWaits) {
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

TEST_F(AgentService, AnswersWhatAPolicyWouldMove) {
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

TEST_F(AgentService, ListsTheDirectoryInPages) {
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
