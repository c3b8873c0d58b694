#include "engine/coverage.h"

#include <algorithm>
#include <bit>

namespace usher::engine {
namespace {

using Numbers = std::vector<std::pair<std::uint32_t, std::uint8_t>>;

void Collect(const std::vector<Need>& needs, std::vector<SkillName>& names) {
  for (const Need& need : needs) names.push_back(need.skill);
}

void Collect(const Expression& expression, std::vector<SkillName>& names) {
  for (const Clause& clause : expression) {
    if (clause.op == ClauseOp::kSkill) names.push_back(clause.skill.skill);
  }
}

// All that a policy names, some of it more than once.
void CollectSkills(const Policy& policy, std::vector<SkillName>& names) {
  for (const Queue& queue : policy.queues) {
    Collect(queue.requirement.needs, names);
    Collect(queue.requirement.who, names);
    for (const RelaxStep& step : queue.steps) {
      Collect(step.requirement.needs, names);
      Collect(step.requirement.who, names);
    }
    for (const Expression& prefer : queue.prefer) Collect(prefer, names);
    for (const ScoreStep& step : queue.score) {
      if (step.op == ScoreOp::kLevel) names.push_back(step.skill);
    }
  }
  for (const Route& route : policy.routes) Collect(route.needs, names);
  Collect(policy.angry_needs, names);
}

}  // namespace

std::uint32_t Coverage::AddNeeds(const Requirement& asked, std::uint32_t tag) {
  const auto [place, is_new] = need_set_of_.try_emplace(SetKey(asked, tag), kNone);
  if (!is_new) {
    ++need_sets_[place->second].references;
    return place->second;
  }
  const std::uint32_t slot = need_sets_.Add();
  place->second = slot;
  NeedSet& set = need_sets_[slot];
  set.key = &place->first;
  set.by_skill = Numbered(asked.needs);
  set.references = 1;
  for (std::uint32_t group = 0; group < groups_.size(); ++group) {
    if (groups_[group].agents == 0 || !Serves(groups_[group], set)) continue;
    set.serving.Put(group);
    groups_[group].served.Put(slot);
    ++groups_[group].sets;
  }
  return slot;
}

void Coverage::DropNeeds(std::uint32_t slot) {
  NeedSet& set = need_sets_[slot];
  if (--set.references > 0) return;
  for (std::size_t i = 0; i < set.serving.words(); ++i) {
    ForEachBit(set.serving.word(i), [&](std::uint32_t bit) {
      groups_[i * 64 + bit].served.Remove(slot);
      --groups_[i * 64 + bit].sets;
    });
  }
  for (const auto& [skill, level] : set.by_skill) names_.Drop(skill);
  need_set_of_.erase(need_set_of_.find(*set.key));
  need_sets_.Remove(slot);
}

std::uint32_t Coverage::AddToGroup(const Profile& profile) {
  const auto [place, is_new] = group_of_.try_emplace(profile, kNone);
  if (!is_new) {
    ++groups_[place->second].agents;
    return place->second;
  }
  const std::uint32_t slot = TakeNumber(profile.skills.size());
  place->second = slot;
  Group& group = groups_[slot];
  group.profile = &place->first;
  group.by_skill = Numbered(profile.skills);
  group.agents = 1;
  for (std::uint32_t set = 0; set < need_sets_.end(); ++set) {
    if (!need_sets_.used(set) || !Serves(group, need_sets_[set])) continue;
    group.served.Put(set);
    ++group.sets;
    need_sets_[set].serving.Put(slot);
  }
  return slot;
}

void Coverage::LeaveGroup(std::uint32_t slot) {
  Group& group = groups_[slot];
  if (--group.agents > 0) return;
  for (std::size_t i = 0; i < group.served.words(); ++i) {
    ForEachBit(group.served.word(i), [&](std::uint32_t bit) {
      need_sets_[static_cast<std::uint32_t>(i * 64 + bit)].serving.Remove(slot);
    });
  }
  for (const auto& [skill, level] : group.by_skill) names_.Drop(skill);
  GiveNumber(slot, group.profile->skills.size());
  group_of_.erase(group_of_.find(*group.profile));
  groups_[slot] = Group();
}

Numbers Coverage::Numbered(const std::vector<Need>& needs) {
  Numbers numbers;
  numbers.reserve(needs.size());
  for (const Need& need : needs) numbers.emplace_back(names_.Add(need.skill), need.level);
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

// Both are sorted by skill.
bool Coverage::Serves(const Group& group, const NeedSet& set) {
  auto held = group.by_skill.begin();
  for (const auto& [skill, level] : set.by_skill) {
    held =
        std::lower_bound(held, group.by_skill.end(), skill,
                         [](const auto& has, std::uint32_t wanted) { return has.first < wanted; });
    if (held == group.by_skill.end() || held->first != skill || held->second < level) return false;
  }
  return Holds(set.key->first.who, *group.profile);
}

std::int64_t Coverage::LevelOf(std::uint32_t group, std::uint32_t slot) const {
  const NeedSet& set = need_sets_[slot];
  if (set.by_skill.empty()) return 0;
  std::int64_t sum = 0;
  auto held = groups_[group].by_skill.begin();
  for (const auto& need : set.by_skill) {
    while (held != groups_[group].by_skill.end() && held->first < need.first) ++held;
    if (held == groups_[group].by_skill.end()) break;
    if (held->first == need.first) sum += held->second;
  }
  return sum / static_cast<std::int64_t>(set.by_skill.size());
}

bool Coverage::IsStaffed(std::uint32_t set) const {
  const Bits& groups = need_sets_[set].serving;
  for (std::size_t i = 0; i < groups.words(); ++i) {
    if ((groups.word(i) & logged_in_.word(i)) != 0) return true;
  }
  return false;
}

std::uint32_t Coverage::TakeNumber(std::size_t skills) {
  auto block = std::lower_bound(blocks_.begin(), blocks_.end(), Block{skills, 0});
  while (block != blocks_.end() && block->skills == skills && ~taken_[block->index] == 0) ++block;
  if (block == blocks_.end() || block->skills != skills) {
    if (spare_blocks_.empty()) {
      spare_blocks_.push_back(static_cast<std::uint32_t>(taken_.size()));
      taken_.push_back(0);
      groups_.resize(groups_.size() + 64);
    }
    const Block made{skills, spare_blocks_.back()};
    spare_blocks_.pop_back();
    block = blocks_.insert(std::lower_bound(blocks_.begin(), blocks_.end(), made), made);
  }
  std::uint64_t& taken = taken_[block->index];
  const int bit = std::countr_zero(~taken);
  taken |= std::uint64_t{1} << bit;
  return block->index * 64 + static_cast<std::uint32_t>(bit);
}

void Coverage::GiveNumber(std::uint32_t group, std::size_t skills) {
  std::uint64_t& taken = taken_[group / 64];
  taken &= ~(std::uint64_t{1} << (group % 64));
  if (taken != 0) return;
  blocks_.erase(std::lower_bound(blocks_.begin(), blocks_.end(), Block{skills, group / 64}));
  spare_blocks_.push_back(group / 64);
}

bool Coverage::NamesFit(const Policy& policy, const std::vector<Need>& skills,
                        std::uint32_t left) const {
  std::vector<SkillName> names;
  CollectSkills(policy, names);
  if (names_.size() + names.size() + skills.size() <= names_max_) return true;
  Collect(skills, names);
  for (std::uint32_t group = 0; group < groups_.size(); ++group) {
    const std::uint32_t stay = groups_[group].agents - (group == left ? 1 : 0);
    if (groups_[group].agents > 0 && stay > 0) Collect(groups_[group].profile->skills, names);
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names.size() <= names_max_;
}

}  // namespace usher::engine
