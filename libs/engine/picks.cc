// Who of the able agents is asked: the part "Pick" of README.md.
#include <algorithm>
#include <chrono>

#include "engine/steps.h"

namespace usher::engine {
namespace {

std::int64_t WholeSeconds(Duration length) {
  return std::chrono::duration_cast<std::chrono::seconds>(length).count();
}

}  // namespace

const Steps::Slots& Steps::Picked(Inquiry& inquiry) {
  picked_.clear();
  if (!facts_[inquiry.queue].is_open) return picked_;
  inquiry.kind = rules_.kinds().Of(inquiry.channel, RuleOf(inquiry).interrupts, inquiry.units);

  const Asked& asked = AskedOf(inquiry);
  const std::uint32_t most = RuleOf(inquiry).offer_to;
  for (const Slot set : asked.prefer) {
    PickFrom(inquiry, set, most);
    if (!picked_.empty()) return picked_;
  }
  PickFrom(inquiry, asked.set, most);
  if (picked_.empty() && facts_[inquiry.queue].gates != 0) PickBorrowed(inquiry, most);
  return picked_;
}

// Requires: nobody is picked yet.
void Steps::PickFrom(const Inquiry& inquiry, Slot set, std::uint32_t most) {
  const QueueRule& queue = RuleOf(inquiry);
  const bool simple = queue.pick == Pick::kRarestFirst || queue.pick == Pick::kLongestIdle;
  if (simple && most == 1 && inquiry.kind != kStrayKind && queue.expected_work == Duration(0) &&
      ExtraOf(inquiry).exclusions.empty()) {
    const Slot agent = free_.First(inquiry.kind, coverage_.serving(set),
                                   queue.pick == Pick::kLongestIdle, rules_.kinds());
    if (agent != kNone) picked_.push_back(agent);
    return;
  }
  free_.ForEach(inquiry.kind, coverage_.serving(set), rules_.kinds(), [&](Slot agent) {
    if (MayBeAsked(agent, inquiry)) picked_.push_back(agent);
  });
  SortByPick(picked_, inquiry);
  if (picked_.size() > most) picked_.resize(most);
}

// Nobody who fits is able: those of the lenders.
void Steps::PickBorrowed(const Inquiry& inquiry, std::uint32_t most) {
  const Asked& asked = AskedOf(inquiry);
  const std::uint32_t gates = facts_[inquiry.queue].gates;
  Slots& able = picked_;
  for (std::size_t b = 0; b < asked.lent.size(); ++b) {
    if ((gates >> b & 1) == 0) continue;
    free_.ForEach(inquiry.kind, coverage_.serving(asked.lent[b]), rules_.kinds(), [&](Slot agent) {
      if (!Fits(agent, inquiry) && MayBeAsked(agent, inquiry)) able.push_back(agent);
    });
  }
  std::sort(able.begin(), able.end());
  able.erase(std::unique(able.begin(), able.end()), able.end());
  for (const Expression& group : QueueOf(inquiry).prefer) {
    Slots in_group;
    for (const Slot agent : able) {
      if (Holds(group, coverage_.profile(agents_[agent].group))) in_group.push_back(agent);
    }
    if (in_group.empty()) continue;
    able = in_group;
    break;
  }
  SortByPick(able, inquiry);
  if (able.size() > most) able.resize(most);
}

// Names aside, which the round robin compares.
std::array<std::int64_t, 2> Steps::PickKey(Slot slot, const Inquiry& inquiry) const {
  const Queue& queue = QueueOf(inquiry);
  const Agent& agent = agents_[slot];
  const auto idle = static_cast<std::int64_t>(agent.idle);
  std::int64_t used = agent.used;
  for (const Slot offer : OffersOf(inquiry)) {
    if (offers_[offer].agent == slot) used -= inquiry.units;
  }
  const std::int64_t load = used * 1000 / agent.units;
  switch (queue.pick) {
    case Pick::kRarestFirst:
      return {static_cast<std::int64_t>(coverage_.profile(agent.group).skills.size()), idle};
    case Pick::kLongestIdle:
      return {0, idle};
    case Pick::kLeastLoaded:
      return {load, idle};
    case Pick::kRoundRobin: {
      const Slot turn = facts_[inquiry.queue].turn;
      return {turn != kNone && agent.name <= agents_[turn].name ? 1 : 0, 0};
    }
    case Pick::kBestLevel:
      return {-coverage_.LevelOf(agent.group, AskedOf(inquiry).set), idle};
    case Pick::kScore: {
      const ScoreFacts facts{.load_permille = load,
                             .idle_seconds = WholeSeconds(now_ - agent.idle_since),
                             .priority = inquiry.priority,
                             .waited_seconds = WholeSeconds(now_ - inquiry.placed_at)};
      return {-Evaluate(queue.score, coverage_.profile(agent.group), facts), idle};
    }
  }
  return {0, idle};
}

void Steps::SortByPick(Slots& agents, const Inquiry& inquiry) const {
  struct Keyed {
    std::array<std::int64_t, 2> key;
    Slot agent;
  };
  std::vector<Keyed> keyed;
  keyed.reserve(agents.size());
  for (const Slot agent : agents) keyed.push_back({PickKey(agent, inquiry), agent});
  const bool by_name = QueueOf(inquiry).pick == Pick::kRoundRobin;
  std::sort(keyed.begin(), keyed.end(), [&](const Keyed& a, const Keyed& b) {
    if (a.key != b.key || !by_name) return a.key < b.key;
    return agents_[a.agent].name < agents_[b.agent].name;
  });
  for (std::size_t i = 0; i < keyed.size(); ++i) agents[i] = keyed[i].agent;
}

}  // namespace usher::engine
