// `usher understand`: messages in, what intake would make of them out; one JSON object a line.
#pragma once

#include <iosfwd>
#include <string>

#include "model/understanding_rules.h"
#include "understanding/understand.h"

namespace usher {

constexpr std::size_t kUnderstandLineMax = 4U << 20;  // longer lines are refused, not kept

std::string SentimentText(Sentiment sentiment);
std::string LanguageText(const understanding::Understood& understood);  // or "unknown"

// Reads the file descriptor `in` to its end. Each line {"text": ..., "channel": ...} becomes one
// line on `out`, a bad one {"error": ...} there and a line on `err`. `out` is flushed whenever the
// input pauses.
//
// Returns the exit code: kFailed if a line was bad or `out` or `in` failed.
int UnderstandLines(int in, const understanding::Understanding& understanding,
                    const UnderstandingRules& rules, std::ostream& out, std::ostream& err);

}  // namespace usher
