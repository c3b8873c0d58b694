#include "usher/policy_client.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <chrono>
#include <fstream>
#include <sstream>

#include "policy/compile.h"
#include "support/note.h"
#include "support/pause.h"
#include "support/status.h"
#include "usher/v1/routing.grpc.pb.h"

namespace usher {
namespace {

constexpr std::chrono::seconds kCallLimit(10);
constexpr Duration kAskAgain = 20ms;

absl::Status FromGrpc(const grpc::Status& status) {
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
}

void SetUp(grpc::ClientContext& context) {
  context.set_deadline(std::chrono::system_clock::now() + kCallLimit);
  context.set_wait_for_ready(true);
}

}  // namespace

struct PolicyClient::Stub {
  std::unique_ptr<v1::RoutingService::Stub> routing;
};

PolicyClient::PolicyClient(const std::string& address) : stub_(std::make_unique<Stub>()) {
  stub_->routing =
      v1::RoutingService::NewStub(grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
}

PolicyClient::~PolicyClient() = default;

absl::StatusOr<v1::GetPolicyResponse> PolicyClient::Get(const std::string& desk) {
  grpc::ClientContext context;
  SetUp(context);
  v1::GetPolicyRequest request;
  request.set_desk(desk);
  v1::GetPolicyResponse response;
  const grpc::Status status = stub_->routing->GetPolicy(&context, request, &response);
  if (!status.ok()) return FromGrpc(status);
  return response;
}

absl::StatusOr<v1::ApplyPolicyResponse> PolicyClient::Apply(const std::string& desk,
                                                            const std::string& yaml, bool keep_open,
                                                            Duration wait) {
  grpc::ClientContext context;
  SetUp(context);
  v1::ApplyPolicyRequest request;
  request.set_desk(desk);
  request.set_yaml(yaml);
  request.set_keep_open(keep_open);
  v1::ApplyPolicyResponse response;
  const grpc::Status status = stub_->routing->ApplyPolicy(&context, request, &response);
  if (!status.ok()) return FromGrpc(status);

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

absl::StatusOr<std::string> ReadWholeFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in || !text) return absl::NotFoundError(path + ": cannot be read");
  return text.str();
}

std::string ProblemsOf(const std::string& file, const std::string& yaml) {
  std::string lines;
  for (const policy::Problem& problem : policy::Compile(yaml).problems) {
    lines += file + ":" + policy::ToString(problem) + "\n";
  }
  return lines;
}

absl::Status EnsurePolicy(const std::string& address, const std::string& desk,
                          const std::string& file) {
  USHER_TRY(const std::string yaml, ReadWholeFile(file));
  if (const std::string problems = ProblemsOf(file, yaml); !problems.empty()) {
    return absl::InvalidArgumentError(problems);
  }
  const std::string version = policy::Compile(yaml).compiled->policy.version;
  PolicyClient client(address);
  const absl::StatusOr<v1::GetPolicyResponse> holds = client.Get(desk);
  if (!holds.ok() && !absl::IsNotFound(holds.status())) return holds.status();
  if (holds.ok() && holds->version() == version) {
    if (holds->yaml() != yaml) {
      note::Warn("policy.kept", {{"desk", desk},
                                 {"version", version},
                                 {"reason", "the file differs under the same version"}});
    }
    return absl::OkStatus();
  }
  USHER_TRY(const v1::ApplyPolicyResponse applied, client.Apply(desk, yaml, false, 10s));
  note::Info(
      "policy.applied",
      {{"desk", desk}, {"version", applied.version()}, {"offset", applied.position().offset()}});
  return absl::OkStatus();
}

}  // namespace usher
