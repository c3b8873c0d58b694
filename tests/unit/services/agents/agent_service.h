// A whole agents service behind a real gRPC server, and desktops that connect to it.
//
// Threads: one; calls and streams are on threads of their own.
#pragma once

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

namespace usher::agents {

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

}  // namespace usher::agents
