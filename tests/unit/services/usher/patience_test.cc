#include "usher/patience.h"

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <string>

#include "grpc/health/v1/health.grpc.pb.h"

namespace usher {
namespace {

using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

class Patient : public testing::Test {
 protected:
  // What health says on the port, as a probe sees it.
  HealthCheckResponse::ServingStatus Health(int port) {
    const auto stub = grpc::health::v1::Health::NewStub(grpc::CreateChannel(
        "127.0.0.1:" + std::to_string(port), grpc::InsecureChannelCredentials()));
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
    context.set_wait_for_ready(true);
    HealthCheckResponse response;
    const grpc::Status status = stub->Check(&context, HealthCheckRequest(), &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response.status();
  }

  PatienceOptions options_{.address = "127.0.0.1:0", .total = 600s, .pause = 1ms};
  rpc::Health health_;
};

TEST_F(Patient, TriesAgainWhileTheAnswerIsNotYetAndServesHealthMeanwhile) {
  Patience patience(options_, health_);
  int tries = 0;
  const absl::Status status = patience.Try([&]() -> absl::Status {
    switch (++tries) {
      case 1:
        EXPECT_EQ(patience.port(), 0);
        return absl::UnavailableError("waiting for the controller");
      case 2:
        EXPECT_EQ(Health(patience.port()), HealthCheckResponse::NOT_SERVING);
        return absl::DeadlineExceededError("not acknowledged");
      case 3:
        return absl::NotFoundError("this broker does not know the topic");
      case 4:
        return absl::AbortedError("a producer that failed for good");
      default:
        return absl::OkStatus();
    }
  });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(tries, 5);
  EXPECT_EQ(patience.port(), 0);
}

TEST_F(Patient, BelievesANo) {
  for (const auto code : {absl::StatusCode::kFailedPrecondition, absl::StatusCode::kInvalidArgument,
                          absl::StatusCode::kPermissionDenied, absl::StatusCode::kDataLoss}) {
    Patience patience(options_, health_);
    int tries = 0;
    const absl::Status status = patience.Try([&] {
      ++tries;
      return absl::Status(code, "topic usher.commands is missing");
    });
    EXPECT_EQ(status.code(), code);
    EXPECT_EQ(tries, 1);
    EXPECT_EQ(patience.port(), 0);
  }
}

TEST_F(Patient, BelievesANoThatComesLater) {
  Patience patience(options_, health_);
  int tries = 0;
  const absl::Status status = patience.Try([&]() -> absl::Status {
    if (++tries < 3) return absl::UnavailableError("no broker");
    return absl::FailedPreconditionError("topic usher.commands has 3 partitions, not 4");
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(tries, 3);
}

TEST_F(Patient, EndsWithWhatWasSaidLast) {
  options_.total = 30ms;
  Patience patience(options_, health_);
  int tries = 0;
  const absl::Status status = patience.Try(
      [&] { return absl::UnavailableError("no broker, try " + std::to_string(++tries)); });
  EXPECT_EQ(status, absl::UnavailableError("no broker, try " + std::to_string(tries)));
  options_.total = 0s;
  tries = 0;
  Patience none(options_, health_);
  EXPECT_FALSE(none.Try([&] { return absl::UnavailableError(std::to_string(++tries)); }).ok());
  EXPECT_EQ(tries, 1);
}

}  // namespace
}  // namespace usher
