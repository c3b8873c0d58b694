#include "policy/expressions.h"

#include <algorithm>
#include <array>
#include <utility>

#include "model/limits.h"

namespace usher::policy {
namespace {

constexpr std::string_view kAnyone = "anyone";
constexpr std::array<std::string_view, 5> kClauseWords = {"all", "any", "not", "skill",
                                                          "attribute"};
constexpr std::string_view kWanted =
    "a map such as {uk: 60}, {attribute: team, is: night}, {all: [...]}, {any: [...]} or "
    "{not: ...}";

bool WholeNumber(const Yaml& value) {
  return value.kind == Yaml::Kind::kText && value.plain && !value.text.empty() &&
         std::all_of(value.text.begin(), value.text.end(),
                     [](char c) { return c >= '0' && c <= '9'; });
}

Expression Join(ClauseOp op, const std::vector<Expression>& parts) {
  if (parts.size() == 1) return parts.front();
  Clause head;
  head.op = op;
  head.count = static_cast<std::uint16_t>(parts.size());  // if more, the whole is too long anyway
  Expression joined = {head};
  for (const Expression& part : parts) joined.insert(joined.end(), part.begin(), part.end());
  return joined;
}

Expression Has(const std::string& name, const std::string& value) {
  Clause clause;
  clause.op = ClauseOp::kAttribute;
  clause.attribute = {AttributeName::Of(name), ValueName::Of(value)};
  return {clause};
}

// Misfits are told and leave an empty expression behind: who asks looks at the problems.
class ExpressionReader {
 public:
  ExpressionReader(std::string_view what, const Declared& declared, Problems& problems)
      : what_(what), declared_(declared), problems_(problems) {}

  Expression Read(const Yaml& value) {
    if (value.kind != Yaml::Kind::kMap || value.keys.empty()) {
      TellMisfit(value, what_, kWanted, problems_);
      return {};
    }
    for (const Yaml& key : value.keys) {
      const auto* word = std::find(kClauseWords.begin(), kClauseWords.end(), key.text);
      if (word != kClauseWords.end()) return ReadWord(value, *word);
    }
    std::vector<Expression> parts;
    for (std::size_t i = 0; i < value.keys.size(); ++i) {
      parts.push_back(ReadShort(value.keys[i], value.items[i]));
    }
    return AllOf(parts);
  }

 private:
  Expression ReadWord(const Yaml& value, std::string_view word) {
    const std::string what = "an expression with " + Quoted(word);
    if (word == "skill") return ReadSkill(Fields(value, what, {"skill", "level"}, problems_));
    if (word == "attribute")
      return ReadAttribute(Fields(value, what, {"attribute", "is"}, problems_));
    const Fields fields(value, what, {word}, problems_);
    const Yaml* inner = fields.Find(word);
    if (inner == nullptr) return {};
    if (word == "not") {
      Clause no;
      no.op = ClauseOp::kNot;
      Expression negated = {no};
      const Expression plain = Read(*inner);
      negated.insert(negated.end(), plain.begin(), plain.end());
      return negated;
    }
    std::vector<Expression> parts;
    for (const Yaml* item : ReadList(*inner, word, false, problems_)) parts.push_back(Read(*item));
    if (parts.empty()) return {};
    return word == "all" ? AllOf(parts) : AnyOf(parts);
  }

  Expression ReadSkill(Fields fields) {
    const Yaml* name = fields.Find("skill");
    const auto skill = name == nullptr ? std::nullopt : ReadName(*name, "skill", problems_);
    if (skill) declared_.skills.Resolve(*skill, name->at, problems_);
    const Yaml* level = fields.Find("level");
    const auto least =
        level == nullptr ? 0 : ReadNumber(*level, "level", 0, kMaxLevel, problems_).value_or(0);
    return Holding({SkillName::Of(skill.value_or("")), static_cast<std::uint8_t>(least)});
  }

  Expression ReadAttribute(Fields fields) {
    const Yaml* name = fields.Find("attribute");
    const Yaml* value = fields.Need("is");
    if (name == nullptr || value == nullptr) return {};
    const auto text = ReadName(*name, "attribute", problems_);
    return text ? ReadValues(*text, name->at, *value, "is") : Expression();
  }

  // An entry {uk: 60} or {team: night}: what the name is not known as, its value tells.
  Expression ReadShort(const Yaml& key, const Yaml& value) {
    const auto name = ReadName(key, "a skill or an attribute", problems_);
    if (!name) return {};
    const bool attribute = declared_.attributes.Has(*name);
    if (!attribute && (declared_.skills.Has(*name) || WholeNumber(value))) {
      declared_.skills.Resolve(*name, key.at, problems_);
      const auto level = ReadNumber(value, "the level of a skill", 0, kMaxLevel, problems_);
      return Holding({SkillName::Of(*name), static_cast<std::uint8_t>(level.value_or(0))});
    }
    if (!attribute && declared_.any_attribute) {
      problems_.Add(key.at, "no skill " + Quoted(*name) + " is declared, and no attributes are; " +
                                "an attribute is written {attribute: " + *name + ", is: ...}");
      return {};
    }
    return ReadValues(*name, key.at, value, *name);
  }

  Expression ReadValues(const std::string& name, std::size_t name_at, const Yaml& value,
                        std::string_view what) {
    std::vector<Expression> parts;
    for (const Yaml* item : ReadList(value, what, true, problems_)) {
      const auto text = ReadName(*item, what, problems_);
      if (!text) continue;
      // An unknown name is told once, not with each value.
      if (!ResolveAttribute(name, name_at, *text, item->at, declared_, problems_)) return {};
      parts.push_back(Has(name, *text));
    }
    return parts.empty() ? Expression() : AnyOf(parts);
  }

  const std::string_view what_;
  const Declared& declared_;
  Problems& problems_;
};

}  // namespace

Expression AllOf(const std::vector<Expression>& parts) {
  std::vector<Expression> saying;
  for (const Expression& part : parts) {
    if (!part.empty()) saying.push_back(part);
  }
  return saying.empty() ? Expression() : Join(ClauseOp::kAll, saying);
}

Expression AnyOf(const std::vector<Expression>& parts) {
  const bool everybody =
      std::any_of(parts.begin(), parts.end(), [](const Expression& part) { return part.empty(); });
  return everybody ? Expression() : Join(ClauseOp::kAny, parts);
}

Expression Holding(const Need& need) {
  Clause clause;
  clause.op = ClauseOp::kSkill;
  clause.skill = need;
  return {clause};
}

bool ResolveAttribute(const std::string& name, std::size_t name_at, const std::string& value,
                      std::size_t value_at, const Declared& declared, Problems& problems) {
  if (declared.any_attribute) return true;
  if (!declared.attributes.Resolve(name, name_at, problems)) return false;
  const auto values = declared.values.find(name);
  return values == declared.values.end() || values->second.Resolve(value, value_at, problems);
}

std::vector<Need> ReadNeeds(const Yaml& value, const Declared& declared, Problems& problems) {
  std::vector<Need> needs;
  if (value.kind != Yaml::Kind::kMap) {
    TellMisfit(value, "needs", "a map from skills to levels, such as {ru: 60}", problems);
    return needs;
  }
  if (value.keys.size() > Limits().needs_max) {
    problems.Add(value.at, std::to_string(value.keys.size()) + " needs; at most " +
                               std::to_string(Limits().needs_max) + " are taken");
  }
  for (std::size_t i = 0; i < value.keys.size(); ++i) {
    const auto skill = ReadName(value.keys[i], "a skill", problems);
    if (skill) declared.skills.Resolve(*skill, value.keys[i].at, problems);
    const auto level = ReadNumber(value.items[i], "the level of a need", 0, kMaxLevel, problems);
    if (skill && level) {
      needs.push_back({SkillName::Of(*skill), static_cast<std::uint8_t>(*level)});
    }
  }
  std::sort(needs.begin(), needs.end());
  return needs;
}

std::optional<Expression> ReadExpression(const Yaml& value, std::string_view what,
                                         const Declared& declared, Problems& problems) {
  if (value.kind == Yaml::Kind::kText && value.text == kAnyone) return Expression();
  const std::size_t before = problems.count();
  Expression expression = ExpressionReader(what, declared, problems).Read(value);
  if (problems.count() != before) return std::nullopt;
  if (expression.size() > Limits().clauses_max) {
    problems.Add(value.at, std::string(what) + " has " + std::to_string(expression.size()) +
                               " clauses; at most " + std::to_string(Limits().clauses_max) +
                               " are taken");
    return std::nullopt;
  }
  return expression;
}

}  // namespace usher::policy
