#include "usher/review_client.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <chrono>

#include "insights/reasons.h"
#include "support/status.h"
#include "usher/v1/agents.grpc.pb.h"
#include "usher/v1/insights.grpc.pb.h"
#include "usher/v1/intake.grpc.pb.h"
#include "wire/enums.h"

namespace usher {
namespace {

constexpr auto kLimit = std::chrono::seconds(30);

}  // namespace

struct ReviewClient::Stub {
  std::string address;
  std::shared_ptr<grpc::Channel> channel;

  // Does not wait for a server that is not there: whoever asks sees the answer and asks again.
  template <class Response, class Call>
  absl::StatusOr<Response> Ask(const Call& call) const {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kLimit);
    Response response;
    const grpc::Status status = call(&context, &response);
    if (status.ok()) return response;
    const auto code = static_cast<absl::StatusCode>(status.error_code());
    if (code == absl::StatusCode::kInvalidArgument) {
      return absl::InvalidArgumentError(status.error_message());
    }
    return absl::Status(code, address + ": " + status.error_message());
  }
};

ReviewClient::ReviewClient(const std::string& address)
    : stub_(std::make_unique<Stub>(
          Stub{address, grpc::CreateChannel(address, grpc::InsecureChannelCredentials())})) {}

ReviewClient::~ReviewClient() = default;

absl::StatusOr<v1::ListReviewsResponse> ReviewClient::List(const v1::ListReviewsRequest& request) {
  const auto service = v1::InsightsService::NewStub(stub_->channel);
  return stub_->Ask<v1::ListReviewsResponse>([&](auto* context, auto* response) {
    return service->ListReviews(context, request, response);
  });
}

absl::StatusOr<v1::ReviewInquiryResponse> ReviewClient::Review(
    const v1::ReviewInquiryRequest& request) {
  const auto service = v1::AgentService::NewStub(stub_->channel);
  USHER_TRY(const v1::ReviewInquiryResponse answer,
            stub_->Ask<v1::ReviewInquiryResponse>([&](auto* context, auto* response) {
              return service->ReviewInquiry(context, request, response);
            }));
  if (answer.refused() == 0) return answer;
  const auto reason = wire::FromProto(answer.refused()).value_or(RejectReason::kNone);
  return absl::FailedPreconditionError("desk " + request.desk() + ", inquiry " +
                                       request.inquiry_id() + ": " +
                                       std::string(insights::Why(reason)));
}

absl::StatusOr<v1::RateInquiryResponse> ReviewClient::Rate(const v1::RateInquiryRequest& request) {
  const auto service = v1::IntakeService::NewStub(stub_->channel);
  return stub_->Ask<v1::RateInquiryResponse>([&](auto* context, auto* response) {
    return service->RateInquiry(context, request, response);
  });
}

}  // namespace usher
