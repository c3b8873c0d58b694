// FreeAgents: the agents with room, so that the one for an inquiry is found without a scan.
//
// For each kind of inquiry and each group there is a list of the agents with room for one more,
// longest idle first. Idle numbers only grow, so an agent whose work changed goes to the tail. The
// groups of one kind are one SubsetMin, to be met with the groups that may serve the needs, block
// by block: fewest skills first.
//
// Changes are noted and carried out when somebody looks: an agent who goes from one inquiry
// straight to the next never touches a list.
//
// Threads: one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/coverage.h"
#include "engine/kinds.h"
#include "engine/records.h"
#include "engine/slab.h"
#include "engine/subset_min.h"

namespace usher::engine {

class FreeAgents {
 public:
  // Borrows both.
  FreeAgents(Slab<Agent>& agents, const Coverage& coverage)
      : agents_(agents), coverage_(coverage) {}

  // The agent's load, presence, capacity or idle number may have changed.
  void Touch(std::uint32_t agent) {
    if (agents_[agent].stale) return;
    agents_[agent].stale = true;
    stale_.push_back(agent);
  }

  // Takes the agent off all lists. Needed before it leaves its group.
  void Forget(std::uint32_t agent);

  // The kinds changed: every list is made anew.
  void Renew(const Kinds& kinds);

  // The first by (skills held, idle) of those in the lists of `kind` whose group is in `serving`;
  // with `longest_idle` by idle alone. kNone if there is none.
  std::uint32_t First(std::uint8_t kind, const Bits& serving, bool longest_idle,
                      const Kinds& kinds);

  // Calls `visit(agent)` for all with room for `kind` whose group is in `serving`; for the stray
  // kind, which has no lists, for all who may have room. Cost: then O(agents).
  template <class Visit>
  void ForEach(std::uint8_t kind, const Bits& serving, const Kinds& kinds, Visit&& visit) {
    if (kind == kStrayKind) {
      for (std::uint32_t agent = 0; agent < agents_.end(); ++agent) {
        const bool may = agents_.used(agent) && CanBeAsked(agent, kinds) != 0;
        if (may && serving.Has(agents_[agent].group)) visit(agent);
      }
      return;
    }
    Refresh(kinds);
    Groups& groups = groups_[kind];
    for (std::size_t index = 0; index < groups.blocks(); ++index) {
      ForEachBit(groups.filled(index) & serving.word(index), [&](std::uint32_t bit) {
        const auto group = static_cast<std::uint32_t>(index * 64 + bit);
        for (std::uint32_t agent = groups[group].head; agent != kNone;
             agent = LinkOf(agent, kind).next) {
          visit(agent);
        }
      });
    }
  }

 private:
  struct List {
    std::uint32_t head = kNone;
    std::uint32_t tail = kNone;
  };
  struct Link {
    std::uint32_t previous = kNone;
    std::uint32_t next = kNone;
  };
  using Groups = SubsetMin<std::uint64_t, List>;  // by group: the lowest idle number, the list

  // The kinds of which it may be asked for one more; 0 while it looks.
  std::uint64_t CanBeAsked(std::uint32_t agent, const Kinds& kinds) const {
    const Agent& asked = agents_[agent];
    if (!asked.registered || asked.looks || !coverage_.serves(asked.group)) return 0;
    return kinds.Fitting(asked);
  }
  void Refresh(const Kinds& kinds);
  void Relist(std::uint32_t agent, std::uint64_t kinds);
  void Enlist(std::uint32_t agent, std::uint32_t kind);
  void Delist(std::uint32_t agent, std::uint32_t kind);
  Link& LinkOf(std::uint32_t agent, std::uint32_t kind) {
    return links_[std::size_t{agent} * groups_.size() + kind];
  }

  Slab<Agent>& agents_;
  const Coverage& coverage_;
  std::vector<Groups> groups_ = std::vector<Groups>(1);  // by kind
  std::vector<Link> links_;                              // by agent, then kind
  std::vector<std::uint32_t> stale_;
};

}  // namespace usher::engine
