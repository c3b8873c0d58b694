// The compiled policy of a desk: model ↔ protobuf.
#pragma once

#include "model/policy.h"
#include "usher/v1/command.pb.h"
#include "wire/fields.h"

namespace usher::wire {

void ToProto(const Policy& from, v1::Policy& to);

// What is wrong is noted in `check`. Names and bounds only: whether the parts fit each other is the
// engine's to say.
Policy FromProto(const v1::Policy& from, FieldCheck& check);

}  // namespace usher::wire
