#include "router/service.h"

#include <string>
#include <utility>

#include "core/hash.h"
#include "policy/compile.h"
#include "policy/refusal.h"
#include "rpc/grpc_status.h"
#include "rpc/pending_call.h"
#include "support/stepper.h"
#include "wire/surface.h"

namespace usher::router {
namespace {

constexpr std::size_t kRequestIdBytesMax = 200;

absl::StatusOr<wire::CommandRecord> ToCommand(const v1::ApplyPolicyRequest& request) {
  const auto desk = wire::ParseName<DeskName>("desk", request.desk());
  if (!desk.ok()) return desk.status();
  if (request.request_id().size() > kRequestIdBytesMax) {
    return absl::InvalidArgumentError("request_id: at most 200 bytes");
  }
  policy::CompileResult result = policy::Compile(request.yaml(), WallNow());
  if (!result.compiled) return policy::Refusal(result);
  wire::CommandRecord record;
  record.desk = *desk;
  record.command.request = wire::RequestIdOf(*desk, request.request_id());
  // Of the text: calendars are written out from the time of the call on, which a repeat is not.
  record.command.digest = Hash64(request.yaml()) + (request.keep_open() ? 1 : 0);
  record.command.body = ApplyPolicy{std::move(result.compiled->policy), request.keep_open()};
  record.policy_yaml = request.yaml();
  return record;
}

grpc::ServerUnaryReactor* End(grpc::CallbackServerContext& context, const absl::Status& status) {
  grpc::ServerUnaryReactor* const reactor = context.DefaultReactor();
  reactor->Finish(rpc::ToGrpc(status));
  return reactor;
}

}  // namespace

grpc::ServerUnaryReactor* RoutingService::CheckPolicy(grpc::CallbackServerContext* context,
                                                      const v1::CheckPolicyRequest* request,
                                                      v1::CheckPolicyResponse* response) {
  const policy::CompileResult result = policy::Compile(request->yaml(), WallNow());
  for (const policy::Problem& problem : result.problems) {
    v1::PolicyProblem& added = *response->add_problems();
    added.set_line(problem.line);
    added.set_column(problem.column);
    added.set_message(problem.message);
  }
  if (result.compiled) response->set_version(result.compiled->policy.version);
  return End(*context, absl::OkStatus());
}

grpc::ServerUnaryReactor* RoutingService::ApplyPolicy(grpc::CallbackServerContext* context,
                                                      const v1::ApplyPolicyRequest* request,
                                                      v1::ApplyPolicyResponse* response) {
  absl::StatusOr<wire::CommandRecord> record = ToCommand(*request);
  if (!record.ok()) return End(*context, record.status());
  if (!in_flight_.Enter()) {
    return End(*context, absl::UnavailableError("stopping; nothing was taken, try another"));
  }
  const auto call = rpc::PendingCall<v1::ApplyPolicyResponse>::Open(response);
  std::string version = std::get<usher::ApplyPolicy>(record->command.body).policy.version;
  submitter_.Submit(*std::move(record), [this, call, version = std::move(version)](
                                            const absl::StatusOr<journal::Appended>& appended) {
    if (appended.ok()) {
      call->Answer([&](v1::ApplyPolicyResponse& answer) {
        answer.set_version(version);
        answer.mutable_position()->set_partition(appended->partition);
        answer.mutable_position()->set_offset(appended->offset);
      });
    } else {
      call->Fail(rpc::ToGrpc(appended.status()));
    }
    in_flight_.Leave();
  });
  return call.get();
}

grpc::ServerUnaryReactor* RoutingService::GetPolicy(grpc::CallbackServerContext* context,
                                                    const v1::GetPolicyRequest* request,
                                                    v1::GetPolicyResponse* response) {
  const auto desk = wire::ParseName<DeskName>("desk", request->desk());
  if (!desk.ok()) return End(*context, desk.status());
  absl::StatusOr<HeldPolicy> held = shelf_.Find(*desk);
  if (!held.ok()) return End(*context, held.status());
  if (held->yaml_left_out) {
    return End(*context, absl::ResourceExhaustedError(
                             "too many policies to hold here; its YAML is on usher.policies"));
  }
  response->set_version(held->version);
  response->set_yaml(std::move(held->yaml));
  response->mutable_position()->set_partition(held->partition);
  response->mutable_position()->set_offset(held->offset);
  return End(*context, absl::OkStatus());
}

}  // namespace usher::router
