// Answers to questions: model ↔ protobuf.
#pragma once

#include "model/decision_answer.h"
#include "usher/v1/decision.pb.h"
#include "wire/fields.h"

namespace usher::wire {

void ToProto(const WaitEstimated& from, v1::WaitEstimated& to);
void ToProto(const InquiryExplained& from, v1::InquiryExplained& to);
void ToProto(const PolicyPreviewed& from, v1::PolicyPreviewed& to);

// What is wrong is noted in `check`.
WaitEstimated FromProto(const v1::WaitEstimated& from, FieldCheck& check);
InquiryExplained FromProto(const v1::InquiryExplained& from, FieldCheck& check);
PolicyPreviewed FromProto(const v1::PolicyPreviewed& from, FieldCheck& check);

}  // namespace usher::wire
