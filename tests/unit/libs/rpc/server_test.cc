#include "rpc/server.h"

#include <gmock/gmock.h>
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "rpc/grpc_status.h"

namespace usher::rpc {
namespace {

using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;
using Clock = std::chrono::steady_clock;
using Stub = grpc::health::v1::Health::Stub;

struct CallEnd {
  std::string method;
  int code;
};

class ServerTest : public testing::Test {
 protected:
  void Start(ServerOptions options = {}) {
    options.address = "127.0.0.1:0";
    auto server = Server::Start(options, {&health_.grpc_service()});
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = std::move(*server);
    channel_ = grpc::CreateChannel("127.0.0.1:" + std::to_string(server_->port()),
                                   grpc::InsecureChannelCredentials());
    stub_ = grpc::health::v1::Health::NewStub(channel_);
  }

  static void Limit(grpc::ClientContext& context) {
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
  }

  grpc::Status Check(const std::string& service, HealthCheckResponse& response,
                     bool compressed = false) {
    grpc::ClientContext context;
    Limit(context);
    if (compressed) context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
    HealthCheckRequest request;
    request.set_service(service);
    return stub_->Check(&context, request, &response);
  }

  HealthCheckResponse::ServingStatus Checked(const std::string& service) {
    HealthCheckResponse response;
    const grpc::Status status = Check(service, response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response.status();
  }

  Health health_;
  std::unique_ptr<Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<Stub> stub_;
};

// A Watch as a client sees it.
class Watched {
 public:
  Watched(Stub& stub, const std::string& service) {
    context_.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    HealthCheckRequest request;
    request.set_service(service);
    reader_ = stub.Watch(&context_, request);
  }
  ~Watched() {
    if (open_) {
      context_.TryCancel();
      End();
    }
  }

  // The next status; UNKNOWN when the call has ended.
  HealthCheckResponse::ServingStatus Next() {
    HealthCheckResponse response;
    return reader_->Read(&response) ? response.status() : HealthCheckResponse::UNKNOWN;
  }

  grpc::Status End() {
    HealthCheckResponse response;
    while (reader_->Read(&response)) {
    }
    open_ = false;
    return reader_->Finish();
  }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<HealthCheckResponse>> reader_;
  bool open_ = true;
};

TEST_F(ServerTest, HealthSaysNotServingUntilEverythingServes) {
  health_.Declare("a");
  health_.Declare("b");
  Start();
  EXPECT_EQ(Checked("a"), HealthCheckResponse::NOT_SERVING);
  EXPECT_EQ(Checked(""), HealthCheckResponse::NOT_SERVING);

  health_.Set("a", true);
  EXPECT_EQ(Checked("a"), HealthCheckResponse::SERVING);
  EXPECT_EQ(Checked("b"), HealthCheckResponse::NOT_SERVING);
  EXPECT_EQ(Checked(""), HealthCheckResponse::NOT_SERVING);

  health_.Set("b", true);
  EXPECT_EQ(Checked(""), HealthCheckResponse::SERVING);
  EXPECT_TRUE(health_.serving(""));

  health_.Set("a", false);
  EXPECT_EQ(Checked(""), HealthCheckResponse::NOT_SERVING);
}

TEST_F(ServerTest, HealthOfNothingDeclaredIsNotServing) {
  Start();
  EXPECT_EQ(Checked(""), HealthCheckResponse::NOT_SERVING);
}

TEST_F(ServerTest, CheckOfAnUnknownServiceIsNotFound) {
  Start();
  HealthCheckResponse response;
  EXPECT_EQ(Check("nobody", response).error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(ServerTest, WatchIsToldOfEveryLastingChange) {
  health_.Declare("a");
  Start();
  Watched watched(*stub_, "a");
  EXPECT_EQ(watched.Next(), HealthCheckResponse::NOT_SERVING);
  health_.Set("a", true);
  EXPECT_EQ(watched.Next(), HealthCheckResponse::SERVING);
  health_.Set("a", false);
  EXPECT_EQ(watched.Next(), HealthCheckResponse::NOT_SERVING);
}

TEST_F(ServerTest, WatchOfAnUnknownServiceWaitsForIt) {
  Start();
  Watched watched(*stub_, "later");
  EXPECT_EQ(watched.Next(), HealthCheckResponse::SERVICE_UNKNOWN);
  health_.Declare("later");
  EXPECT_EQ(watched.Next(), HealthCheckResponse::NOT_SERVING);
}

TEST_F(ServerTest, StoppedHealthTellsAndEndsItsWatchesAndStaysSo) {
  health_.Declare("a");
  health_.Set("a", true);
  Start();
  Watched watched(*stub_, "a");
  EXPECT_EQ(watched.Next(), HealthCheckResponse::SERVING);
  health_.StopAll();
  EXPECT_EQ(watched.Next(), HealthCheckResponse::NOT_SERVING);
  EXPECT_EQ(watched.End().error_code(), grpc::StatusCode::UNAVAILABLE);
  health_.Set("a", true);
  EXPECT_EQ(Checked("a"), HealthCheckResponse::NOT_SERVING);
}

TEST_F(ServerTest, StopsWithinItsGraceThoughAThousandStreamsAreOpen) {
  health_.Declare("a");
  Start();
  std::vector<std::unique_ptr<Watched>> open;
  for (int i = 0; i < 1'000; ++i) {
    open.push_back(std::make_unique<Watched>(*stub_, "a"));
    ASSERT_EQ(open.back()->Next(), HealthCheckResponse::NOT_SERVING);
  }
  const auto begin = Clock::now();
  server_->Stop(100ms);
  EXPECT_LT(Clock::now() - begin, std::chrono::seconds(5));
  for (auto& watched : open) EXPECT_FALSE(watched->End().ok());
}

TEST_F(ServerTest, StopWaitsForNothingWhenTheWatchesHaveEnded) {
  health_.Declare("a");
  Start();
  Watched watched(*stub_, "a");
  EXPECT_EQ(watched.Next(), HealthCheckResponse::NOT_SERVING);
  health_.StopAll();
  EXPECT_EQ(watched.End().error_code(), grpc::StatusCode::UNAVAILABLE);
  const auto begin = Clock::now();
  server_->Stop(60s);
  EXPECT_LT(Clock::now() - begin, std::chrono::seconds(20));
}

TEST_F(ServerTest, RefusesCompressedAndOversizeRequests) {
  health_.Declare("a");
  ServerOptions options;
  options.message_bytes_max = 1'000;
  Start(options);
  HealthCheckResponse response;
  EXPECT_EQ(Check(std::string(900, 'a'), response, true).error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_EQ(Check(std::string(1'001, 'a'), response).error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(Check(std::string(900, 'a'), response).error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(ServerTest, RefusesAPortThatIsTaken) {
  Start();
  ServerOptions options;
  options.address = "127.0.0.1:" + std::to_string(server_->port());
  Health other;
  EXPECT_EQ(Server::Start(options, {&other.grpc_service()}).status().code(),
            absl::StatusCode::kUnavailable);
}

TEST_F(ServerTest, TellsHowEachCallEnded) {
  absl::Mutex mutex;
  std::vector<CallEnd> ends ABSL_GUARDED_BY(mutex);
  ServerOptions options;
  options.on_call_end = [&](const std::string& method, int code, Duration took) {
    absl::MutexLock lock(&mutex);
    EXPECT_GE(took, Duration::zero());
    ends.push_back({method, code});
  };
  health_.Declare("a");
  Start(options);
  Checked("a");
  HealthCheckResponse response;
  Check("nobody", response);
  {
    Watched watched(*stub_, "a");
    EXPECT_EQ(watched.Next(), HealthCheckResponse::NOT_SERVING);
  }
  server_->Stop(20s);  // all calls have ended after it
  absl::MutexLock lock(&mutex);
  std::vector<std::string> told;
  for (const CallEnd& end : ends) told.push_back(end.method + " " + std::to_string(end.code));
  EXPECT_THAT(told, testing::UnorderedElementsAre("/grpc.health.v1.Health/Check 0",
                                                  "/grpc.health.v1.Health/Check 5",
                                                  "/grpc.health.v1.Health/Watch 1"));
}

TEST_F(ServerTest, ReflectsOnlyWhenAsked) {
  for (const bool reflection : {true, false}) {
    ServerOptions options;
    options.reflection = reflection;
    Start(options);
    grpc::GenericStub generic(channel_);
    grpc::ClientContext context;
    Limit(context);
    grpc::CompletionQueue queue;
    auto call = generic.PrepareCall(
        &context, "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", &queue);
    grpc::Status status;
    void* tag = nullptr;
    bool ok = false;
    call->StartCall(nullptr);
    ASSERT_TRUE(queue.Next(&tag, &ok));
    call->WritesDone(nullptr);
    ASSERT_TRUE(queue.Next(&tag, &ok));
    call->Finish(&status, nullptr);
    ASSERT_TRUE(queue.Next(&tag, &ok));
    EXPECT_EQ(status.error_code(),
              reflection ? grpc::StatusCode::OK : grpc::StatusCode::UNIMPLEMENTED);
    server_->Stop(1s);
  }
}

TEST(GrpcStatus, KeepsCodeAndText) {
  const grpc::Status status = ToGrpc(absl::NotFoundError("no such thing"));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(status.error_message(), "no such thing");
  EXPECT_TRUE(ToGrpc(absl::OkStatus()).ok());
}

}  // namespace
}  // namespace usher::rpc
