#include "model/expression.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>

namespace usher {
namespace {

constexpr std::int64_t kMost = 1'000'000'000'000'000;

Clause All(std::uint16_t count) { return {ClauseOp::kAll, count, {}, {}}; }
Clause Any(std::uint16_t count) { return {ClauseOp::kAny, count, {}, {}}; }
Clause Not() { return {ClauseOp::kNot, 0, {}, {}}; }
Clause Skill(const char* name, std::uint8_t level) {
  return {ClauseOp::kSkill, 0, {SkillName::Of(name), level}, {}};
}
Clause Has(const char* name, const char* value) {
  return {ClauseOp::kAttribute, 0, {}, {AttributeName::Of(name), ValueName::Of(value)}};
}

ScoreStep Number(std::int64_t number) { return {ScoreOp::kNumber, number, {}, {}}; }
ScoreStep Op(ScoreOp op) { return {op, 0, {}, {}}; }

// Speaks German at 60 and billing at 0; sits in Kyiv and in Lviv.
Profile Olena() {
  return {{{SkillName::Of("billing"), 0}, {SkillName::Of("german"), 60}},
          {{AttributeName::Of("site"), ValueName::Of("kyiv")},
           {AttributeName::Of("site"), ValueName::Of("lviv")}}};
}

std::int64_t Two(std::int64_t earlier, ScoreOp op, std::int64_t later) {
  const Score score = {Number(earlier), Number(later), Op(op)};
  EXPECT_TRUE(IsWellFormed(score));
  return Evaluate(score, {}, {});
}

TEST(Expression, OfNothingIsTrue) {
  EXPECT_TRUE(IsWellFormed(Expression()));
  EXPECT_TRUE(Holds({}, {}));
}

TEST(Expression, ASkillIsHeldAtItsLevelOrHigher) {
  EXPECT_TRUE(Holds({Skill("german", 60)}, Olena()));
  EXPECT_FALSE(Holds({Skill("german", 61)}, Olena()));
  EXPECT_TRUE(Holds({Skill("billing", 0)}, Olena()));
  EXPECT_FALSE(Holds({Skill("refunds", 0)}, Olena()));  // level 0 still asks for the skill
}

TEST(Expression, AnAttributeMayHaveSeveralValues) {
  EXPECT_TRUE(Holds({Has("site", "kyiv")}, Olena()));
  EXPECT_TRUE(Holds({Has("site", "lviv")}, Olena()));
  EXPECT_FALSE(Holds({Has("site", "odesa")}, Olena()));
  EXPECT_FALSE(Holds({Has("team", "kyiv")}, Olena()));
}

TEST(Expression, AllAnyAndNotTakeWhatFollows) {
  EXPECT_TRUE(Holds({All(2), Skill("german", 60), Has("site", "kyiv")}, Olena()));
  EXPECT_FALSE(Holds({All(2), Skill("german", 61), Has("site", "kyiv")}, Olena()));
  EXPECT_TRUE(Holds({Any(2), Skill("german", 61), Has("site", "kyiv")}, Olena()));
  EXPECT_FALSE(Holds({Any(2), Skill("german", 61), Has("site", "odesa")}, Olena()));
  EXPECT_FALSE(Holds({Not(), Skill("german", 60)}, Olena()));
  EXPECT_TRUE(Holds({Not(), Not(), Skill("german", 60)}, Olena()));
  // What fails first must not keep the rest from being passed over: the last clause is of the outer
  // one.
  EXPECT_TRUE(Holds({Any(2), All(2), Skill("german", 61), Skill("german", 99), Has("site", "kyiv")},
                    Olena()));
  EXPECT_TRUE(Holds({All(2), Any(2), Skill("german", 1), Skill("german", 2), Has("site", "kyiv")},
                    Olena()));
}

TEST(Expression, AllOfNoneIsTrueAndAnyOfNoneIsFalse) {
  EXPECT_TRUE(Holds({All(0)}, {}));
  EXPECT_FALSE(Holds({Any(0)}, {}));
}

TEST(Expression, ThatIsNotExactlyOneIsMalformed) {
  EXPECT_TRUE(IsWellFormed(Expression{All(2), Any(0), Not(), Has("site", "kyiv")}));
  EXPECT_FALSE(IsWellFormed(Expression{Skill("a", 1), Skill("b", 1)}));
  EXPECT_FALSE(IsWellFormed(Expression{All(2), Skill("a", 1)}));
  EXPECT_FALSE(IsWellFormed(Expression{All(1), Skill("a", 1), Skill("b", 1)}));
  EXPECT_FALSE(IsWellFormed(Expression{Not()}));
  EXPECT_FALSE(IsWellFormed(Expression{Any(0), Any(0)}));
  EXPECT_FALSE(IsWellFormed(Expression{All(65'535)}));
  EXPECT_FALSE(IsWellFormed(Expression{Skill("a", 101)}));
  EXPECT_TRUE(IsWellFormed(Expression{Skill("a", 100)}));
  EXPECT_FALSE(IsWellFormed(Expression{{static_cast<ClauseOp>(5), 0, {}, {}}}));
}

// Whatever is called well formed is evaluated to its end and no further.
TEST(Expression, OfRandomClausesIsRefusedOrEvaluated) {
  std::mt19937_64 random(7);
  int held = 0;
  for (int round = 0; round < 200'000; ++round) {
    Expression expression(1 + random() % 8);
    for (Clause& clause : expression) {
      clause = {static_cast<ClauseOp>(random() % 6),
                static_cast<std::uint16_t>(random() % 3),
                {SkillName::Of("german"), static_cast<std::uint8_t>(random() % 102)},
                {}};
    }
    if (!IsWellFormed(expression)) continue;
    Expression denied = {Not()};
    denied.insert(denied.end(), expression.begin(), expression.end());
    ASSERT_TRUE(IsWellFormed(denied));
    ASSERT_NE(Holds(expression, Olena()), Holds(denied, Olena())) << "round " << round;
    held += Holds(expression, Olena()) ? 1 : 0;
  }
  EXPECT_GT(held, 100);
}

TEST(Score, ThatLeavesOneValueIsWellFormed) {
  EXPECT_TRUE(IsWellFormed(Score()));
  EXPECT_TRUE(IsWellFormed(Score{Number(1)}));
  EXPECT_TRUE(IsWellFormed(
      Score{Number(1), Number(2), Number(3), Op(ScoreOp::kAdd), Op(ScoreOp::kMultiply)}));
  EXPECT_FALSE(IsWellFormed(Score{Number(1), Number(2)}));
  EXPECT_FALSE(IsWellFormed(Score{Op(ScoreOp::kAdd)}));
  EXPECT_FALSE(IsWellFormed(Score{Number(1), Op(ScoreOp::kAdd)}));
  // Enough values in the end, but not where they are asked for.
  EXPECT_FALSE(IsWellFormed(Score{Number(1), Op(ScoreOp::kAdd), Number(2)}));
  EXPECT_FALSE(IsWellFormed(Score{Op(static_cast<ScoreOp>(16))}));
}

TEST(Score, OperatorsTakeTheEarlierFirst) {
  EXPECT_EQ(Two(7, ScoreOp::kAdd, 3), 10);
  EXPECT_EQ(Two(7, ScoreOp::kSubtract, 3), 4);
  EXPECT_EQ(Two(7, ScoreOp::kMultiply, -3), -21);
  EXPECT_EQ(Two(7, ScoreOp::kDivide, 3), 2);
  EXPECT_EQ(Two(-7, ScoreOp::kDivide, 3), -2);
  EXPECT_EQ(Two(7, ScoreOp::kMin, 3), 3);
  EXPECT_EQ(Two(7, ScoreOp::kMax, 3), 7);
  EXPECT_EQ(Two(3, ScoreOp::kLess, 7), 1);
  EXPECT_EQ(Two(7, ScoreOp::kLess, 7), 0);
  EXPECT_EQ(Two(7, ScoreOp::kEqual, 7), 1);
  EXPECT_EQ(Two(7, ScoreOp::kEqual, 3), 0);
}

TEST(Score, DivisionByZeroGivesZero) {
  EXPECT_EQ(Two(7, ScoreOp::kDivide, 0), 0);
  EXPECT_EQ(Two(0, ScoreOp::kDivide, 0), 0);
}

TEST(Score, EachStepIsCutToItsBounds) {
  EXPECT_EQ(Evaluate({Number(INT64_MAX)}, {}, {}), kMost);
  EXPECT_EQ(Evaluate({Number(INT64_MIN)}, {}, {}), -kMost);
  EXPECT_EQ(Two(kMost, ScoreOp::kAdd, kMost), kMost);
  EXPECT_EQ(Two(-kMost, ScoreOp::kSubtract, kMost), -kMost);
  EXPECT_EQ(Two(kMost, ScoreOp::kMultiply, kMost), kMost);
  EXPECT_EQ(Two(kMost, ScoreOp::kMultiply, -kMost), -kMost);
  EXPECT_EQ(Two(-kMost, ScoreOp::kMultiply, -kMost), kMost);
  EXPECT_EQ(Two(-kMost, ScoreOp::kMultiply, kMost), -kMost);
  EXPECT_EQ(Two(kMost, ScoreOp::kMultiply, 0), 0);
  EXPECT_EQ(Two(0, ScoreOp::kMultiply, -kMost), 0);
  EXPECT_EQ(Two(kMost, ScoreOp::kMultiply, 1), kMost);
  EXPECT_EQ(Two(2, ScoreOp::kMultiply, kMost / 2), kMost);
  EXPECT_EQ(Two(2, ScoreOp::kMultiply, kMost / 2 + 1), kMost);
  EXPECT_EQ(Two(3, ScoreOp::kMultiply, -kMost / 3), -kMost / 3 * 3);
  // Cut at each step: what went over does not come back.
  EXPECT_EQ(Evaluate({Number(kMost), Number(kMost), Op(ScoreOp::kAdd), Number(kMost),
                      Op(ScoreOp::kSubtract)},
                     {}, {}),
            0);
}

TEST(Score, AsksTheAgentAndTheInquiry) {
  const ScoreFacts facts = {250, 12, 7, 90};
  EXPECT_EQ(Evaluate({{ScoreOp::kLevel, 0, SkillName::Of("german"), {}}}, Olena(), facts), 60);
  EXPECT_EQ(Evaluate({{ScoreOp::kLevel, 0, SkillName::Of("refunds"), {}}}, Olena(), facts), 0);
  const Attribute kyiv = {AttributeName::Of("site"), ValueName::Of("kyiv")};
  const Attribute odesa = {AttributeName::Of("site"), ValueName::Of("odesa")};
  EXPECT_EQ(Evaluate({{ScoreOp::kAttribute, 0, {}, kyiv}}, Olena(), facts), 1);
  EXPECT_EQ(Evaluate({{ScoreOp::kAttribute, 0, {}, odesa}}, Olena(), facts), 0);
  EXPECT_EQ(Evaluate({Op(ScoreOp::kSkills)}, Olena(), facts), 2);
  EXPECT_EQ(Evaluate({Op(ScoreOp::kLoad)}, Olena(), facts), 250);
  EXPECT_EQ(Evaluate({Op(ScoreOp::kIdle)}, Olena(), facts), 12);
  EXPECT_EQ(Evaluate({Op(ScoreOp::kPriority)}, Olena(), facts), 7);
  EXPECT_EQ(Evaluate({Op(ScoreOp::kWaited)}, Olena(), facts), 90);
}

// Whatever is called well formed has a value within the bounds, whatever it is made of.
TEST(Score, OfRandomStepsIsRefusedOrHasAValue) {
  std::mt19937_64 random(11);
  int valued = 0;
  for (int round = 0; round < 200'000; ++round) {
    Score score(1 + random() % 9);
    for (ScoreStep& step : score) {
      const auto op = static_cast<ScoreOp>(random() % 2 == 0 ? 0 : random() % 17);
      const auto number = static_cast<std::int64_t>(random());
      step = {op, random() % 2 == 0 ? number : number % 5, {}, {}};
    }
    if (!IsWellFormed(score)) continue;
    ++valued;
    const std::int64_t value = Evaluate(score, Olena(), {});
    ASSERT_LE(value, kMost) << "round " << round;
    ASSERT_GE(value, -kMost) << "round " << round;
  }
  EXPECT_GT(valued, 1'000);
}

TEST(Profile, TellsTheLevelOfASkill) {
  EXPECT_EQ(LevelOf(Olena(), SkillName::Of("german")), 60);
  EXPECT_EQ(LevelOf(Olena(), SkillName::Of("billing")), 0);
  EXPECT_EQ(LevelOf(Olena(), SkillName::Of("aaa")), std::nullopt);
  EXPECT_EQ(LevelOf(Olena(), SkillName::Of("zzz")), std::nullopt);
  EXPECT_EQ(LevelOf({}, SkillName::Of("german")), std::nullopt);
}

}  // namespace
}  // namespace usher
