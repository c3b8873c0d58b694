#include "engine/coverage.h"

#include <algorithm>
#include <bit>

namespace usher::engine {
namespace {

using Numbers = std::vector<std::pair<std::uint32_t, std::uint8_t>>;

void Collect(const std::vector<Need>& needs, std::vector<SkillName>& names) {
  for (const Need& need : needs) names.push_back(need.skill);
}

}  // namespace

std::uint32_t Coverage::AddNeeds(const std::vector<Need>& needs) {
  const auto [place, is_new] = need_set_of_.try_emplace(needs, kNone);
  if (!is_new) {
    ++need_sets_[place->second].references;
    return place->second;
  }
  const std::uint32_t slot = need_sets_.Add();
  place->second = slot;
  NeedSet& set = need_sets_[slot];
  set.needs = &place->first;
  set.by_skill = Numbered(needs);
  set.references = 1;
  for (std::uint32_t group = 0; group < groups_.size(); ++group) {
    if (groups_[group].agents == 0 || !May(groups_[group], set)) continue;
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
  need_set_of_.erase(need_set_of_.find(*set.needs));
  need_sets_.Remove(slot);
}

std::uint32_t Coverage::AddToGroup(const std::vector<Need>& skills) {
  const auto [place, is_new] = group_of_.try_emplace(skills, kNone);
  if (!is_new) {
    ++groups_[place->second].agents;
    return place->second;
  }
  const std::uint32_t slot = TakeNumber(skills.size());
  place->second = slot;
  Group& group = groups_[slot];
  group.skills = &place->first;
  group.by_skill = Numbered(skills);
  group.agents = 1;
  for (std::uint32_t set = 0; set < need_sets_.end(); ++set) {
    if (!need_sets_.used(set) || !May(group, need_sets_[set])) continue;
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
  GiveNumber(slot, group.skills->size());
  group_of_.erase(group_of_.find(*group.skills));
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
bool Coverage::May(const Group& group, const NeedSet& set) {
  auto held = group.by_skill.begin();
  for (const auto& [skill, level] : set.by_skill) {
    held =
        std::lower_bound(held, group.by_skill.end(), skill,
                         [](const auto& has, std::uint32_t wanted) { return has.first < wanted; });
    if (held == group.by_skill.end() || held->first != skill || held->second < level) return false;
  }
  return true;
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
  std::size_t most = names_.size() + skills.size();
  for (const Queue& queue : policy.queues) most += queue.needs.size();
  if (most <= names_max_) return true;
  std::vector<SkillName> names;
  for (const Queue& queue : policy.queues) Collect(queue.needs, names);
  Collect(skills, names);
  for (std::uint32_t group = 0; group < groups_.size(); ++group) {
    const std::uint32_t stay = groups_[group].agents - (group == left ? 1 : 0);
    if (groups_[group].agents > 0 && stay > 0) Collect(*groups_[group].skills, names);
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names.size() <= names_max_;
}

}  // namespace usher::engine
