#include "engine/free_agents.h"

#include <algorithm>

namespace usher::engine {

void FreeAgents::Forget(std::uint32_t agent) {
  Relist(agent, 0);
  if (!agents_[agent].stale) return;
  agents_[agent].stale = false;
  std::erase(stale_, agent);
}

void FreeAgents::Renew(const Kinds& kinds) {
  groups_ = std::vector<Groups>(kinds.count());
  links_.clear();
  stale_.clear();
  for (std::uint32_t agent = 0; agent < agents_.end(); ++agent) {
    if (!agents_.used(agent)) continue;
    agents_[agent].listed = 0;
    agents_[agent].stale = agents_[agent].registered;
    if (agents_[agent].registered) stale_.push_back(agent);
  }
}

std::uint32_t FreeAgents::First(std::uint8_t kind, const Bits& serving, bool longest_idle,
                                const Kinds& kinds) {
  Refresh(kinds);
  Groups& groups = groups_[kind];
  if (groups.size() == 0) return kNone;
  std::uint64_t best = ~std::uint64_t{0};
  std::uint32_t found = kNone;
  std::size_t fewest = 0;
  for (const Coverage::Block& block : coverage_.blocks()) {
    if (!longest_idle && found != kNone && block.skills > fewest) break;
    if (groups.filled(block.index) == 0) continue;
    groups.SearchBlock(block.index, serving.word(block.index), best,
                       [&](std::uint64_t idle, const List& list) {
                         best = idle;
                         found = list.head;
                       });
    if (found != kNone) fewest = block.skills;
  }
  return found;
}

// Lowest idle number first, so that each finds its place at the tail.
void FreeAgents::Refresh(const Kinds& kinds) {
  if (stale_.empty()) return;
  if (stale_.size() > 1) {
    std::sort(stale_.begin(), stale_.end(), [this](std::uint32_t a, std::uint32_t b) {
      return agents_[a].idle < agents_[b].idle;
    });
  }
  for (const std::uint32_t agent : stale_) {
    agents_[agent].stale = false;
    Relist(agent, CanBeAsked(agent, kinds) & ~(std::uint64_t{1} << kStrayKind));
  }
  stale_.clear();
}

// Puts the agent into the lists of exactly `kinds`.
void FreeAgents::Relist(std::uint32_t slot, std::uint64_t kinds) {
  Agent& agent = agents_[slot];
  const bool stays = agent.listed_group == agent.group && agent.listed_idle == agent.idle;
  ForEachBit(stays ? agent.listed & ~kinds : agent.listed,
             [&](std::uint32_t kind) { Delist(slot, kind); });
  const std::uint64_t missing = stays ? kinds & ~agent.listed : kinds;
  agent.listed_group = agent.group;
  agent.listed_idle = agent.idle;
  ForEachBit(missing, [&](std::uint32_t kind) { Enlist(slot, kind); });
  agent.listed = kinds;
}

void FreeAgents::Enlist(std::uint32_t agent, std::uint32_t kind) {
  const std::size_t links = (std::size_t{agent} + 1) * groups_.size();
  if (links_.size() < links) links_.resize(links);
  const std::uint64_t idle = agents_[agent].listed_idle;
  const std::uint32_t group = agents_[agent].listed_group;
  Groups& groups = groups_[kind];
  if (!groups.Has(group)) {
    groups.Put(group, idle) = {agent, agent};
    LinkOf(agent, kind) = Link();
    return;
  }
  List& list = groups[group];
  std::uint32_t after = list.tail;
  while (after != kNone && agents_[after].listed_idle > idle) after = LinkOf(after, kind).previous;
  const std::uint32_t next = after == kNone ? list.head : LinkOf(after, kind).next;
  LinkOf(agent, kind) = {after, next};
  (next == kNone ? list.tail : LinkOf(next, kind).previous) = agent;
  (after == kNone ? list.head : LinkOf(after, kind).next) = agent;
  if (after == kNone) groups.SetKey(group, idle);
}

void FreeAgents::Delist(std::uint32_t agent, std::uint32_t kind) {
  const Link link = LinkOf(agent, kind);
  const std::uint32_t group = agents_[agent].listed_group;
  Groups& groups = groups_[kind];
  List& list = groups[group];
  (link.previous == kNone ? list.head : LinkOf(link.previous, kind).next) = link.next;
  (link.next == kNone ? list.tail : LinkOf(link.next, kind).previous) = link.previous;
  if (list.head == kNone) {
    groups.Remove(group);
  } else if (link.previous == kNone) {
    groups.SetKey(group, agents_[list.head].listed_idle);
  }
}

}  // namespace usher::engine
