// What the reasons of dead letters mean, for the person who looks at one.
#pragma once

#include <optional>
#include <string_view>

#include "intake/facts.h"

namespace usher {

// The reason whose code this is ("bad_json"); nothing: another release's.
std::optional<intake::RefusalReason> ReasonOf(std::string_view code);

// What is wrong with the record, and what helps. One sentence each.
std::string_view MeaningOf(intake::RefusalReason reason);

}  // namespace usher
