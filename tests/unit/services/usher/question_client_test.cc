// QuestionClient against a server of its own that answers as it is told.
#include "usher/question_client.h"

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "absl/synchronization/notification.h"
#include "rpc/server.h"
#include "usher/v1/questions.grpc.pb.h"

namespace usher {
namespace {

using testing::HasSubstr;

class Answers : public v1::QuestionService::Service {
 public:
  grpc::Status EstimateWait(grpc::ServerContext*, const v1::EstimateWaitRequest* request,
                            v1::EstimateWaitResponse* response) override {
    if (silent) released.WaitForNotification();
    response->set_queue(request->desk() + "/" + request->inquiry_id());
    response->set_refused(refused);
    return status;
  }
  grpc::Status ExplainInquiry(grpc::ServerContext*, const v1::ExplainInquiryRequest* request,
                              v1::ExplainInquiryResponse* response) override {
    response->mutable_explained()->set_queue(request->desk() + "/" + request->inquiry_id());
    response->set_refused(refused);
    return status;
  }
  grpc::Status PreviewPolicy(grpc::ServerContext*, const v1::PreviewPolicyRequest* request,
                             v1::PreviewPolicyResponse* response) override {
    response->mutable_previewed()->set_version(request->desk() + "/" + request->yaml());
    response->mutable_previewed()->set_sound(sound);
    response->set_refused(refused);
    return status;
  }

  grpc::Status status;
  v1::RejectReason refused = v1::REJECT_REASON_UNSPECIFIED;
  bool sound = true;
  bool silent = false;
  absl::Notification released;
};

class Asking : public testing::Test {
 protected:
  void SetUp() override {
    auto server = rpc::Server::Start({.address = "127.0.0.1:0"}, {&answers_});
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    address_ = "127.0.0.1:" + std::to_string(server_->port());
  }
  void TearDown() override {
    if (!answers_.released.HasBeenNotified()) answers_.released.Notify();
    server_->Stop(1s);
  }

  Answers answers_;
  std::unique_ptr<rpc::Server> server_;
  std::string address_;
};

TEST_F(Asking, CarriesTheQuestionAndTheAnswer) {
  QuestionClient client(address_);
  EXPECT_EQ(client.Explain("shop", "0123")->explained().queue(), "shop/0123");
  EXPECT_EQ(client.EstimateWait("shop", "0123")->queue(), "shop/0123");
  EXPECT_EQ(client.Preview("shop", "yaml")->previewed().version(), "shop/yaml");
}

TEST_F(Asking, ARefusalIsAnErrorThatNamesDeskAndInquiry) {
  QuestionClient client(address_);
  answers_.refused = v1::REJECT_REASON_UNKNOWN_INQUIRY;
  const auto explained = client.Explain("shop", "0123");
  EXPECT_EQ(explained.status(),
            absl::NotFoundError("desk shop, inquiry 0123: no inquiry of that id is open"));
  answers_.refused = v1::REJECT_REASON_NOT_WAITING;
  const auto waits = client.EstimateWait("shop", "0123");
  EXPECT_EQ(waits.status(),
            absl::FailedPreconditionError("desk shop, inquiry 0123: the inquiry does not wait"));
}

TEST_F(Asking, APolicyThatIsNotSoundIsABadFile) {
  QuestionClient client(address_);
  answers_.sound = false;
  const auto previewed = client.Preview("shop", "yaml");
  EXPECT_TRUE(absl::IsInvalidArgument(previewed.status())) << previewed.status();
  EXPECT_THAT(std::string(previewed.status().message()), HasSubstr("breaks a bound"));
}

TEST_F(Asking, AServersErrorsKeepTheirKind) {
  QuestionClient client(address_);
  answers_.status = grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "inquiry_id: required");
  EXPECT_EQ(client.Explain("shop", "").status(),
            absl::InvalidArgumentError("inquiry_id: required"));
  answers_.status = grpc::Status(grpc::StatusCode::RESOURCE_EXHAUSTED, "too much");
  EXPECT_EQ(client.Explain("shop", "").status(),
            absl::ResourceExhaustedError(address_ + ": too much"));
}

TEST_F(Asking, WaitsNoLongerThanItsLimit) {
  answers_.silent = true;
  const auto waits = QuestionClient(address_, 50ms).EstimateWait("shop", "0123");
  EXPECT_TRUE(absl::IsDeadlineExceeded(waits.status())) << waits.status();
  EXPECT_THAT(std::string(waits.status().message()), HasSubstr(address_));
}

TEST(AskingNobody, SaysWhereNobodyIs) {
  const auto waits = QuestionClient("127.0.0.1:1").EstimateWait("shop", "0123");
  EXPECT_TRUE(absl::IsUnavailable(waits.status())) << waits.status();
  EXPECT_THAT(std::string(waits.status().message()), HasSubstr("127.0.0.1:1: "));
}

}  // namespace
}  // namespace usher
