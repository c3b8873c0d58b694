#include "policy/steps.h"

#include <algorithm>
#include <utility>

#include "model/limits.h"
#include "policy/expressions.h"

namespace usher::policy {
namespace {

bool Anyone(const Requirement& requirement) {
  return requirement.needs.empty() && requirement.who.empty();
}

const Need* Find(const std::vector<Need>& needs, const SkillName& skill) {
  const auto found = std::find_if(needs.begin(), needs.end(),
                                  [&](const Need& need) { return need.skill == skill; });
  return found == needs.end() ? nullptr : &*found;
}

// Does everybody who fits `next` fit `before`? Only what is plain to see is said to be so.
bool AsStrict(const Requirement& next, const Requirement& before) {
  if (!before.who.empty() && before.who != next.who) return false;
  return std::all_of(before.needs.begin(), before.needs.end(), [&](const Need& need) {
    const Need* asked = Find(next.needs, need.skill);
    return asked != nullptr && asked->level >= need.level;
  });
}

// What the group asks beyond `common`.
Expression Beyond(const Requirement& group, const std::vector<Need>& common) {
  std::vector<Expression> parts;
  for (const Need& need : group.needs) {
    const Need* shared = Find(common, need.skill);
    if (shared == nullptr || shared->level < need.level) parts.push_back(Holding(need));
  }
  parts.push_back(group.who);
  return AllOf(parts);
}

struct Asked {
  Duration after{0};
  Requirement requirement;
  bool whole = false;  // nothing was misread
};

// One item of `relax` or `helpers`; what it leaves out is as in `before`.
Asked ReadItem(const Yaml& value, std::string_view what, const Requirement& before,
               const Declared& declared, Problems& problems) {
  const std::size_t problems_before = problems.count();
  Asked asked;
  asked.requirement = before;
  Fields fields(value, what, {"after", "needs", "who"}, problems);
  if (const Yaml* after = fields.Need("after")) {
    asked.after = ReadDuration(*after, "after", 1ms, problems).value_or(1ms);
  }
  const Yaml* needs = fields.Find("needs");
  if (needs != nullptr) asked.requirement.needs = ReadNeeds(*needs, declared, problems);
  const Yaml* who = fields.Find("who");
  if (who != nullptr) {
    asked.requirement.who = ReadExpression(*who, "who", declared, problems).value_or(before.who);
  }
  if (problems.count() == problems_before && needs == nullptr && who == nullptr) {
    problems.Add(value.at, std::string(what) + " needs the key 'needs' or 'who'");
  }
  asked.whole = problems.count() == problems_before;
  return asked;
}

std::vector<const Yaml*> StepList(const Yaml& value, std::string_view what, Problems& problems) {
  std::vector<const Yaml*> items = ReadList(value, what, false, problems);
  if (items.size() > Limits().steps_max) {
    problems.Add(value.at, std::to_string(items.size()) + " steps; at most " +
                               std::to_string(Limits().steps_max) + " are taken");
    items.resize(Limits().steps_max);
  }
  return items;
}

// Adds the step, or tells that nobody could take in it who could not before.
void AddStep(const Yaml& item, Duration after, const Requirement& before, Requirement next,
             std::vector<RelaxStep>& steps, Problems& problems) {
  if (Anyone(before)) {
    problems.Add(item.at, "anyone may take it before this step; take the step out");
  } else if (AsStrict(next, before)) {
    problems.Add(item.at,
                 "this step lets nobody take it who could not before; ask for less than before, or "
                 "take the step out");
  } else if (next.who.size() > Limits().clauses_max) {
    problems.Add(item.at, "who may take it by now has " + std::to_string(next.who.size()) +
                              " clauses; at most " + std::to_string(Limits().clauses_max) +
                              " are taken");
  }
  steps.push_back({after, std::move(next)});
}

}  // namespace

Requirement AnyOf(const std::vector<Requirement>& groups) {
  Requirement joined;
  for (const Need& need : groups.front().needs) {
    Need common = need;
    const bool all = std::all_of(groups.begin(), groups.end(), [&](const Requirement& group) {
      const Need* asked = Find(group.needs, need.skill);
      if (asked != nullptr) common.level = std::min(common.level, asked->level);
      return asked != nullptr;
    });
    if (all) joined.needs.push_back(common);
  }
  std::vector<Expression> parts;
  for (const Requirement& group : groups) {
    Expression part = Beyond(group, joined.needs);
    if (std::find(parts.begin(), parts.end(), part) == parts.end())
      parts.push_back(std::move(part));
  }
  joined.who = AnyOf(parts);
  return joined;
}

std::vector<RelaxStep> ReadRelax(const Yaml& value, const Requirement& first, bool whole,
                                 const Declared& declared, Problems& problems) {
  std::vector<RelaxStep> steps;
  Requirement before = first;
  for (const Yaml* item : StepList(value, "relax", problems)) {
    Asked asked = ReadItem(*item, "a step of relax", before, declared, problems);
    whole = whole && asked.whole;  // nothing can be said of what builds on a misread step
    if (whole) AddStep(*item, asked.after, before, asked.requirement, steps, problems);
    before = std::move(asked.requirement);
  }
  return steps;
}

std::vector<RelaxStep> ReadHelpers(const Yaml& value, const Requirement& own, bool whole,
                                   const Declared& declared, Problems& problems) {
  std::vector<RelaxStep> steps;
  std::vector<Requirement> groups = {own};
  for (const Yaml* item : StepList(value, "helpers", problems)) {
    Asked asked = ReadItem(*item, "a group of helpers", own, declared, problems);
    if (!whole || !asked.whole) continue;
    const Requirement before = AnyOf(groups);
    groups.push_back(std::move(asked.requirement));
    AddStep(*item, asked.after, before, AnyOf(groups), steps, problems);
  }
  return steps;
}

}  // namespace usher::policy
