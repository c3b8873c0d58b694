#include "usher/policy_client.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <chrono>

#include "support/note.h"
#include "support/pause.h"
#include "support/status.h"
#include "usher/policy_file.h"
#include "usher/v1/routing.grpc.pb.h"

namespace usher {
namespace {

constexpr std::chrono::seconds kCallLimit(10);
constexpr Duration kAskAgain = 20ms;

}  // namespace

struct PolicyClient::Stub {
  std::unique_ptr<v1::RoutingService::Stub> routing;

  template <class Request, class Response>
  using Method = grpc::Status (v1::RoutingService::Stub::*)(grpc::ClientContext*, const Request&,
                                                            Response*);

  // Waits for a server that has not started yet.
  template <class Request, class Response>
  absl::StatusOr<Response> Call(Method<Request, Response> method, const Request& request) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kCallLimit);
    context.set_wait_for_ready(true);
    Response response;
    const grpc::Status status = (*routing.*method)(&context, request, &response);
    if (status.ok()) return response;
    return absl::Status(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
  }
};

PolicyClient::PolicyClient(const std::string& address) : stub_(std::make_unique<Stub>()) {
  stub_->routing =
      v1::RoutingService::NewStub(grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
}

PolicyClient::~PolicyClient() = default;

absl::StatusOr<v1::GetPolicyResponse> PolicyClient::Get(const std::string& desk) {
  v1::GetPolicyRequest request;
  request.set_desk(desk);
  const auto deadline = std::chrono::steady_clock::now() + kCallLimit;
  while (true) {
    auto holds = stub_->Call(&v1::RoutingService::Stub::GetPolicy, request);
    if (!absl::IsUnavailable(holds.status())) return holds;
    if (std::chrono::steady_clock::now() >= deadline) return holds;
    Pause().For(kAskAgain);
  }
}

absl::StatusOr<v1::ApplyPolicyResponse> PolicyClient::Apply(const std::string& desk,
                                                            const std::string& yaml, bool keep_open,
                                                            Duration wait) {
  v1::ApplyPolicyRequest request;
  request.set_desk(desk);
  request.set_yaml(yaml);
  request.set_keep_open(keep_open);
  USHER_TRY(const v1::ApplyPolicyResponse response,
            stub_->Call(&v1::RoutingService::Stub::ApplyPolicy, request));

  const auto deadline = std::chrono::steady_clock::now() + wait;
  while (true) {
    const absl::StatusOr<v1::GetPolicyResponse> holds = Get(desk);
    if (!holds.ok() && !absl::IsNotFound(holds.status())) return holds.status();
    if (holds.ok() && holds->position().offset() >= response.position().offset()) return response;
    if (std::chrono::steady_clock::now() >= deadline) {
      return absl::DeadlineExceededError("policy " + response.version() + " of desk " + desk +
                                         " is in the log, but does not hold yet");
    }
    Pause().For(kAskAgain);
  }
}

absl::Status EnsurePolicy(const std::string& address, const std::string& desk,
                          const std::string& file) {
  USHER_TRY(const PolicyFile wanted, ReadPolicyFile(file));
  PolicyClient client(address);
  const absl::StatusOr<v1::GetPolicyResponse> holds = client.Get(desk);
  if (!holds.ok() && !absl::IsNotFound(holds.status())) return holds.status();
  if (holds.ok() && holds->version() == wanted.version) {
    if (holds->yaml() != wanted.yaml) {
      note::Warn("policy.kept", {{"desk", desk},
                                 {"version", wanted.version},
                                 {"reason", "the file differs under the same version"}});
    }
    return absl::OkStatus();
  }
  USHER_TRY(const v1::ApplyPolicyResponse applied, client.Apply(desk, wanted.yaml, false, 10s));
  note::Info(
      "policy.applied",
      {{"desk", desk}, {"version", applied.version()}, {"offset", applied.position().offset()}});
  return absl::OkStatus();
}

}  // namespace usher
