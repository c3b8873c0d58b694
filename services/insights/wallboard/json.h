// JSON as the wallboard writes it. Threads: any; pure.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "core/time.h"
#include "insights/rows.h"

namespace usher::insights {

using Json = nlohmann::json;

const char* StandingText(Standing standing);  // "waiting"
Json Millis(Instant at);                      // since the epoch; null: never
Json InquiryJson(const InquiryRow& row);

// On one line. Never fails: bytes that are no UTF-8 become U+FFFD.
std::string Text(const Json& json);

}  // namespace usher::insights
