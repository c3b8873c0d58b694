#include "model/expression.h"

#include <algorithm>
#include <cstddef>

#include "model/limits.h"

namespace usher {
namespace {

constexpr std::int64_t kScoreMost = 1'000'000'000'000'000;

// Evaluates the expression that begins at `place` and moves `place` behind it.
bool HoldsFrom(const Expression& expression, std::size_t& place, const Profile& profile) {
  const Clause& clause = expression[place++];
  switch (clause.op) {
    case ClauseOp::kAll: {
      bool all = true;
      for (std::uint16_t i = 0; i < clause.count; ++i) all &= HoldsFrom(expression, place, profile);
      return all;
    }
    case ClauseOp::kAny: {
      bool any = false;
      for (std::uint16_t i = 0; i < clause.count; ++i) any |= HoldsFrom(expression, place, profile);
      return any;
    }
    case ClauseOp::kNot:
      return !HoldsFrom(expression, place, profile);
    case ClauseOp::kSkill: {
      const std::optional<std::uint8_t> level = LevelOf(profile, clause.skill.skill);
      return level && *level >= clause.skill.level;
    }
    case ClauseOp::kAttribute:
      return std::binary_search(profile.attributes.begin(), profile.attributes.end(),
                                clause.attribute);
  }
  return false;
}

bool IsOperator(ScoreOp op) { return op >= ScoreOp::kAdd; }

// Both are within +-kScoreMost.
std::int64_t Combine(ScoreOp op, std::int64_t a, std::int64_t b) {
  switch (op) {
    case ScoreOp::kAdd:
      return a + b;
    case ScoreOp::kSubtract:
      return a - b;
    case ScoreOp::kMultiply:
      if (a != 0 && (b > kScoreMost / (a < 0 ? -a : a) || -b > kScoreMost / (a < 0 ? -a : a))) {
        return (a < 0) == (b < 0) ? kScoreMost : -kScoreMost;
      }
      return a * b;
    case ScoreOp::kDivide:
      return b == 0 ? 0 : a / b;
    case ScoreOp::kMin:
      return std::min(a, b);
    case ScoreOp::kMax:
      return std::max(a, b);
    case ScoreOp::kLess:
      return a < b ? 1 : 0;
    default:
      return a == b ? 1 : 0;
  }
}

std::int64_t ValueOf(const ScoreStep& step, const Profile& profile, const ScoreFacts& facts) {
  switch (step.op) {
    case ScoreOp::kLevel:
      return LevelOf(profile, step.skill).value_or(0);
    case ScoreOp::kAttribute:
      return std::binary_search(profile.attributes.begin(), profile.attributes.end(),
                                step.attribute)
                 ? 1
                 : 0;
    case ScoreOp::kSkills:
      return static_cast<std::int64_t>(profile.skills.size());
    case ScoreOp::kLoad:
      return facts.load_permille;
    case ScoreOp::kIdle:
      return facts.idle_seconds;
    case ScoreOp::kPriority:
      return facts.priority;
    case ScoreOp::kWaited:
      return facts.waited_seconds;
    default:
      return step.number;
  }
}

}  // namespace

std::optional<std::uint8_t> LevelOf(const Profile& profile, const SkillName& skill) {
  const auto held =
      std::lower_bound(profile.skills.begin(), profile.skills.end(), skill,
                       [](const Need& has, const SkillName& wanted) { return has.skill < wanted; });
  if (held == profile.skills.end() || held->skill != skill) return std::nullopt;
  return held->level;
}

bool IsWellFormed(const Expression& expression) {
  std::size_t wanted = expression.empty() ? 0 : 1;
  for (const Clause& clause : expression) {
    if (wanted == 0 || clause.op > ClauseOp::kAttribute) return false;
    --wanted;
    if (clause.op == ClauseOp::kAll || clause.op == ClauseOp::kAny) wanted += clause.count;
    if (clause.op == ClauseOp::kNot) wanted += 1;
    if (clause.op == ClauseOp::kSkill && clause.skill.level > kMaxLevel) return false;
  }
  return wanted == 0;
}

bool Holds(const Expression& expression, const Profile& profile) {
  std::size_t place = 0;
  return expression.empty() || HoldsFrom(expression, place, profile);
}

bool IsWellFormed(const Score& score) {
  std::size_t values = 0;
  for (const ScoreStep& step : score) {
    if (step.op > ScoreOp::kEqual) return false;
    if (!IsOperator(step.op)) {
      ++values;
    } else if (values < 2) {
      return false;
    } else {
      --values;
    }
  }
  return score.empty() || values == 1;
}

std::int64_t Evaluate(const Score& score, const Profile& profile, const ScoreFacts& facts) {
  std::vector<std::int64_t> values;
  values.reserve(score.size());
  for (const ScoreStep& step : score) {
    std::int64_t value = 0;
    if (IsOperator(step.op)) {
      const std::int64_t later = values.back();
      values.pop_back();
      value = Combine(step.op, values.back(), later);
      values.pop_back();
    } else {
      value = ValueOf(step, profile, facts);
    }
    values.push_back(std::clamp(value, -kScoreMost, kScoreMost));
  }
  return values.back();
}

}  // namespace usher
