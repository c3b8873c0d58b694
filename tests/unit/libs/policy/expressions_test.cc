// Who may take an inquiry: expressions, steps of relaxing and helpers.
#include "policy/expressions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "policy/steps.h"
#include "unit/libs/policy/policy_files.h"

namespace usher::policy {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// "all2 uk60 not team=night": in the order in which the engine reads it.
std::string Text(const Expression& expression) {
  std::string text;
  for (const Clause& clause : expression) {
    if (!text.empty()) text += " ";
    switch (clause.op) {
      case ClauseOp::kAll:
        text += "all" + std::to_string(clause.count);
        break;
      case ClauseOp::kAny:
        text += "any" + std::to_string(clause.count);
        break;
      case ClauseOp::kNot:
        text += "not";
        break;
      case ClauseOp::kSkill:
        text += clause.skill.skill.ToString() + std::to_string(clause.skill.level);
        break;
      case ClauseOp::kAttribute:
        text += clause.attribute.name.ToString() + "=" + clause.attribute.value.ToString();
        break;
    }
  }
  return text;
}

std::string Text(const Requirement& requirement) {
  std::string text;
  for (const Need& need : requirement.needs) {
    text += need.skill.ToString() + std::to_string(need.level) + " ";
  }
  return text + "| " + Text(requirement.who);
}

std::vector<std::string> Steps(std::string_view body) {
  std::vector<std::string> steps;
  const Policy made = Made(WithQueue(body));
  for (const RelaxStep& step : made.queues[2].steps) {
    steps.push_back(std::to_string(step.after / 1s) + "s: " + Text(step.requirement));
  }
  return steps;
}

struct Good {
  const char* yaml;
  const char* text;
};

TEST(Expressions, AreReadAsTheyAreWritten) {
  const Good kGood[] = {
      {"anyone", ""},
      {"{uk: 60}", "uk60"},
      {"{uk: 60, en: 0}", "all2 uk60 en0"},
      {"{skill: uk, level: 60}", "uk60"},
      {"{skill: uk}", "uk0"},
      {"{team: night}", "team=night"},
      {"{team: [day, night]}", "any2 team=day team=night"},
      {"{attribute: team, is: night}", "team=night"},
      {"{attribute: team, is: [day, night]}", "any2 team=day team=night"},
      {"{not: {team: night}}", "not team=night"},
      {"{all: [{uk: 60}, {team: day}]}", "all2 uk60 team=day"},
      {"{any: [{uk: 60}]}", "uk60"},
      {"{any: [{uk: 60, team: day}, {not: {all: [{en: 1}, {site: kyiv}]}}]}",
       "any2 all2 uk60 team=day not all2 en1 site=kyiv"},
  };
  for (const Good& good : kGood) {
    const Policy made = Made(WithQueue("who: " + std::string(good.yaml)));
    EXPECT_EQ(Text(made.queues[2].requirement.who), good.text) << good.yaml;
    EXPECT_TRUE(IsWellFormed(made.queues[2].requirement.who)) << good.yaml;
  }
}

TEST(Expressions, NameAnyAttributeWhereNoneAreDeclared) {
  const std::string_view kOpen =
      "version: 1\nchannels: {chat: {}}\notherwise: {queue: q}\nqueues:\n  - {name: q, who: ";
  const Policy made = Made(std::string(kOpen) + "{attribute: shift, is: late}}\n");
  EXPECT_EQ(Text(made.queues[0].requirement.who), "shift=late");
  EXPECT_THAT(Told(std::string(kOpen) + "{shift: late}}\n"),
              ElementsAre("5:21: no skill 'shift' is declared, and no attributes are; an attribute "
                          "is written {attribute: shift, is: ...}"));
}

TEST(Relax, KeepsWhatAStepLeavesOut) {
  EXPECT_THAT(Steps("needs: {uk: 60, calm: 50}, who: {team: day}, "
                    "relax: [{after: 30s, needs: {uk: 40}}, {after: 1m, who: anyone}, "
                    "{after: 5m, needs: {}}]"),
              ElementsAre("30s: uk40 | team=day", "60s: uk40 | ", "300s: | "));
}

TEST(Helpers, AreAddedToThoseBefore) {
  EXPECT_THAT(Steps("needs: {uk: 60}, who: {team: day}, "
                    "helpers: [{after: 60s, who: {team: night}}, {after: 2m, who: {site: kyiv}}]"),
              ElementsAre("60s: uk60 | any2 team=day team=night",
                          "120s: uk60 | any3 team=day team=night site=kyiv"));
}

TEST(Helpers, ShareTheNeedsThatAllHaveAtTheLeastLevel) {
  EXPECT_THAT(Steps("needs: {uk: 60, calm: 50}, helpers: [{after: 60s, needs: {uk: 40, en: 50}}]"),
              ElementsAre("60s: uk40 | any2 all2 calm50 uk60 en50"));
  EXPECT_THAT(Steps("needs: {uk: 60, calm: 50}, helpers: [{after: 60s, needs: {uk: 40}}]"),
              ElementsAre("60s: uk40 | "));
}

bool Fits(const Requirement& requirement, const Profile& profile) {
  for (const Need& need : requirement.needs) {
    const auto level = LevelOf(profile, need.skill);
    if (!level || *level < need.level) return false;
  }
  return Holds(requirement.who, profile);
}

TEST(AnyOf, FitsWhoFitsOneOfTheGroups) {
  const std::uint32_t seed = 7;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  const SkillName skills[] = {SkillName::Of("a"), SkillName::Of("b"), SkillName::Of("c")};
  const Expression night = {
      {ClauseOp::kAttribute, 0, {}, {AttributeName::Of("team"), ValueName::Of("night")}}};
  int fitting = 0;
  for (int round = 0; round < 2'000; ++round) {
    std::vector<Requirement> groups(1 + random() % 4);
    for (Requirement& group : groups) {
      for (const SkillName& skill : skills) {
        if (random() % 2 == 0) {
          group.needs.push_back({skill, static_cast<std::uint8_t>(random() % 4)});
        }
      }
      if (random() % 2 == 0) group.who = night;
    }
    const Requirement any = AnyOf(groups);
    ASSERT_TRUE(IsWellFormed(any.who));
    Profile profile;
    for (const SkillName& skill : skills) {
      if (random() % 3 != 0) {
        profile.skills.push_back({skill, static_cast<std::uint8_t>(random() % 4)});
      }
    }
    if (random() % 2 == 0) profile.attributes.push_back(night[0].attribute);
    const bool fits = std::any_of(groups.begin(), groups.end(),
                                  [&](const Requirement& g) { return Fits(g, profile); });
    ASSERT_EQ(Fits(any, profile), fits) << round;
    fitting += fits ? 1 : 0;
  }
  EXPECT_GT(fitting, 400);
  EXPECT_LT(fitting, 1'600);
}

TEST(Prefer, IsOneGroupOrSeveral) {
  const Queue one = Made(WithQueue("prefer: {team: day}")).queues[2];
  ASSERT_EQ(one.prefer.size(), 1u);
  EXPECT_EQ(Text(one.prefer[0]), "team=day");
  const Queue two = Made(WithQueue("prefer: [{uk: 90}, {not: {en: 0}}]")).queues[2];
  ASSERT_EQ(two.prefer.size(), 2u);
  EXPECT_EQ(Text(two.prefer[1]), "not en0");
}

TEST(Expressions, AreRefusedAtTheirPlace) {
  for (const Mistake& mistake : std::initializer_list<Mistake>{
           {"who: [{uk: 60}]", 20, "who is a list; it must be a map such as {uk: 60}"},
           {"who: everyone", 20, "who is 'everyone'; it must be a map"},
           {"who: {}", 20, "who is a map; it must be a map such as {uk: 60}"},
           {"who: {uk: high}", 25, "the level of a skill is 'high'; it must be a whole number"},
           {"who: {uk: 101}", 25, "a whole number from 0 to 100"},
           {"who: {ukr: 60}", 21, "no skill 'ukr'; is 'uk' meant?"},
           {"who: {tem: night}", 21, "no attribute 'tem'; is 'team' meant?"},
           {"who: {team: nigth}", 27, "no value of team 'nigth'; is 'night' meant?"},
           {"who: {team: 60}", 27, "no value of team '60'; declared: day, night"},
           {"who: {attribute: team}", 20, "needs the key 'is'"},
           {"who: {attribute: tam, is: night}", 32, "no attribute 'tam'; is 'team' meant?"},
           {"who: {attribute: team, is: late}", 42, "no value of team 'late'"},
           {"who: {skill: ukr, level: 5}", 28, "no skill 'ukr'"},
           {"who: {skill: uk, levl: 5}", 32, "no key 'levl' in an expression with 'skill'; is"},
           {"who: {all: [{uk: 1}], en: 5}", 37, "no key 'en' in an expression with 'all'"},
           {"who: {any: []}", 26, "any is an empty list"},
           {"who: {any: {uk: 60}}", 26, "any is a map; it must be a list"},
           {"who: {not: [{uk: 60}]}", 26, "who is a list; it must be a map"},
           {"who: {not: anyone}", 26, "who is 'anyone'; it must be a map"},
           {"prefer: anyone", 23, "prefer is 'anyone'; it must be a list"},
           {"prefer: [anyone]", 24, "to prefer anyone is to prefer nobody"},
           {"prefer: [{uk: 1}, {uk: 1}]", 33, "this group is in the list twice"},
           {"prefer: []", 23, "prefer is an empty list"},
       }) {
    ExpectMistake(mistake);
  }
}

TEST(Steps, AreRefusedAtTheirPlace) {
  for (const Mistake& mistake : std::initializer_list<Mistake>{
           {"needs: {uk: 5}, relax: [{needs: {uk: 4}}]", 39, "needs the key 'after'"},
           {"needs: {uk: 5}, relax: [{after: 0s, needs: {uk: 4}}]", 47, "from 1ms to 744h"},
           {"needs: {uk: 5}, relax: [{after: 1s}]", 39, "needs the key 'needs' or 'who'"},
           {"needs: {uk: 5}, relax: [{after: 1s, needs: {uk: 5}}]", 39,
            "this step lets nobody take it who could not before"},
           {"needs: {uk: 5}, relax: [{after: 1s, needs: {uk: 5, en: 1}}]", 39, "lets nobody take"},
           {"needs: {uk: 5}, relax: [{after: 1s, who: {team: day}}]", 39, "lets nobody take it"},
           {"needs: {uk: 5}, relax: [{after: 1s, needs: {uk: 4}}, {after: 1s, needs: {uk: 4}}]", 68,
            "lets nobody take it who could not before"},
           {"relax: [{after: 1s, needs: {uk: 4}}]", 23, "anyone may take it before this step"},
           {"needs: {uk: 5}, relax: []", 38, "relax is an empty list"},
           {"needs: {uk: 5}, relax: [{after: 1s, need: {uk: 4}}]", 51, "is 'needs' meant?"},
           {"needs: {ukk: 5}, relax: [{after: 1s, needs: {uk: 5}}]", 23, "no skill 'ukk'"},
           {"needs: {uk: 5}, helpers: [{after: 1s, needs: {uk: 6}}]", 41, "lets nobody take it"},
           {"needs: {uk: 5}, helpers: [{after: 1s, who: {team: day}}]", 41, "lets nobody take it"},
           {"who: {team: day}, helpers: [{after: 1s, who: {team: day}}]", 43,
            "lets nobody take it"},
           {"needs: {uk: 5}, relax: [{after: 1s, needs: {uk: 4}}], "
            "helpers: [{after: 1s, needs: {uk: 3}}]",
            78, "a queue has either relax or helpers"},
       }) {
    ExpectMistake(mistake);
  }
}

TEST(Steps, TellAllThatIsMisread) {
  EXPECT_THAT(Told(WithQueue("needs: {uk: 5}, relax: [{after: 1, needs: {uk: 4}}, "
                             "{after: 1s, who: {tem: day}}]")),
              ElementsAre(HasSubstr("8:47: after is '1'; it must be a duration"),
                          HasSubstr("8:85: no attribute 'tem'")));
}

TEST(Expressions, AreBounded) {
  std::string list;
  for (int i = 0; i < 64; ++i) list += "{uk: " + std::to_string(i) + "}, ";
  EXPECT_THAT(Told(WithQueue("who: {any: [" + list + "]}")),
              ElementsAre("8:20: who has 65 clauses; at most 64 are taken"));
  EXPECT_THAT(Told(WithQueue("prefer: [" + list.substr(0, list.find("{uk: 17}")) + "]")),
              ElementsAre("8:23: 17 groups to prefer; at most 16 are taken"));
  std::string steps;
  for (int i = 0; i < 17; ++i) {
    steps += "{after: 1s, needs: {uk: " + std::to_string(99 - i) + "}}, ";
  }
  EXPECT_THAT(Told(WithQueue("needs: {uk: 100}, relax: [" + steps + "]")),
              ElementsAre("8:40: 17 steps; at most 16 are taken"));
}

}  // namespace
}  // namespace usher::policy
