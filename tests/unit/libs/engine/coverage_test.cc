#include "engine/coverage.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <string>

#include "core/hash.h"

namespace usher::engine {
namespace {

Need Of(std::uint64_t skill, std::uint64_t level) {
  return {SkillName::Of("s" + std::to_string(skill)), static_cast<std::uint8_t>(level)};
}

bool May(const std::vector<Need>& skills, const std::vector<Need>& needs) {
  return std::all_of(needs.begin(), needs.end(), [&](const Need& need) {
    return std::any_of(skills.begin(), skills.end(), [&](const Need& held) {
      return held.skill == need.skill && held.level >= need.level;
    });
  });
}

TEST(Coverage, AgreesWithComparingSkillsWhileBothSidesComeAndGo) {
  Coverage coverage((Limits()));
  std::multimap<std::uint32_t, std::vector<Need>> groups;
  std::multimap<std::uint32_t, std::vector<Need>> sets;
  std::uint64_t seed = 9;
  const auto below = [&seed](std::uint64_t bound) { return (seed = Mix64(seed + 1)) % bound; };
  const auto draw = [&](std::uint64_t most) {
    std::vector<Need> needs;
    for (std::uint64_t skill = 0; skill < 8; ++skill) {
      if (needs.size() < most && below(3) == 0) needs.push_back(Of(skill, below(4) * 25));
    }
    return needs;
  };
  for (int step = 0; step < 3'000; ++step) {
    auto& side = below(2) == 0 ? groups : sets;
    const bool is_group = &side == &groups;
    if (side.size() > 150 || (!side.empty() && below(3) == 0)) {
      const auto gone = std::next(side.begin(), static_cast<std::ptrdiff_t>(below(side.size())));
      is_group ? coverage.LeaveGroup(gone->first) : coverage.DropNeeds(gone->first);
      side.erase(gone);
    } else {
      const std::vector<Need> needs = draw(is_group ? 6 : 3);
      side.emplace(is_group ? coverage.AddToGroup({needs, {}}) : coverage.AddNeeds({needs, {}}),
                   needs);
    }
    if (step % 50 != 0) continue;
    for (const auto& [group, skills] : groups) {
      ASSERT_EQ(coverage.profile(group).skills, skills);
      bool serves = false;
      for (const auto& [set, needs] : sets) {
        ASSERT_EQ(coverage.asked(set).needs, needs);
        ASSERT_EQ(coverage.served(group).Has(set), May(skills, needs));
        ASSERT_EQ(coverage.serving(set).Has(group), May(skills, needs));
        serves = serves || May(skills, needs);
      }
      ASSERT_EQ(coverage.serves(group), serves);
    }
  }
}

TEST(Coverage, ListsBlocksOfGroupsFewestSkillsFirst) {
  Coverage coverage((Limits()));
  std::vector<std::uint32_t> groups;
  for (std::uint64_t level = 0; level <= 70; ++level) {
    groups.push_back(coverage.AddToGroup({{Of(1, level), Of(2, level)}, {}}));
    groups.push_back(coverage.AddToGroup({{Of(1, level)}, {}}));
  }
  coverage.AddToGroup(Profile());
  std::vector<std::size_t> skills;
  for (const Coverage::Block& block : coverage.blocks()) skills.push_back(block.skills);
  EXPECT_EQ(skills, (std::vector<std::size_t>{0, 1, 1, 2, 2}));
  for (const std::uint32_t group : groups) coverage.LeaveGroup(group);
  EXPECT_EQ(coverage.blocks().size(), 1U);
}

}  // namespace
}  // namespace usher::engine
