// JSON events: the bounds of every JSON text at the door, and the JSON mapping of protobuf.
//
// Threads: any; safe on hostile bytes.
#pragma once

#include <optional>
#include <string_view>

#include "core/json.h"
#include "google/protobuf/message.h"
#include "intake/facts.h"

namespace usher::intake {

inline constexpr JsonLimits kJsonLimits = {};

// Why `json` is not taken: it is none, goes beyond kJsonLimits, or is no map. The field says where.
std::optional<Refusal> RefusalOf(const Json& json);

// The JSON mapping of protobuf, with names of either spelling; fields that are not known are
// ignored. Nothing: read.
//
// Requires: `bytes` is what a Json without a fault was made of.
std::optional<Refusal> ReadJsonEvent(std::string_view bytes, google::protobuf::Message& event);

}  // namespace usher::intake
