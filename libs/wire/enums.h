// The closed sets of the domain: model ↔ protobuf, one pair at a time.
//
// ToProto() knows every enumerator of the model. FromProto() gives nothing for a number that has no
// meaning in the model, which a newer or hostile writer may send.
#pragma once

#include <optional>

#include "model/policy.h"
#include "model/reason.h"
#include "usher/v1/command.pb.h"
#include "usher/v1/decision.pb.h"
#include "usher/v1/inquiry.pb.h"

namespace usher::wire {

v1::Sentiment ToProto(Sentiment value);
v1::Stage ToProto(Stage value);
v1::Presence ToProto(Presence value);
v1::AwayReason ToProto(AwayReason value);
v1::OfferReason ToProto(OfferReason value);
v1::DeclineReason ToProto(DeclineReason value);
v1::RescindCause ToProto(RescindCause value);
v1::RequeueReason ToProto(RequeueReason value);
v1::CancelReason ToProto(CancelReason value);
v1::RejectReason ToProto(RejectReason value);
v1::RepeatReason ToProto(RepeatReason value);
v1::SlaTarget ToProto(Target value);
v1::ClockState ToProto(ClockState value);
v1::WakeCause ToProto(WakeCause value);
v1::EscalateReason ToProto(EscalateReason value);
v1::Verdict ToProto(Verdict value);
v1::NextChange ToProto(NextChange value);
v1::Wake ToProto(Wake value);
v1::Pick ToProto(Pick value);
v1::Refuge ToProto(Refuge value);
v1::WaitingOrder ToProto(Order value);
v1::SortField ToProto(SortField value);
v1::ClauseOp ToProto(ClauseOp value);
v1::ScoreOp ToProto(ScoreOp value);

std::optional<Sentiment> FromProto(v1::Sentiment value);
std::optional<Stage> FromProto(v1::Stage value);  // open stages only: the model has no others
std::optional<Presence> FromProto(v1::Presence value);
std::optional<AwayReason> FromProto(v1::AwayReason value);
std::optional<OfferReason> FromProto(v1::OfferReason value);
std::optional<DeclineReason> FromProto(v1::DeclineReason value);
std::optional<RescindCause> FromProto(v1::RescindCause value);
std::optional<RequeueReason> FromProto(v1::RequeueReason value);
std::optional<CancelReason> FromProto(v1::CancelReason value);
std::optional<RejectReason> FromProto(v1::RejectReason value);
std::optional<RepeatReason> FromProto(v1::RepeatReason value);
std::optional<Target> FromProto(v1::SlaTarget value);  // of "unspecified": the first response
std::optional<ClockState> FromProto(v1::ClockState value);
std::optional<WakeCause> FromProto(v1::WakeCause value);
// Of "unspecified": its age.
std::optional<EscalateReason> FromProto(v1::EscalateReason value);
std::optional<Verdict> FromProto(v1::Verdict value);
std::optional<NextChange> FromProto(v1::NextChange value);
std::optional<Wake> FromProto(v1::Wake value);  // of "unspecified": the model's default
std::optional<Pick> FromProto(v1::Pick value);  // of "unspecified": the model's default
std::optional<Refuge> FromProto(v1::Refuge value);
std::optional<Order> FromProto(v1::WaitingOrder value);  // likewise
std::optional<SortField> FromProto(v1::SortField value);
std::optional<ClauseOp> FromProto(v1::ClauseOp value);
std::optional<ScoreOp> FromProto(v1::ScoreOp value);

}  // namespace usher::wire
