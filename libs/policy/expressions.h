// Expressions: who may take an inquiry, read from the maps in which a policy says it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/expression.h"
#include "policy/declared.h"
#include "policy/reader.h"

namespace usher::policy {

// A map from skills to levels, sorted.
std::vector<Need> ReadNeeds(const Yaml& value, const Declared& declared, Problems& problems);

// {uk: 60}, {team: night}, {skill: uk, level: 60}, {attribute: team, is: [day, night]},
// {all: [...]}, {any: [...]}, {not: ...}; 'anyone' is the empty expression. Nothing, and a problem,
// if it is none of these or too long. `what` names it: "who".
std::optional<Expression> ReadExpression(const Yaml& value, std::string_view what,
                                         const Declared& declared, Problems& problems);

// Both hold for everybody if a part does so (any) or if all parts do (all). Requires: not empty.
Expression AllOf(const std::vector<Expression>& parts);
Expression AnyOf(const std::vector<Expression>& parts);

// The skill is held at the level or higher.
Expression Holding(const Need& need);

// Tells an attribute or value that is not declared, if any are.
bool ResolveAttribute(const std::string& name, std::size_t name_at, const std::string& value,
                      std::size_t value_at, const Declared& declared, Problems& problems);

}  // namespace usher::policy
