// What is said of inquiries afterwards, and which are wanted for review: model ↔ protobuf.
#pragma once

#include <vector>

#include "model/quality.h"
#include "usher/v1/command.pb.h"
#include "usher/v1/decision.pb.h"
#include "wire/fields.h"

namespace usher::wire {

using MarkList = google::protobuf::RepeatedPtrField<v1::Mark>;

void ToProto(const Quality& from, v1::Quality& to);
void ToProto(const ReviewInquiry& from, v1::ReviewInquiry& to);
void ToProto(const RateInquiry& from, v1::RateInquiry& to);
void ToProto(const InquiryReviewed& from, v1::InquiryReviewed& to);
void ToProto(const InquiryRated& from, v1::InquiryRated& to);

// What is wrong is noted in `check`.
Quality FromProto(const v1::Quality& from, FieldCheck& check);
std::vector<Mark> FromProto(const MarkList& from, FieldCheck& check);
ReviewInquiry FromProto(const v1::ReviewInquiry& from, FieldCheck& check);
RateInquiry FromProto(const v1::RateInquiry& from, FieldCheck& check);
InquiryReviewed FromProto(const v1::InquiryReviewed& from, FieldCheck& check);
InquiryRated FromProto(const v1::InquiryRated& from, FieldCheck& check);

}  // namespace usher::wire
