// Coverage: which group of agents may serve which set of needs.
//
// Agents with the same skills and levels are a group; queues and inquiries with the same needs
// share a need set. Either is kept while something refers to it, and the relation between all of
// both is kept as bits on both sides, so that a choice never compares skills.
//
// A group's number tells its number of skills: blocks of 64 numbers are given to one number of
// skills at a time, and `blocks()` lists them, fewest skills first.
//
// Threads: one.
// Cost:    AddNeeds O(groups) and AddGroup O(need sets) when new, else the search for the same one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "engine/bits.h"
#include "engine/names.h"
#include "engine/slab.h"
#include "model/limits.h"
#include "model/names.h"
#include "model/policy.h"

namespace usher::engine {

class Coverage {
 public:
  explicit Coverage(const Limits& limits) : names_max_(limits.names_max) {}

  // The need set of exactly `needs` (sorted by skill), with one more reference to it.
  std::uint32_t AddNeeds(const std::vector<Need>& needs);
  void HoldNeeds(std::uint32_t set) { ++need_sets_[set].references; }
  void DropNeeds(std::uint32_t set);

  // The group of exactly `skills` (sorted by skill), with one more agent in it.
  std::uint32_t AddToGroup(const std::vector<Need>& skills);
  void LeaveGroup(std::uint32_t group);

  const std::vector<Need>& needs(std::uint32_t set) const { return *need_sets_[set].needs; }
  const std::vector<Need>& skills(std::uint32_t group) const { return *groups_[group].skills; }

  // Groups that may serve a need set; need sets that a group may serve.
  const Bits& serving(std::uint32_t set) const { return need_sets_[set].serving; }
  const Bits& served(std::uint32_t group) const { return groups_[group].served; }

  // Does the group serve any need set at all?
  bool serves(std::uint32_t group) const { return groups_[group].sets > 0; }

  struct Block {
    std::size_t skills = 0;
    std::uint32_t index = 0;  // of the groups 64 * index to 64 * index + 63
    friend bool operator<(const Block& a, const Block& b) {
      return a.skills != b.skills ? a.skills < b.skills : a.index < b.index;
    }
  };
  const std::vector<Block>& blocks() const { return blocks_; }

  // Would the distinct skill names of all agents and of `policy` stay within Limits::names_max if
  // an agent had `skills` and left `left` (kNone: none)?
  bool NamesFit(const Policy& policy, const std::vector<Need>& skills, std::uint32_t left) const;

 private:
  struct NeedSet {
    const std::vector<Need>* needs = nullptr;  // the key in need_set_of_
    std::vector<std::pair<std::uint32_t, std::uint8_t>> by_skill;
    std::uint64_t references = 0;
    Bits serving;
  };
  struct Group {
    const std::vector<Need>* skills = nullptr;  // the key in group_of_
    std::vector<std::pair<std::uint32_t, std::uint8_t>> by_skill;
    std::uint32_t agents = 0;
    std::uint32_t sets = 0;  // in `served`
    Bits served;
  };

  // Numbers of skills, sorted, each with its level and one more reference to it.
  std::vector<std::pair<std::uint32_t, std::uint8_t>> Numbered(const std::vector<Need>& needs);
  static bool May(const Group& group, const NeedSet& set);
  std::uint32_t TakeNumber(std::size_t skills);
  void GiveNumber(std::uint32_t group, std::size_t skills);

  std::uint32_t names_max_;
  Names<SkillName> names_;
  Slab<NeedSet> need_sets_;
  std::map<std::vector<Need>, std::uint32_t> need_set_of_;
  std::vector<Group> groups_;
  std::map<std::vector<Need>, std::uint32_t> group_of_;
  std::vector<Block> blocks_;                // in use, sorted
  std::vector<std::uint64_t> taken_;         // by block: numbers in use
  std::vector<std::uint32_t> spare_blocks_;  // with no number in use
};

}  // namespace usher::engine
