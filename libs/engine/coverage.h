// Coverage: which group of agents may serve which set of needs.
//
// Agents with the same profile are a group; inquiries that ask the same (needs, and an expression)
// share a need set, unless a tag keeps them apart. Either is kept while something refers to it, and
// the relation between all of both is kept as bits on both sides, so that a choice never compares
// skills.
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

  // The need set of exactly `asked` (needs sorted by skill), with one more reference to it.
  std::uint32_t AddNeeds(const Requirement& asked, std::uint32_t tag = 0);
  // The set that asks the same with that tag; the set itself if there is none.
  std::uint32_t Tagged(std::uint32_t set, std::uint32_t tag) const {
    const auto found = need_set_of_.find(SetKey(asked(set), tag));
    return found == need_set_of_.end() ? set : found->second;
  }
  void HoldNeeds(std::uint32_t set) { ++need_sets_[set].references; }
  void DropNeeds(std::uint32_t set);

  // The group of exactly `profile`, with one more agent in it.
  std::uint32_t AddToGroup(const Profile& profile);
  void LeaveGroup(std::uint32_t group);

  const Requirement& asked(std::uint32_t set) const { return need_sets_[set].key->first; }
  const Profile& profile(std::uint32_t group) const { return *groups_[group].profile; }

  // The sum of the group's levels over the needs of the set, by their number; 0 without needs.
  std::int64_t LevelOf(std::uint32_t group, std::uint32_t set) const;

  // An agent of the group logged in or out. True if that changes who is staffed.
  bool LogIn(std::uint32_t group) {
    if (groups_[group].logged_in++ > 0) return false;
    logged_in_.Put(group);
    return true;
  }
  bool LogOut(std::uint32_t group) {
    if (--groups_[group].logged_in > 0) return false;
    logged_in_.Remove(group);
    return true;
  }
  bool IsStaffed(std::uint32_t set) const;                // does anybody logged in serve it?
  std::uint32_t end() const { return need_sets_.end(); }  // above every set in use

  // Groups that may serve a need set; need sets that a group may serve.
  const Bits& serving(std::uint32_t set) const { return need_sets_[set].serving; }
  const Bits& served(std::uint32_t group) const { return groups_[group].served; }

  // The group's sets will be asked for soon.
  void Prefetch(std::uint32_t group) const { __builtin_prefetch(groups_[group].served.words_at()); }

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
  using SetKey = std::pair<Requirement, std::uint32_t>;  // with its tag
  struct NeedSet {
    const SetKey* key = nullptr;  // in need_set_of_
    std::vector<std::pair<std::uint32_t, std::uint8_t>> by_skill;
    std::uint64_t references = 0;
    Bits serving;
  };
  struct Group {
    const Profile* profile = nullptr;  // the key in group_of_
    std::vector<std::pair<std::uint32_t, std::uint8_t>> by_skill;
    std::uint32_t agents = 0;
    std::uint32_t logged_in = 0;
    std::uint32_t sets = 0;  // in `served`
    Bits served;
  };

  // Numbers of skills, sorted, each with its level and one more reference to it.
  std::vector<std::pair<std::uint32_t, std::uint8_t>> Numbered(const std::vector<Need>& needs);
  static bool Serves(const Group& group, const NeedSet& set);
  std::uint32_t TakeNumber(std::size_t skills);
  void GiveNumber(std::uint32_t group, std::size_t skills);

  std::uint32_t names_max_;
  Names<SkillName> names_;
  Bits logged_in_;  // groups with somebody logged in
  Slab<NeedSet> need_sets_;
  std::map<SetKey, std::uint32_t> need_set_of_;
  std::vector<Group> groups_;
  std::map<Profile, std::uint32_t> group_of_;
  std::vector<Block> blocks_;                // in use, sorted
  std::vector<std::uint64_t> taken_;         // by block: numbers in use
  std::vector<std::uint32_t> spare_blocks_;  // with no number in use
};

}  // namespace usher::engine
