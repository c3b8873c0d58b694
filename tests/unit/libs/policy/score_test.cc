#include "policy/score.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "unit/libs/policy/policy_files.h"

namespace usher::policy {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Score Parsed(const std::string& text) {
  const Queue queue = Made(WithQueue("score: \"" + text + "\"")).queues[2];
  EXPECT_EQ(queue.pick, Pick::kScore);
  EXPECT_TRUE(IsWellFormed(queue.score)) << text;
  return queue.score;
}

// Of an agent with uk 60 and en 20, of the night team; load 300, idle 40, priority 7, waited 90.
std::int64_t Value(const std::string& text) {
  Profile profile;
  profile.skills = {{SkillName::Of("en"), 20}, {SkillName::Of("uk"), 60}};
  profile.attributes = {{AttributeName::Of("team"), ValueName::Of("night")}};
  return Evaluate(Parsed(text), profile, {300, 40, 7, 90});
}

struct Formula {
  const char* text;
  std::int64_t value;
};

TEST(Score, IsReadAsFormulasAre) {
  for (const Formula& formula : std::initializer_list<Formula>{
           {"level(uk)", 60},
           {"level(calm)", 0},
           {"level( uk )*10 - load/10 + 5 * attribute(team, night)", 575},
           {"skills + priority + waited + idle", 139},
           {"load - 100 - 50", 150},
           {"load / 2 / 3", 50},
           {"2 + 3 * level(en)", 62},
           {"(2 + 3) * level(en)", 100},
           {"-level(en) + 5", -15},
           {"level(en) - -5", 25},
           {"--level(en)", 20},
           {"-5 * level(en)", -100},
           {"min(level(uk), level(en) * 2)", 40},
           {"max(level(uk), 1 + min(load, 99))", 100},
           {"level(en) < level(uk)", 1},
           {"level(en) > level(uk)", 0},
           {"level(en) <= 20", 1},
           {"level(en) <= 19", 0},
           {"level(en) >= 21", 0},
           {"level(en) >= 20", 1},
           {"level(en) == 20", 1},
           {"level(en) != 20", 0},
           {"level(en) != 21", 1},
           {"1 + (level(en) > 10) * 7", 8},
           {"(load - 200 >= idle + 50) * 100 + (load < idle)", 100},
           {"attribute(team, day) * 5 + attribute(team, night) * 3", 3},
           {"load * 1000000000000000", 1'000'000'000'000'000},
           {"load / 0", 0},
       }) {
    EXPECT_EQ(Value(formula.text), formula.value) << formula.text;
  }
}

TEST(Score, IsPostfixForTheEngine) {
  const Score score = Parsed("level(uk) * 10 - load");
  ASSERT_EQ(score.size(), 5u);
  EXPECT_EQ(score[0].op, ScoreOp::kLevel);
  EXPECT_EQ(score[0].skill.view(), "uk");
  EXPECT_EQ(score[1].number, 10);
  EXPECT_EQ(score[2].op, ScoreOp::kMultiply);
  EXPECT_EQ(score[3].op, ScoreOp::kLoad);
  EXPECT_EQ(score[4].op, ScoreOp::kSubtract);
}

TEST(Score, IsRefusedAtItsCharacter) {
  for (const Mistake& mistake : std::initializer_list<Mistake>{
           {"score: \"level(ukr)\"", 29, "no skill 'ukr'; is 'uk' meant?"},
           {"score: \"attribute(tem, day)\"", 33, "no attribute 'tem'; is 'team' meant?"},
           {"score: \"attribute(team, dai)\"", 39, "no value of team 'dai'; is 'day' meant?"},
           {"score: \"attribute(team)\"", 37, "a ',' is missing here"},
           {"score: \"level uk\"", 29, "a '(' is missing here"},
           {"score: \"level(uk\"", 31, "a ')' is missing here"},
           {"score: \"level()\"", 29, "a name in a score is ''; it must be a name"},
           {"score: \"level(u k)\"", 29, "must be a name of letters, digits and"},
           {"score: \"lode + 1\"", 23, "a score knows no 'lode'; is 'load' meant? Known: level, "},
           {"score: \"load + \"", 30, "the score ends here; a value is missing"},
           {"score: \"load + * 2\"", 30, "cannot read '* 2'; a value belongs here"},
           {"score: \"load 2\"", 28, "cannot read '2'; an operator belongs here"},
           {"score: \"load % 2\"", 28, "cannot read '% 2'; an operator belongs here"},
           {"score: \"(load\"", 28, "a ')' is missing here"},
           {"score: \"min(load)\"", 31, "a ',' is missing here"},
           {"score: \"load < idle < 5\"", 35, "a comparison of a comparison"},
           {"score: \"load * 1000000000000001\"", 30, "the number is above 1000000000000000"},
           {"score: \"load * 1.5\"", 31, "cannot read '.5'"},
           {"score: load + idl", 29, "a score knows no 'idl'; is 'idle' meant?"},
           {"score: \"lo\\x61d + idl\"", 22, "a score knows no 'idl'"},
           {"score: \"5 + priority\"", 22, "the score is the same for every agent"},
           {"score: [load]", 22, "score is a list; it must be a formula such as"},
           {"score: \"\"", 22, "score is ''; it must be a formula"},
           {"pick: score", 21, "the pick 'score' needs the key 'score'"},
           {"pick: least_loaded, score: load", 21, "with a score the pick is 'score'"},
           {"pick: least_loded", 21,
            "one of rarest_first, longest_idle, least_loaded, round_robin, best_level, score; is "
            "'least_loaded' meant?"},
       }) {
    ExpectMistake(mistake);
  }
}

TEST(Score, IsBounded) {
  std::string sum = "load";
  for (int i = 0; i < 32; ++i) sum += " + load";
  EXPECT_THAT(Told(WithQueue("score: \"" + sum + "\"")),
              ElementsAre("8:22: the score has 65 values and operators; at most 64 are taken"));
  for (const std::string piece : {"(", "-", "min(", "- ("}) {
    std::string deep;
    while (deep.size() < 4'000) deep += piece;
    EXPECT_THAT(Told(WithQueue("score: \"" + deep + "\"")),
                ElementsAre(HasSubstr("nested deeper than 32 levels")))
        << piece;
  }
  EXPECT_THAT(Told(WithQueue("score: \"" + std::string(5'000, '(') + "\"")),
              ElementsAre("8:22: the score has 5000 bytes; at most 4096 are taken"));
}

}  // namespace
}  // namespace usher::policy
