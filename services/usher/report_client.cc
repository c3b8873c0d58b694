#include "usher/report_client.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

#include <chrono>

#include "usher/v1/insights.grpc.pb.h"

namespace usher {
namespace {

constexpr std::chrono::seconds kCallLimit(60);  // a quarter of a large desk is a long read
constexpr int kAnswerBytesMax = 64 << 20;

}  // namespace

struct ReportClient::Stub {
  std::string address;
  std::unique_ptr<v1::InsightsService::Stub> insights;
};

ReportClient::ReportClient(const std::string& address) : stub_(std::make_unique<Stub>()) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kAnswerBytesMax);
  stub_->address = address;
  stub_->insights = v1::InsightsService::NewStub(
      grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments));
}

ReportClient::~ReportClient() = default;

absl::StatusOr<v1::GetReportResponse> ReportClient::Get(const v1::GetReportRequest& request) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kCallLimit);
  v1::GetReportResponse response;
  const grpc::Status status = stub_->insights->GetReport(&context, request, &response);
  if (status.ok()) return response;
  const auto code = static_cast<absl::StatusCode>(status.error_code());
  if (code == absl::StatusCode::kInvalidArgument) {
    return absl::InvalidArgumentError(status.error_message());
  }
  return absl::Status(code, stub_->address + ": " + status.error_message());
}

}  // namespace usher
