// The answers to questions in plain words, for people at a terminal.
//
// Threads: any; pure. Names and messages come from other machines: they are made safe here, nothing
// that is printed moves the cursor or hides a line.
#pragma once

#include <string>
#include <string_view>

#include "core/time.h"
#include "usher/v1/questions.pb.h"

namespace usher {

// The text with all that a terminal would obey, and all that is no UTF-8, as \xNN. A letter of any
// alphabet stays; a newline stays only with `lines`.
enum class Newlines { kEscape, kKeep };
std::string Printable(std::string_view text, Newlines newlines = Newlines::kEscape);

// "2026-05-01 09:30:00 UTC (in 20s)", as seen from `now`.
std::string WhenText(std::int64_t at_us, Instant now);

// Lines that end with a newline each. `now` is the reader's clock, for "in 20s".
std::string ExplainText(const std::string& desk, const v1::ExplainInquiryResponse& answer,
                        const std::string& inquiry, Instant now);
std::string WaitText(const std::string& desk, const v1::EstimateWaitResponse& answer,
                     const std::string& inquiry);
std::string PreviewText(const std::string& desk, const v1::PreviewPolicyResponse& answer);

// The answer as one line of JSON, as the protos map to it: what is 0 or empty is left out.
std::string JsonLine(const google::protobuf::Message& answer);

}  // namespace usher
