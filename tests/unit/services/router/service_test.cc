// RoutingService over gRPC, on the embedded log, with all threads as in production.
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "journal/topics.h"
#include "kit/tree/tree.h"
#include "log/embedded/embedded_log.h"
#include "router/router.h"
#include "usher/v1/routing.grpc.pb.h"

namespace usher::router {
namespace {

std::string APolicy() {
  std::ifstream file(kit::TreePath("deploy/policies/small.yaml"));
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// Calls `holds` until it says so, with what the loops do in between; false after 20 s.
template <class Holds>
bool Await(const Holds& holds) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!holds()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::yield();
  }
  return true;
}

class Serving : public testing::Test {
 protected:
  void SetUp() override {
    std::string made = testing::TempDir() + "routerXXXXXX";
    ASSERT_NE(mkdtemp(made.data()), nullptr);
    dir_ = made;
    auto log = log::OpenEmbeddedLog({.dir = dir_, .sync = false});
    ASSERT_TRUE(log.ok()) << log.status();
    log_ = *std::move(log);
    for (const log::TopicSpec& spec : journal::Topics(2)) {
      ASSERT_TRUE(log_->CreateTopic(spec).ok());
    }
    StartRouter();
    auto server = rpc::Server::Start({.address = "127.0.0.1:0"}, {&router_->grpc_service()});
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    stub_ = v1::RoutingService::NewStub(grpc::CreateChannel(
        "127.0.0.1:" + std::to_string(server_->port()), grpc::InsecureChannelCredentials()));
  }
  void TearDown() override {
    if (server_ != nullptr) server_->Stop(1s);
    threads_.clear();
    router_.reset();
    log_.reset();
    std::filesystem::remove_all(dir_);
  }
  void StartRouter() {
    const auto commands = journal::OpenCommandLog(*log_);
    ASSERT_TRUE(commands.ok()) << commands.status();
    auto router = Router::Bind({}, *commands, *log_, metrics_, health_);
    ASSERT_TRUE(router.ok()) << router.status();
    router_ = *std::move(router);
    for (Stepper* stepper : router_->steppers()) {
      threads_.push_back(std::make_unique<StepThread>(
          "router", *stepper, 20ms, [](const absl::Status& status) { ADD_FAILURE() << status; }));
    }
    ASSERT_TRUE(Await([this] { return health_.serving(kServiceName); }));
  }
  grpc::Status Apply(const std::string& desk, const std::string& yaml, const std::string& request,
                     v1::ApplyPolicyResponse& response) {
    v1::ApplyPolicyRequest apply;
    apply.set_desk(desk);
    apply.set_yaml(yaml);
    apply.set_request_id(request);
    grpc::ClientContext context;
    return stub_->ApplyPolicy(&context, apply, &response);
  }
  grpc::Status Get(const std::string& desk, v1::GetPolicyResponse& response) {
    v1::GetPolicyRequest get;
    get.set_desk(desk);
    grpc::ClientContext context;
    return stub_->GetPolicy(&context, get, &response);
  }

  std::string dir_;
  std::unique_ptr<log::Log> log_;
  telemetry::Metrics metrics_;
  rpc::Health health_;
  std::unique_ptr<Router> router_;
  std::vector<std::unique_ptr<StepThread>> threads_;
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<v1::RoutingService::Stub> stub_;
};

TEST_F(Serving, APolicyIsAppliedThroughTheLogAndShownWithItsPlace) {
  v1::ApplyPolicyResponse applied;
  const grpc::Status status = Apply("eu", APolicy(), "first", applied);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_FALSE(applied.version().empty());
  v1::GetPolicyResponse got;
  ASSERT_TRUE(Await([&] { return Get("eu", got).ok(); }));
  EXPECT_EQ(got.version(), applied.version());
  EXPECT_EQ(got.yaml(), APolicy());
  EXPECT_EQ(got.position().offset(), applied.position().offset());
  EXPECT_EQ(got.position().partition(), applied.position().partition());
}

TEST_F(Serving, ABadPolicyIsRefusedWithLineAndColumn) {
  v1::CheckPolicyRequest check;
  check.set_yaml("version: 1\nqueues: nonsense\n");
  v1::CheckPolicyResponse checked;
  grpc::ClientContext context;
  ASSERT_TRUE(stub_->CheckPolicy(&context, check, &checked).ok());
  ASSERT_GT(checked.problems_size(), 0);

  v1::ApplyPolicyResponse applied;
  const grpc::Status status = Apply("eu", check.yaml(), "", applied);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_NE(status.error_message().find(checked.problems(0).message()), std::string::npos)
      << status.error_message();
}

TEST_F(Serving, ManyProblemsFitIntoOneAnswer) {
  std::string yaml;
  for (int i = 0; i < 2'000; ++i) yaml += "unknown_key_" + std::to_string(i) + ": 1\n";
  v1::ApplyPolicyResponse applied;
  const grpc::Status status = Apply("eu", yaml, "", applied);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << status.error_message();
  EXPECT_NE(status.error_message().find("CheckPolicy tells all"), std::string::npos);
}

TEST_F(Serving, ADeskWithoutPolicyAndAMissingDeskAreToldApart) {
  v1::GetPolicyResponse got;
  ASSERT_TRUE(
      Await([&] { return Get("nobody", got).error_code() == grpc::StatusCode::NOT_FOUND; }));
  EXPECT_EQ(Get("", got).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  v1::ApplyPolicyResponse applied;
  EXPECT_EQ(Apply("", APolicy(), "", applied).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(Apply("eu", APolicy(), std::string(201, 'r'), applied).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(Serving, AfterDrainNothingIsTakenAndNothingIsLost) {
  v1::ApplyPolicyResponse applied;
  ASSERT_TRUE(Apply("eu", APolicy(), "", applied).ok());
  const absl::Status drained = router_->Drain(20s);
  EXPECT_TRUE(drained.ok()) << drained;
  EXPECT_EQ(Apply("eu", APolicy(), "", applied).error_code(), grpc::StatusCode::UNAVAILABLE);
}

}  // namespace
}  // namespace usher::router
