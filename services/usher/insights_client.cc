#include "usher/insights_client.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

#include <chrono>

#include "usher/v1/insights.grpc.pb.h"

namespace usher {
namespace {

constexpr std::chrono::seconds kReportLimit(60);     // a quarter of a large desk is a long read
constexpr std::chrono::seconds kStaffingLimit(300);  // days are played again and again
constexpr int kAnswerBytesMax = 64 << 20;

}  // namespace

struct InsightsClient::Stub {
  std::string address;
  std::unique_ptr<v1::InsightsService::Stub> insights;
};

InsightsClient::InsightsClient(const std::string& address) : stub_(std::make_unique<Stub>()) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kAnswerBytesMax);
  stub_->address = address;
  stub_->insights = v1::InsightsService::NewStub(
      grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments));
}

InsightsClient::~InsightsClient() = default;

absl::Status InsightsClient::Why(const grpc::Status& status) const {
  const auto code = static_cast<absl::StatusCode>(status.error_code());
  if (code == absl::StatusCode::kInvalidArgument) {
    return absl::InvalidArgumentError(status.error_message());
  }
  return absl::Status(code, stub_->address + ": " + status.error_message());
}

absl::StatusOr<v1::GetReportResponse> InsightsClient::Get(const v1::GetReportRequest& request) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kReportLimit);
  v1::GetReportResponse response;
  const grpc::Status status = stub_->insights->GetReport(&context, request, &response);
  if (!status.ok()) return Why(status);
  return response;
}

absl::StatusOr<v1::GetStaffingResponse> InsightsClient::Get(const v1::GetStaffingRequest& request) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kStaffingLimit);
  v1::GetStaffingResponse response;
  const grpc::Status status = stub_->insights->GetStaffing(&context, request, &response);
  if (!status.ok()) return Why(status);
  return response;
}

}  // namespace usher
