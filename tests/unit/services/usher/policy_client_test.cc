#include "usher/policy_client.h"

#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>

#include "usher/v1/routing.grpc.pb.h"

namespace usher {
namespace {

// A router that has not read its policies yet, for so many questions.
class LateRouter : public v1::RoutingService::Service {
 public:
  explicit LateRouter(int late) : late_(late) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
  }

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  int asked() const { return asked_; }

  grpc::Status GetPolicy(grpc::ServerContext*, const v1::GetPolicyRequest* request,
                         v1::GetPolicyResponse* response) override {
    if (asked_++ < late_) return {grpc::StatusCode::UNAVAILABLE, "the policies are being read"};
    if (request->desk() != "shop") return {grpc::StatusCode::NOT_FOUND, "desk: it has no policy"};
    response->set_version("v7");
    return grpc::Status::OK;
  }

 private:
  const int late_;
  std::atomic<int> asked_ = 0;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

TEST(PolicyClients, WaitForARouterThatStillReadsItsPolicies) {
  LateRouter router(3);
  const auto holds = PolicyClient(router.address()).Get("shop");
  ASSERT_TRUE(holds.ok()) << holds.status();
  EXPECT_EQ(holds->version(), "v7");
  EXPECT_EQ(router.asked(), 4);
}

TEST(PolicyClients, DoNotWaitForWhatIsNotThere) {
  LateRouter router(0);
  EXPECT_EQ(PolicyClient(router.address()).Get("other").status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(router.asked(), 1);
}

}  // namespace
}  // namespace usher
