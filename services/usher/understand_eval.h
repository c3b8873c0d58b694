// The tables of `usher understand --eval`: a shop's own samples, and what usher makes of them.
#pragma once

#include <iosfwd>
#include <string>

#include "absl/status/status.h"
#include "model/understanding_rules.h"
#include "understanding/understand.h"

namespace usher {

// `file`: tab-separated, the first line names the columns: text, and any of language, topic,
// sentiment and writer; others are left out. An empty cell is not counted.
//
// Errors: kInvalidArgument: it cannot be read, has no such columns, or a line has too few.
absl::Status EvaluateUnderstanding(const std::string& file,
                                   const understanding::Understanding& understanding,
                                   const UnderstandingRules& rules, std::ostream& out);

}  // namespace usher
