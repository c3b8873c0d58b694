// Expressions and scores of a policy: model ↔ protobuf.
#pragma once

#include "model/expression.h"
#include "usher/v1/command.pb.h"
#include "wire/fields.h"

namespace usher::wire {

using ClauseList = google::protobuf::RepeatedPtrField<v1::Clause>;
using ScoreStepList = google::protobuf::RepeatedPtrField<v1::ScoreStep>;

void ToProto(const Expression& from, ClauseList& to);
void ToProto(const Score& from, ScoreStepList& to);

// What is wrong is noted in `check`; `field` names the list. Whether they are well formed is the
// engine's to say.
Expression FromProto(const ClauseList& from, const char* field, FieldCheck& check);
Score FromProto(const ScoreStepList& from, const char* field, FieldCheck& check);

}  // namespace usher::wire
