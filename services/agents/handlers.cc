#include "agents/handlers.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "agents/work_stream.h"
#include "core/hash.h"
#include "model/limits.h"
#include "rpc/grpc_status.h"
#include "rpc/pending_call.h"
#include "support/status.h"
#include "wire/enums.h"
#include "wire/parts.h"
#include "wire/surface.h"

namespace usher::agents {
namespace {

constexpr std::size_t kRequestIdBytesMax = 200;
constexpr std::uint32_t kPageMax = 1'000;
constexpr std::uint32_t kPageDefault = 100;
constexpr std::size_t kTokenDeskDigits = 16;

absl::StatusOr<RequestId> TakeRequestId(const DeskName& desk, const std::string& request_id) {
  if (request_id.size() > kRequestIdBytesMax) {
    return absl::InvalidArgumentError("request_id: at most 200 bytes");
  }
  return wire::RequestIdOf(desk, request_id);
}

absl::StatusOr<wire::CommandRecord> ToRecord(const v1::RegisterAgentRequest& request) {
  constexpr Limits kLimits;
  wire::CommandRecord record;
  RegisterAgent body;
  USHER_TRY(record.desk, wire::ParseName<DeskName>("desk", request.desk()));
  USHER_TRY(body.agent, wire::ParseName<AgentName>("agent", request.agent()));
  wire::FieldCheck check;
  body.skills = wire::FromProto(request.skills(), "skills", kLimits.skills_per_agent_max, check);
  body.limits = wire::FromProto(request.limits(), "limits", check);
  body.units =
      check.TakeNumber("units", request.units() == 0 ? 1 : request.units(), kLimits.units_max);
  for (const Need& skill : body.skills) {
    if (skill.skill.none()) check.Refuse("skills", "a skill has a name");
  }
  for (const ChannelLimit& limit : body.limits) {
    if (limit.channel.none()) check.Refuse("limits", "a limit has a channel");
  }
  USHER_RETURN_IF_ERROR(check.status());
  USHER_TRY(record.command.request, TakeRequestId(record.desk, request.request_id()));
  record.command.body = std::move(body);
  return record;
}

absl::StatusOr<wire::CommandRecord> ToRecord(const v1::RemoveAgentRequest& request) {
  wire::CommandRecord record;
  RemoveAgent body;
  USHER_TRY(record.desk, wire::ParseName<DeskName>("desk", request.desk()));
  USHER_TRY(body.agent, wire::ParseName<AgentName>("agent", request.agent()));
  USHER_TRY(record.command.request, TakeRequestId(record.desk, request.request_id()));
  record.command.body = body;
  return record;
}

absl::StatusOr<wire::CommandRecord> ToRecord(const v1::SetPresenceRequest& request) {
  wire::CommandRecord record;
  SetPresence body;
  USHER_TRY(record.desk, wire::ParseName<DeskName>("desk", request.desk()));
  USHER_TRY(body.agent, wire::ParseName<AgentName>("agent", request.agent()));
  const auto presence = wire::FromProto(request.presence());
  if (!presence) return absl::InvalidArgumentError("presence: required, one of those known");
  body.presence = *presence;
  USHER_TRY(record.command.request, TakeRequestId(record.desk, request.request_id()));
  record.command.body = body;
  return record;
}

// Hands the command over and answers with its position.
template <class Request, class Response>
grpc::ServerUnaryReactor* SubmitRecord(const FrontDoor& door, const Request& request,
                                       Response* response) {
  auto call = rpc::PendingCall<Response>::Open(response);
  absl::StatusOr<wire::CommandRecord> record = ToRecord(request);
  if (!record.ok()) {
    call->Fail(rpc::ToGrpc(record.status()));
  } else if (!door.in_flight.Enter()) {
    call->Fail(rpc::ToGrpc(absl::UnavailableError("the server stops: try again")));
  } else {
    door.submitter.Submit(*std::move(record), [call, &gate = door.in_flight](auto appended) {
      if (appended.ok()) {
        call->Answer([&](Response& to) {
          to.mutable_position()->set_partition(appended->partition);
          to.mutable_position()->set_offset(appended->offset);
        });
      } else {
        call->Fail(rpc::ToGrpc(appended.status()));
      }
      gate.Leave();
    });
  }
  return call.get();
}

// A token belongs to its desk: the hash of the desk, then the last name of the page before.
std::string TokenPrefix(const DeskName& desk) {
  return absl::StrCat(absl::Hex(Hash64(desk.view()), absl::kZeroPad16));
}

absl::StatusOr<AgentName> TakeToken(const DeskName& desk, const std::string& token) {
  if (token.empty()) return AgentName();
  const auto name =
      AgentName::Parse(std::string_view(token).substr(std::min(token.size(), kTokenDeskDigits)));
  if (!name || name->none() || token.compare(0, kTokenDeskDigits, TokenPrefix(desk)) != 0) {
    return absl::InvalidArgumentError("page_token: not of a page of this desk");
  }
  return *name;
}

void Fill(const Row& row, v1::Agent& to) {
  to.set_agent(row.agent.agent.ToString());
  wire::ToProto(row.agent.skills, *to.mutable_skills());
  to.set_units(row.agent.units);
  wire::ToProto(row.agent.limits, *to.mutable_limits());
  to.set_presence(wire::ToProto(row.presence));
  to.set_away(wire::ToProto(row.away));
  to.set_offered(row.offered);
  to.set_assigned(row.assigned);
}

absl::Status FillPage(const Directory& directory, const v1::ListAgentsRequest& request,
                      v1::ListAgentsResponse& response) {
  USHER_TRY(const DeskName desk, wire::ParseName<DeskName>("desk", request.desk()));
  USHER_TRY(const AgentName after, TakeToken(desk, request.page_token()));
  const std::uint32_t size =
      request.page_size() == 0 ? kPageDefault : std::min(request.page_size(), kPageMax);
  std::vector<Row> rows = directory.List(desk, after, size + 1);
  const bool more = rows.size() > size;
  if (more) rows.pop_back();
  for (const Row& row : rows) Fill(row, *response.add_agents());
  if (more) response.set_next_page_token(TokenPrefix(desk) + rows.back().agent.agent.ToString());
  return absl::OkStatus();
}

}  // namespace

grpc::ServerUnaryReactor* Handlers::RegisterAgent(grpc::CallbackServerContext*,
                                                  const v1::RegisterAgentRequest* request,
                                                  v1::RegisterAgentResponse* response) {
  return SubmitRecord(door_, *request, response);
}

grpc::ServerUnaryReactor* Handlers::RemoveAgent(grpc::CallbackServerContext*,
                                                const v1::RemoveAgentRequest* request,
                                                v1::RemoveAgentResponse* response) {
  return SubmitRecord(door_, *request, response);
}

grpc::ServerUnaryReactor* Handlers::SetPresence(grpc::CallbackServerContext*,
                                                const v1::SetPresenceRequest* request,
                                                v1::SetPresenceResponse* response) {
  return SubmitRecord(door_, *request, response);
}

grpc::ServerUnaryReactor* Handlers::ListAgents(grpc::CallbackServerContext* context,
                                               const v1::ListAgentsRequest* request,
                                               v1::ListAgentsResponse* response) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  absl::Status status =
      door_.loop.caught_up()
          ? FillPage(door_.directory, *request, *response)
          : absl::UnavailableError("the decisions are still being read: try again");
  reactor->Finish(rpc::ToGrpc(status));
  return reactor;
}

grpc::ServerBidiReactor<v1::WorkRequest, v1::WorkResponse>* Handlers::Work(
    grpc::CallbackServerContext*) {
  return WorkStream::Open(door_);
}

}  // namespace usher::agents
