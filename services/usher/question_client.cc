#include "usher/question_client.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <chrono>

#include "insights/reasons.h"
#include "support/status.h"
#include "usher/v1/questions.grpc.pb.h"
#include "wire/enums.h"

namespace usher {
namespace {

absl::Status Refused(v1::RejectReason reason, const std::string& desk, const std::string& inquiry) {
  const std::string said(insights::Why(wire::FromProto(reason).value_or(RejectReason::kNone)));
  if (reason == v1::REJECT_REASON_UNKNOWN_INQUIRY) {
    return absl::NotFoundError("desk " + desk + ", inquiry " + inquiry + ": " + said);
  }
  return absl::FailedPreconditionError("desk " + desk + ", inquiry " + inquiry + ": " + said);
}

}  // namespace

struct QuestionClient::Stub {
  std::string address;
  Duration limit;
  std::unique_ptr<v1::QuestionService::Stub> questions;

  template <class Request, class Response>
  using Method = grpc::Status (v1::QuestionService::Stub::*)(grpc::ClientContext*, const Request&,
                                                             Response*);

  // Does not wait for a server that is not there: whoever asks sees the answer and asks again.
  template <class Request, class Response>
  absl::StatusOr<Response> Call(Method<Request, Response> method, const Request& request) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + limit);
    Response response;
    const grpc::Status status = (*questions.*method)(&context, request, &response);
    if (status.ok()) return response;
    const auto code = static_cast<absl::StatusCode>(status.error_code());
    if (code == absl::StatusCode::kInvalidArgument) {
      return absl::InvalidArgumentError(status.error_message());
    }
    return absl::Status(code, address + ": " + status.error_message());
  }
};

QuestionClient::QuestionClient(const std::string& address, Duration limit)
    : stub_(std::make_unique<Stub>()) {
  stub_->address = address;
  stub_->limit = limit;
  stub_->questions = v1::QuestionService::NewStub(
      grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
}

QuestionClient::~QuestionClient() = default;

absl::StatusOr<v1::ExplainInquiryResponse> QuestionClient::Explain(const std::string& desk,
                                                                   const std::string& inquiry) {
  v1::ExplainInquiryRequest request;
  request.set_desk(desk);
  request.set_inquiry_id(inquiry);
  USHER_TRY(v1::ExplainInquiryResponse answer,
            stub_->Call(&v1::QuestionService::Stub::ExplainInquiry, request));
  if (answer.refused() != 0) return Refused(answer.refused(), desk, inquiry);
  return answer;
}

absl::StatusOr<v1::EstimateWaitResponse> QuestionClient::EstimateWait(const std::string& desk,
                                                                      const std::string& inquiry) {
  v1::EstimateWaitRequest request;
  request.set_desk(desk);
  request.set_inquiry_id(inquiry);
  USHER_TRY(v1::EstimateWaitResponse answer,
            stub_->Call(&v1::QuestionService::Stub::EstimateWait, request));
  if (answer.refused() != 0) return Refused(answer.refused(), desk, inquiry);
  return answer;
}

absl::StatusOr<v1::PreviewPolicyResponse> QuestionClient::Preview(const std::string& desk,
                                                                  const std::string& yaml) {
  v1::PreviewPolicyRequest request;
  request.set_desk(desk);
  request.set_yaml(yaml);
  USHER_TRY(v1::PreviewPolicyResponse answer,
            stub_->Call(&v1::QuestionService::Stub::PreviewPolicy, request));
  // The bounds of the desk's engine: a policy that compiles may break one of another release.
  if (answer.refused() != 0 || !answer.previewed().sound()) {
    return absl::InvalidArgumentError(
        "desk " + desk + " would not take it: " +
        std::string(
            insights::Why(answer.refused() == 0
                              ? RejectReason::kBadPolicy
                              : wire::FromProto(answer.refused()).value_or(RejectReason::kNone))));
  }
  return answer;
}

}  // namespace usher
