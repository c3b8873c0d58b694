#include "kit/scenario_expression.h"

#include <charconv>
#include <limits>
#include <utility>
#include <vector>

namespace usher::kit {
namespace {

struct LeafWord {
  ScoreOp op;
  std::string_view word;
};
constexpr LeafWord kFacts[] = {{ScoreOp::kSkills, "skills"},
                               {ScoreOp::kLoad, "load"},
                               {ScoreOp::kIdle, "idle"},
                               {ScoreOp::kPriority, "priority"},
                               {ScoreOp::kWaited, "waited"}};
constexpr LeafWord kCalls[] = {{ScoreOp::kMin, "min"}, {ScoreOp::kMax, "max"}};

// Of two values, by how tightly they bind: the later line the tighter.
constexpr LeafWord kCompare[] = {{ScoreOp::kLess, "<"}, {ScoreOp::kEqual, "=="}};
constexpr LeafWord kSum[] = {{ScoreOp::kAdd, "+"}, {ScoreOp::kSubtract, "-"}};
constexpr LeafWord kProduct[] = {{ScoreOp::kMultiply, "*"}, {ScoreOp::kDivide, "/"}};

// The word of an operator or a fact.
std::string WordOf(ScoreOp op) {
  for (const auto* words : {kCompare, kSum, kProduct, kCalls}) {
    for (int i = 0; i < 2; ++i) {
      if (words[i].op == op) return std::string(words[i].word);
    }
  }
  for (const LeafWord& each : kFacts) {
    if (each.op == op) return std::string(each.word);
  }
  return "";
}

template <class Tag>
std::string NameText(const Name<Tag>& name) {
  return name.none() ? "-" : name.ToString();
}

template <class NameType>
std::optional<NameType> NameOf(std::string_view text) {
  return text == "-" ? NameType() : NameType::Parse(text);
}

template <class Number>
std::optional<Number> WholeNumber(std::string_view text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// A text that is read from its front.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : left_(text) {}

  bool done() const { return left_.empty(); }
  bool Skip(std::string_view word) {
    if (!left_.starts_with(word)) return false;
    left_.remove_prefix(word.size());
    return true;
  }
  // Up to any of `ends`, or all.
  std::string_view Until(std::string_view ends) {
    const std::string_view word = left_.substr(0, left_.find_first_of(ends));
    left_.remove_prefix(word.size());
    return word;
  }
  // The whole number, with a minus or without, that stands here.
  std::optional<std::int64_t> Number() {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(left_.data(), left_.data() + left_.size(), number);
    if (error != std::errc()) return std::nullopt;
    left_.remove_prefix(static_cast<std::size_t>(end - left_.data()));
    return number;
  }

 private:
  std::string_view left_;
};

// `billing:60` or `site=kyiv`.
std::optional<Clause> LeafOf(std::string_view text) {
  Clause clause;
  if (const auto attribute = AttributeOf(text)) {
    clause.op = ClauseOp::kAttribute;
    clause.attribute = *attribute;
    return clause;
  }
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto skill = NameOf<SkillName>(text.substr(0, colon));
  const auto level = WholeNumber<std::uint8_t>(text.substr(colon + 1));
  if (!skill || !level) return std::nullopt;
  clause.op = ClauseOp::kSkill;
  clause.skill = {*skill, *level};
  return clause;
}

std::string TextOf(const Clause& clause) {
  switch (clause.op) {
    case ClauseOp::kAll:
      return "all/" + std::to_string(clause.count);
    case ClauseOp::kAny:
      return "any/" + std::to_string(clause.count);
    case ClauseOp::kNot:
      return "not";
    case ClauseOp::kSkill:
      return kit::TextOf(clause.skill);
    case ClauseOp::kAttribute:
      return kit::TextOf(clause.attribute);
  }
  return "";
}

// Appends the expression at `place` and moves `place` behind it.
void Write(const Expression& expression, std::size_t& place, std::string& text) {
  const Clause& clause = expression[place++];
  const bool group = clause.op == ClauseOp::kAll || clause.op == ClauseOp::kAny;
  if (!group && clause.op != ClauseOp::kNot) {
    text += TextOf(clause);
    return;
  }
  text += clause.op == ClauseOp::kNot ? "not(" : clause.op == ClauseOp::kAll ? "all(" : "any(";
  const std::size_t count = group ? clause.count : 1;
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) text += ",";
    Write(expression, place, text);
  }
  text += ")";
}

// Appends the clauses of one expression in brackets.
bool Read(Cursor& text, Expression& out) {
  const bool all = text.Skip("all(");
  if (all || text.Skip("any(")) {
    const std::size_t head = out.size();
    out.push_back({all ? ClauseOp::kAll : ClauseOp::kAny, 0, {}, {}});
    if (text.Skip(")")) return true;
    do {
      if (!Read(text, out)) return false;
      ++out[head].count;
    } while (text.Skip(","));
    return text.Skip(")");
  }
  if (text.Skip("not(")) {
    out.push_back({ClauseOp::kNot, 0, {}, {}});
    return Read(text, out) && text.Skip(")");
  }
  const auto leaf = LeafOf(text.Until(",()"));
  if (leaf) out.push_back(*leaf);
  return leaf.has_value();
}

// One clause as it stands in a bare list.
std::optional<Clause> BareClauseOf(std::string_view text) {
  if (text == "not") return Clause{ClauseOp::kNot, 0, {}, {}};
  const bool all = text.starts_with("all/");
  if (!all && !text.starts_with("any/")) return LeafOf(text);
  const auto count = WholeNumber<std::uint16_t>(text.substr(4));
  if (!count) return std::nullopt;
  return Clause{all ? ClauseOp::kAll : ClauseOp::kAny, *count, {}, {}};
}

ScoreStep Plain(ScoreOp op) { return {op, 0, {}, {}}; }

// Reads a score in the usual notation, appends its steps.
class ScoreReader {
 public:
  ScoreReader(Cursor& text, Score& out) : text_(text), out_(out) {}

  bool Comparison() { return Chain(kCompare, &ScoreReader::Sum); }

  // A value that is not made of others.
  bool Leaf() {
    ScoreStep step;
    if (text_.Skip("level(")) {
      const auto skill = NameOf<SkillName>(text_.Until(")"));
      if (!skill || !text_.Skip(")")) return false;
      step.op = ScoreOp::kLevel;
      step.skill = *skill;
    } else if (text_.Skip("has(")) {
      const auto attribute = AttributeOf(text_.Until(")"));
      if (!attribute || !text_.Skip(")")) return false;
      step.op = ScoreOp::kAttribute;
      step.attribute = *attribute;
    } else if (const auto number = text_.Number()) {
      step.number = *number;
    } else {
      for (const LeafWord& each : kFacts) {
        if (!text_.Skip(each.word)) continue;
        out_.push_back(Plain(each.op));
        return true;
      }
      return false;
    }
    out_.push_back(step);
    return true;
  }

 private:
  bool Sum() { return Chain(kSum, &ScoreReader::Product); }
  bool Product() { return Chain(kProduct, &ScoreReader::Primary); }
  bool Primary() {
    if (text_.Skip("(")) return Comparison() && text_.Skip(")");
    for (const LeafWord& each : kCalls) {
      if (!text_.Skip(std::string(each.word) + "(")) continue;
      if (!Comparison() || !text_.Skip(",") || !Comparison() || !text_.Skip(")")) return false;
      out_.push_back(Plain(each.op));
      return true;
    }
    return Leaf();
  }

  // Values with one of the two operators between each, taken from the left.
  bool Chain(const LeafWord (&words)[2], bool (ScoreReader::*part)()) {
    if (!(this->*part)()) return false;
    while (true) {
      const LeafWord* found = nullptr;
      for (const LeafWord& each : words) {
        if (found == nullptr && text_.Skip(each.word)) found = &each;
      }
      if (found == nullptr) return true;
      if (!(this->*part)()) return false;
      out_.push_back(Plain(found->op));
    }
  }

  Cursor& text_;
  Score& out_;
};

bool ReadBareSteps(Cursor& text, Score& out) {
  do {
    const LeafWord* found = nullptr;
    for (const auto* words : {kCompare, kSum, kProduct, kCalls}) {
      for (int i = 0; i < 2 && found == nullptr; ++i) {
        // A minus may begin a number.
        const Cursor before = text;
        if (!text.Skip(words[i].word)) continue;
        Cursor behind = text;
        if (behind.done() || behind.Skip(",") || behind.Skip(")")) {
          found = &words[i];
        } else {
          text = before;
        }
      }
    }
    if (found != nullptr) {
      out.push_back(Plain(found->op));
    } else if (!ScoreReader(text, out).Leaf()) {
      return false;
    }
  } while (text.Skip(","));
  return text.Skip(")") && text.done();
}

std::string TextOf(const ScoreStep& step) {
  switch (step.op) {
    case ScoreOp::kNumber:
      return std::to_string(step.number);
    case ScoreOp::kLevel:
      return "level(" + NameText(step.skill) + ")";
    case ScoreOp::kAttribute:
      return "has(" + kit::TextOf(step.attribute) + ")";
    default:
      return WordOf(step.op);
  }
}

}  // namespace

std::string TextOf(const Need& need) {
  return NameText(need.skill) + ":" + std::to_string(need.level);
}

std::string TextOf(const Attribute& attribute) {
  return NameText(attribute.name) + "=" + NameText(attribute.value);
}

std::string TextOf(const Expression& expression) {
  if (expression.empty()) return "-";
  std::string text;
  if (IsWellFormed(expression)) {
    std::size_t place = 0;
    Write(expression, place, text);
    return text;
  }
  for (const Clause& each : expression) text += (text.empty() ? "" : ",") + TextOf(each);
  return "clauses(" + text + ")";
}

std::string TextOf(const Score& score) {
  if (score.empty()) return "-";
  if (!IsWellFormed(score)) {
    std::string text;
    for (const ScoreStep& each : score) text += (text.empty() ? "" : ",") + TextOf(each);
    return "steps(" + text + ")";
  }
  std::vector<std::string> values;
  for (const ScoreStep& step : score) {
    if (step.op < ScoreOp::kAdd) {
      values.push_back(TextOf(step));
      continue;
    }
    const std::string later = values.back();
    values.pop_back();
    const bool call = step.op == ScoreOp::kMin || step.op == ScoreOp::kMax;
    std::string& earlier = values.back();
    earlier = call ? TextOf(step) + "(" + earlier + "," + later + ")"
                   : "(" + earlier + TextOf(step) + later + ")";
  }
  return values.back();
}

std::optional<Attribute> AttributeOf(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  const auto name = NameOf<AttributeName>(text.substr(0, equals));
  const auto value = NameOf<ValueName>(text.substr(equals + 1));
  if (!name || !value) return std::nullopt;
  return Attribute{*name, *value};
}

std::optional<Expression> ExpressionOf(std::string_view text) {
  Expression expression;
  if (text == "-") return expression;
  Cursor cursor(text);
  if (cursor.Skip("clauses(")) {
    do {
      const auto clause = BareClauseOf(cursor.Until(",)"));
      if (!clause) return std::nullopt;
      expression.push_back(*clause);
    } while (cursor.Skip(","));
    if (!cursor.Skip(")") || !cursor.done()) return std::nullopt;
    return expression;
  }
  if (!Read(cursor, expression) || !cursor.done()) return std::nullopt;
  return expression;
}

std::optional<Score> ScoreOf(std::string_view text) {
  Score score;
  if (text == "-") return score;
  Cursor cursor(text);
  if (cursor.Skip("steps(")) {
    if (!ReadBareSteps(cursor, score)) return std::nullopt;
    return score;
  }
  if (!ScoreReader(cursor, score).Comparison() || !cursor.done()) return std::nullopt;
  return score;
}

}  // namespace usher::kit
