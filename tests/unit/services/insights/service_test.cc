// The service over gRPC: what takes long does not hold up what is quick.
#include "insights/service.h"

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <thread>

#include "log/sim/sim_log.h"
#include "rpc/server.h"
#include "store/sim/sim_store.h"

namespace usher::insights {
namespace {

constexpr auto kDeadline = std::chrono::minutes(2);

// Queries are answered only where the test has them answered.
struct Served {
  store::SimStores stores{1, [] { return FromMicros(0); }};
  std::unique_ptr<store::Store> store = *stores.Open();
  log::SimLog log{{.seed = 1, .clock = [] { return FromMicros(0); }}};
  Zones zones{log};
  Queries quick{10}, reports{10}, slow{10};
  Service service{quick, reports, slow, zones, log, 1};
  std::unique_ptr<rpc::Server> server = *rpc::Server::Start({.address = "127.0.0.1:0"}, {&service});
  std::unique_ptr<v1::InsightsService::Stub> stub =
      v1::InsightsService::NewStub(grpc::CreateChannel(
          "127.0.0.1:" + std::to_string(server->port()), grpc::InsecureChannelCredentials()));

  ~Served() {
    for (Queries* each : {&quick, &reports, &slow}) each->Close(Duration(0)).IgnoreError();
  }

  template <class Call>
  std::future<grpc::StatusCode> Ask(Call call) {
    return std::async(std::launch::async, [call] {
      grpc::ClientContext context;
      context.set_deadline(std::chrono::system_clock::now() + kDeadline);
      return call(context).error_code();
    });
  }
  // Until the next one has come and is answered.
  bool Answer(Queries& queries) {
    const auto until = std::chrono::steady_clock::now() + kDeadline;
    while (std::chrono::steady_clock::now() < until) {
      if (queries.AnswerOne(*store, 100ms)) return true;
    }
    return false;
  }
};

TEST(InsightsService, AReportHoldsUpNoQuickQuery) {
  Served served;
  auto report = served.Ask([&](grpc::ClientContext& context) {
    v1::GetReportRequest request;
    request.set_desk("shop");
    request.set_time_zone("UTC");
    request.mutable_from()->set_seconds(0);
    request.mutable_to()->set_seconds(3600);
    v1::GetReportResponse response;
    return served.stub->GetReport(&context, request, &response);
  });
  for (int i = 0; i < 3; ++i) {
    auto queues = served.Ask([&](grpc::ClientContext& context) {
      v1::ListQueuesRequest request;
      request.set_desk("shop");
      v1::ListQueuesResponse response;
      return served.stub->ListQueues(&context, request, &response);
    });
    ASSERT_TRUE(served.Answer(served.quick));
    EXPECT_NE(queues.get(), grpc::StatusCode::DEADLINE_EXCEEDED);
  }
  EXPECT_NE(report.wait_for(0s), std::future_status::ready) << "nobody has answered it yet";
  ASSERT_TRUE(served.Answer(served.reports));
  EXPECT_EQ(report.get(), grpc::StatusCode::NOT_FOUND);
}

TEST(InsightsService, WhatIsUnderWayLearnsThatItStops) {
  Served served;
  auto staffing = served.Ask([&](grpc::ClientContext& context) {
    v1::GetStaffingRequest request;
    request.set_desk("shop");
    v1::GetStaffingResponse response;
    return served.stub->GetStaffing(&context, request, &response);
  });
  EXPECT_FALSE(served.slow.closed());
  served.slow.Close(Duration(0)).IgnoreError();
  EXPECT_TRUE(served.slow.closed());
  EXPECT_EQ(staffing.get(), grpc::StatusCode::UNAVAILABLE);
}

}  // namespace
}  // namespace usher::insights
