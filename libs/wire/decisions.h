// The body of a decision: model ↔ protobuf.
#pragma once

#include "model/decision.h"
#include "usher/v1/decision.pb.h"
#include "wire/fields.h"

namespace usher::wire {

// Fills in the body of `to`.
void ToProto(const DecisionBody& from, v1::Decision& to);

// Some body when `from` has none; that, and all else that is wrong, is noted in `check`.
DecisionBody BodyFromProto(const v1::Decision& from, FieldCheck& check);

}  // namespace usher::wire
