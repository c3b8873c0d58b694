#include "agents/handlers.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "agents/await.h"
#include "agents/requests.h"
#include "agents/work_stream.h"
#include "core/hash.h"
#include "rpc/grpc_status.h"
#include "rpc/pending_call.h"
#include "support/status.h"
#include "wire/enums.h"
#include "wire/parts.h"
#include "wire/surface.h"

namespace usher::agents {
namespace {

constexpr std::uint32_t kPageMax = 1'000;
constexpr std::uint32_t kPageDefault = 100;
constexpr std::size_t kTokenDeskDigits = 16;

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
        call->Answer([&](Response& to) { SetPosition(*appended, *to.mutable_position()); });
      } else {
        call->Fail(rpc::ToGrpc(appended.status()));
      }
      gate.Leave();
    });
  }
  return call.get();
}

// What came of a command, as its caller hears it.
template <class Response>
void FillOutcome(const DecisionBody& body, Response& to) {
  to.set_repeated(std::holds_alternative<CommandRepeated>(body));
  if (const auto* rejected = std::get_if<CommandRejected>(&body)) {
    to.set_refused(wire::ToProto(rejected->reason));
  }
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
  wire::ToProto(row.agent.attributes, *to.mutable_attributes());
  to.set_may_take(row.agent.may_take);
  to.set_supervisor(row.agent.supervisor);
  to.set_bot(row.agent.bot);
  to.set_presence(wire::ToProto(row.presence));
  to.set_away(wire::ToProto(row.away));
  if (row.shift_ends != kNever) *to.mutable_shift_ends_at() = wire::ToTimestamp(row.shift_ends);
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

grpc::ServerUnaryReactor* Handlers::TakeInquiry(grpc::CallbackServerContext*,
                                                const v1::TakeInquiryRequest* request,
                                                v1::TakeInquiryResponse* response) {
  return SubmitAndAwait(door_, ToRecord(*request), response,
                        FillOutcome<std::decay_t<decltype(*response)>>);
}

grpc::ServerUnaryReactor* Handlers::AssignInquiry(grpc::CallbackServerContext*,
                                                  const v1::AssignInquiryRequest* request,
                                                  v1::AssignInquiryResponse* response) {
  return SubmitAndAwait(door_, ToRecord(*request), response,
                        FillOutcome<std::decay_t<decltype(*response)>>);
}

grpc::ServerUnaryReactor* Handlers::TransferInquiry(grpc::CallbackServerContext*,
                                                    const v1::TransferInquiryRequest* request,
                                                    v1::TransferInquiryResponse* response) {
  return SubmitAndAwait(door_, ToRecord(*request), response,
                        FillOutcome<std::decay_t<decltype(*response)>>);
}

grpc::ServerUnaryReactor* Handlers::ReviewInquiry(grpc::CallbackServerContext*,
                                                  const v1::ReviewInquiryRequest* request,
                                                  v1::ReviewInquiryResponse* response) {
  return SubmitAndAwait(door_, ToRecord(*request), response,
                        FillOutcome<std::decay_t<decltype(*response)>>);
}

grpc::ServerBidiReactor<v1::WorkRequest, v1::WorkResponse>* Handlers::Work(
    grpc::CallbackServerContext*) {
  return WorkStream::Open(door_);
}

}  // namespace usher::agents
