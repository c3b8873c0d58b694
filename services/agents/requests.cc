#include "agents/requests.h"

#include <cstddef>
#include <set>
#include <string>
#include <utility>

#include "model/limits.h"
#include "policy/compile.h"
#include "policy/refusal.h"
#include "support/status.h"
#include "support/stepper.h"
#include "wire/enums.h"
#include "wire/parts.h"
#include "wire/quality.h"
#include "wire/surface.h"

namespace usher::agents {
namespace {

constexpr std::size_t kRequestIdBytesMax = 200;

absl::StatusOr<RequestId> TakeRequestId(const DeskName& desk, const std::string& request_id) {
  if (request_id.size() > kRequestIdBytesMax) {
    return absl::InvalidArgumentError("request_id: at most 200 bytes");
  }
  return wire::RequestIdOf(desk, request_id);
}

absl::StatusOr<OfferId> TakeOffer(const char* field, std::uint64_t number) {
  if (number == 0) return absl::InvalidArgumentError(std::string(field) + ": required");
  return OfferId{number};
}

absl::StatusOr<DeclineReason> TakeReason(v1::DeclineReason reason) {
  const auto known = wire::FromProto(reason);
  if (!known) return absl::InvalidArgumentError("decline.reason: an unknown value");
  return *known == DeclineReason::kNone ? DeclineReason::kOther : *known;
}

// An agent that is not `self`, or none.
absl::StatusOr<AgentName> TakeOther(const char* field, const std::string& text,
                                    const AgentName& self) {
  USHER_TRY(const AgentName other,
            wire::ParseName<AgentName>(field, text, wire::NameIs::kOptional));
  if (other == self) return absl::InvalidArgumentError(std::string(field) + ": another agent");
  return other;
}

}  // namespace

absl::StatusOr<wire::CommandRecord> ToRecord(const v1::RegisterAgentRequest& request) {
  constexpr Limits kLimits;
  wire::CommandRecord record;
  RegisterAgent body;
  USHER_TRY(record.desk, wire::ParseName<DeskName>("desk", request.desk()));
  USHER_TRY(body.agent, wire::ParseName<AgentName>("agent", request.agent()));
  wire::FieldCheck check;
  body.skills = wire::FromProto(request.skills(), "skills", kLimits.skills_per_agent_max, check);
  body.limits = wire::FromProto(request.limits(), "limits", check);
  body.attributes = wire::FromProto(request.attributes(), "attributes", check);
  body.may_take = request.may_take();
  body.supervisor = request.supervisor();
  body.bot = request.bot();
  body.units =
      check.TakeNumber("units", request.units() == 0 ? 1 : request.units(), kLimits.units_max);
  for (const Need& skill : body.skills) {
    if (skill.skill.none()) check.Refuse("skills", "a skill has a name");
  }
  for (const ChannelLimit& limit : body.limits) {
    if (limit.channel.none()) check.Refuse("limits", "a limit has a channel");
  }
  for (const Attribute& attribute : body.attributes) {
    if (attribute.name.none()) check.Refuse("attributes", "an attribute has a name");
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
  if (request.has_shift_ends_at()) {
    USHER_TRY(body.shift_ends, wire::FromTimestamp("shift_ends_at", request.shift_ends_at()));
  }
  USHER_TRY(record.command.request, TakeRequestId(record.desk, request.request_id()));
  record.command.body = body;
  return record;
}

absl::StatusOr<wire::CommandRecord> ToRecord(const v1::TakeInquiryRequest& request) {
  wire::CommandRecord record;
  TakeInquiry body;
  USHER_TRY(record.desk, wire::ParseName<DeskName>("desk", request.desk()));
  USHER_TRY(body.inquiry, wire::ParseInquiryId("inquiry_id", request.inquiry_id()));
  USHER_TRY(body.agent, wire::ParseName<AgentName>("agent", request.agent()));
  USHER_TRY(record.command.request, TakeRequestId(record.desk, request.request_id()));
  record.command.body = body;
  return record;
}

absl::StatusOr<wire::CommandRecord> ToRecord(const v1::AssignInquiryRequest& request) {
  wire::CommandRecord record;
  AssignInquiry body;
  USHER_TRY(record.desk, wire::ParseName<DeskName>("desk", request.desk()));
  USHER_TRY(body.inquiry, wire::ParseInquiryId("inquiry_id", request.inquiry_id()));
  USHER_TRY(body.agent, wire::ParseName<AgentName>("agent", request.agent()));
  USHER_TRY(body.supervisor, wire::ParseName<AgentName>("supervisor", request.supervisor()));
  USHER_TRY(record.command.request, TakeRequestId(record.desk, request.request_id()));
  record.command.body = body;
  return record;
}

absl::StatusOr<wire::CommandRecord> ToRecord(const v1::TransferInquiryRequest& request) {
  wire::CommandRecord record;
  TransferInquiry body;
  USHER_TRY(record.desk, wire::ParseName<DeskName>("desk", request.desk()));
  USHER_TRY(body.inquiry, wire::ParseInquiryId("inquiry_id", request.inquiry_id()));
  USHER_TRY(body.agent, wire::ParseName<AgentName>("agent", request.agent()));
  USHER_TRY(body.queue,
            wire::ParseName<QueueName>("queue", request.queue(), wire::NameIs::kOptional));
  USHER_TRY(body.to, TakeOther("to_agent", request.to_agent(), body.agent));
  USHER_TRY(record.command.request, TakeRequestId(record.desk, request.request_id()));
  record.command.body = body;
  return record;
}

absl::StatusOr<wire::CommandRecord> ToRecord(const v1::ReviewInquiryRequest& request) {
  wire::CommandRecord record;
  ReviewInquiry body;
  USHER_TRY(record.desk, wire::ParseName<DeskName>("desk", request.desk()));
  USHER_TRY(body.inquiry, wire::ParseInquiryId("inquiry_id", request.inquiry_id()));
  USHER_TRY(body.agent, wire::ParseName<AgentName>("agent", request.agent()));
  USHER_TRY(body.reviewer, wire::ParseName<AgentName>("reviewer", request.reviewer()));
  if (body.reviewer == body.agent) {
    return absl::InvalidArgumentError("reviewer: somebody else than the agent");
  }
  wire::FieldCheck check;
  body.marks = wire::FromProto(request.marks(), check);
  if (request.marks().empty()) check.Refuse("marks", "1 to 16 entries");
  std::set<CriterionName> criteria;
  for (const Mark& mark : body.marks) {
    if (mark.criterion.none()) check.Refuse("marks", "a mark has a criterion");
    if (!criteria.insert(mark.criterion).second) check.Refuse("marks", "each criterion once");
  }
  USHER_RETURN_IF_ERROR(check.status());
  USHER_TRY(record.command.request, TakeRequestId(record.desk, request.request_id()));
  record.command.body = std::move(body);
  return record;
}

absl::StatusOr<wire::CommandRecord> ToRecord(const v1::EstimateWaitRequest& request) {
  wire::CommandRecord record;
  EstimateWait body;
  USHER_TRY(record.desk, wire::ParseName<DeskName>("desk", request.desk()));
  USHER_TRY(body.inquiry, wire::ParseInquiryId("inquiry_id", request.inquiry_id()));
  record.command.body = body;
  return record;
}

absl::StatusOr<wire::CommandRecord> ToRecord(const v1::ExplainInquiryRequest& request) {
  wire::CommandRecord record;
  ExplainInquiry body;
  USHER_TRY(record.desk, wire::ParseName<DeskName>("desk", request.desk()));
  USHER_TRY(body.inquiry, wire::ParseInquiryId("inquiry_id", request.inquiry_id()));
  record.command.body = body;
  return record;
}

absl::StatusOr<wire::CommandRecord> ToRecord(const v1::PreviewPolicyRequest& request) {
  wire::CommandRecord record;
  USHER_TRY(record.desk, wire::ParseName<DeskName>("desk", request.desk()));
  policy::CompileResult result = policy::Compile(request.yaml(), WallNow());
  if (!result.compiled) return policy::Refusal(result);
  record.command.body = PreviewPolicy{std::move(result.compiled->policy)};
  return record;
}

absl::StatusOr<CommandBody> ToCommand(const v1::WorkRequest& request, const AgentName& agent) {
  switch (request.body_case()) {
    case v1::WorkRequest::kAccept: {
      USHER_TRY(const OfferId offer, TakeOffer("accept.offer_id", request.accept().offer_id()));
      return AcceptOffer{offer, agent};
    }
    case v1::WorkRequest::kDecline: {
      USHER_TRY(const OfferId offer, TakeOffer("decline.offer_id", request.decline().offer_id()));
      USHER_TRY(const DeclineReason reason, TakeReason(request.decline().reason()));
      return DeclineOffer{offer, agent, reason};
    }
    case v1::WorkRequest::kReply: {
      USHER_TRY(const InquiryId inquiry,
                wire::ParseInquiryId("reply.inquiry_id", request.reply().inquiry_id()));
      USHER_TRY(const ChannelName channel,
                wire::ParseName<ChannelName>("reply.channel", request.reply().channel(),
                                             wire::NameIs::kOptional));
      return RecordReply{inquiry, agent, channel};
    }
    case v1::WorkRequest::kDone: {
      USHER_TRY(const InquiryId inquiry,
                wire::ParseInquiryId("done.inquiry_id", request.done().inquiry_id()));
      return FinishInquiry{inquiry, agent};
    }
    case v1::WorkRequest::kTake: {
      USHER_TRY(const InquiryId inquiry,
                wire::ParseInquiryId("take.inquiry_id", request.take().inquiry_id()));
      return TakeInquiry{inquiry, agent};
    }
    case v1::WorkRequest::kTransfer: {
      const v1::WorkTransfer& transfer = request.transfer();
      USHER_TRY(const InquiryId inquiry,
                wire::ParseInquiryId("transfer.inquiry_id", transfer.inquiry_id()));
      USHER_TRY(
          const QueueName queue,
          wire::ParseName<QueueName>("transfer.queue", transfer.queue(), wire::NameIs::kOptional));
      USHER_TRY(const AgentName to, TakeOther("transfer.to_agent", transfer.to_agent(), agent));
      return TransferInquiry{inquiry, agent, queue, to};
    }
    case v1::WorkRequest::kPause: {
      USHER_TRY(const InquiryId inquiry,
                wire::ParseInquiryId("pause.inquiry_id", request.pause().inquiry_id()));
      PauseInquiry pause{inquiry, agent, kNever};
      if (request.pause().has_until()) {
        USHER_TRY(pause.until, wire::FromTimestamp("pause.until", request.pause().until()));
      }
      return pause;
    }
    case v1::WorkRequest::kResume: {
      USHER_TRY(const InquiryId inquiry,
                wire::ParseInquiryId("resume.inquiry_id", request.resume().inquiry_id()));
      return ResumeInquiry{inquiry, agent};
    }
    case v1::WorkRequest::kHello:
      return absl::InvalidArgumentError("hello: only once");
    case v1::WorkRequest::BODY_NOT_SET:
      break;
  }
  return absl::InvalidArgumentError("body: required");
}

}  // namespace usher::agents
