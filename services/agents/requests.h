// Requests of AgentService and of QuestionService as commands.
//
// Errors of all: kInvalidArgument names the field. Threads: any.
#pragma once

#include "absl/status/statusor.h"
#include "model/names.h"
#include "usher/v1/agents.pb.h"
#include "usher/v1/questions.pb.h"
#include "wire/records.h"

namespace usher::agents {

absl::StatusOr<wire::CommandRecord> ToRecord(const v1::RegisterAgentRequest& request);
absl::StatusOr<wire::CommandRecord> ToRecord(const v1::RemoveAgentRequest& request);
absl::StatusOr<wire::CommandRecord> ToRecord(const v1::SetPresenceRequest& request);
absl::StatusOr<wire::CommandRecord> ToRecord(const v1::TakeInquiryRequest& request);
absl::StatusOr<wire::CommandRecord> ToRecord(const v1::AssignInquiryRequest& request);
absl::StatusOr<wire::CommandRecord> ToRecord(const v1::TransferInquiryRequest& request);
absl::StatusOr<wire::CommandRecord> ToRecord(const v1::ReviewInquiryRequest& request);

absl::StatusOr<wire::CommandRecord> ToRecord(const v1::EstimateWaitRequest& request);
absl::StatusOr<wire::CommandRecord> ToRecord(const v1::ExplainInquiryRequest& request);

// Names every problem of the policy by line and column.
absl::StatusOr<wire::CommandRecord> ToRecord(const v1::PreviewPolicyRequest& request);

// A request of a Work stream that is not hello, as the command of `agent`.
absl::StatusOr<CommandBody> ToCommand(const v1::WorkRequest& request, const AgentName& agent);

}  // namespace usher::agents
