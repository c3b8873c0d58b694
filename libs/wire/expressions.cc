#include "wire/expressions.h"

#include <cstdint>

#include "model/limits.h"
#include "wire/enums.h"
#include "wire/parts.h"

namespace usher::wire {
namespace {

constexpr std::uint32_t kCountMax = 65'535;  // what the model holds

Attribute TakeAttribute(const v1::Attribute& from, FieldCheck& check) {
  const FieldCheck::Inside inside(check, "attribute");
  return FromProto(from, check);
}

}  // namespace

// Fields that say nothing are left out: most clauses and steps use one or two of theirs.
void ToProto(const Expression& from, ClauseList& to) {
  to.Reserve(static_cast<int>(from.size()));
  for (const Clause& clause : from) {
    v1::Clause& added = *to.Add();
    added.set_op(ToProto(clause.op));
    added.set_count(clause.count);
    added.set_skill(clause.skill.skill.ToString());
    added.set_level(clause.skill.level);
    if (clause.attribute != Attribute()) ToProto(clause.attribute, *added.mutable_attribute());
  }
}

void ToProto(const Score& from, ScoreStepList& to) {
  to.Reserve(static_cast<int>(from.size()));
  for (const ScoreStep& step : from) {
    v1::ScoreStep& added = *to.Add();
    added.set_op(ToProto(step.op));
    added.set_number(step.number);
    added.set_skill(step.skill.ToString());
    if (step.attribute != Attribute()) ToProto(step.attribute, *added.mutable_attribute());
  }
}

Expression FromProto(const ClauseList& from, const char* field, FieldCheck& check) {
  Expression to;
  if (!check.CheckCount(field, from.size(), Limits().clauses_max)) return to;
  to.reserve(static_cast<std::size_t>(from.size()));
  for (int i = 0; i < from.size(); ++i) {
    const FieldCheck::Inside inside(check, field, i);
    Clause& clause = to.emplace_back();
    clause.op = check.TakeEnum("op", FromProto(from[i].op()));
    clause.count =
        static_cast<std::uint16_t>(check.TakeNumber("count", from[i].count(), kCountMax));
    clause.skill.skill = check.TakeName<SkillName>("skill", from[i].skill());
    clause.skill.level =
        static_cast<std::uint8_t>(check.TakeNumber("level", from[i].level(), kMaxLevel));
    clause.attribute = TakeAttribute(from[i].attribute(), check);
  }
  return to;
}

Score FromProto(const ScoreStepList& from, const char* field, FieldCheck& check) {
  Score to;
  if (!check.CheckCount(field, from.size(), Limits().score_steps_max)) return to;
  to.reserve(static_cast<std::size_t>(from.size()));
  for (int i = 0; i < from.size(); ++i) {
    const FieldCheck::Inside inside(check, field, i);
    ScoreStep& step = to.emplace_back();
    step.op = check.TakeEnum("op", FromProto(from[i].op()));
    step.number = from[i].number();
    step.skill = check.TakeName<SkillName>("skill", from[i].skill());
    step.attribute = TakeAttribute(from[i].attribute(), check);
  }
  return to;
}

}  // namespace usher::wire
