// Score: the formula by which a queue ranks the agents who may take an inquiry, read from its text.
#pragma once

#include <optional>

#include "model/expression.h"
#include "policy/declared.h"
#include "policy/reader.h"

namespace usher::policy {

// Whole numbers and `skills`, `load`, `idle`, `priority`, `waited`, `level(skill)`,
// `attribute(name, value)`, `min(a, b)`, `max(a, b)`, joined by * and / before + and - before < <=
// > >= == != (1 or 0), in brackets as needed. Nothing, and a problem at the character, if it is not
// that, is too long, or ranks nobody before anybody.
std::optional<Score> ReadScore(const Yaml& value, const Declared& declared, Problems& problems);

}  // namespace usher::policy
