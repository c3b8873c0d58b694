// Expressions and scores of a policy in the scenario language, both ways.
//
// An Expression: `billing:60`, `site=kyiv`, `not(X)`, `all(X,Y)`, `any(X,Y)`, `-` for the empty
// one. A Score: `level(billing)*10+idle`, with `min(X,Y)`, `has(site=kyiv)`, `<`, `==`. What is not
// well formed is written as the bare list: `clauses(all/2,not,billing:60)`,
// `steps(level(billing),+)`.
//
// Threads: any.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/expression.h"

namespace usher::kit {

std::string TextOf(const Expression& expression);
std::string TextOf(const Score& score);
std::string TextOf(const Need& need);
std::string TextOf(const Attribute& attribute);

// Nothing if `text` is no such thing. Blanks are not allowed within.
std::optional<Expression> ExpressionOf(std::string_view text);
std::optional<Score> ScoreOf(std::string_view text);
std::optional<Attribute> AttributeOf(std::string_view text);

}  // namespace usher::kit
