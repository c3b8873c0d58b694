// ExplainInquiry: why an inquiry waits, and for whom.
#include <algorithm>
#include <array>
#include <tuple>

#include "engine/desk.h"

namespace usher::engine {

constexpr std::size_t kVerdicts = static_cast<std::size_t>(Verdict::kPaced) + 1;

void Engine::Desk::Do(const ExplainInquiry& command) {
  const Slot slot = FindInquiry(command.inquiry);
  if (slot == kNone) return Reject(RejectReason::kUnknownInquiry);
  const Inquiry& inquiry = inquiries_[slot];
  InquiryExplained explained;
  explained.inquiry = inquiry.id;
  explained.stage = inquiry.stage;
  explained.queue = QueueOf(inquiry).name;
  if (inquiry.route != kNone) explained.route = rules_.policy().routes[inquiry.route].name;
  explained.priority = inquiry.priority;
  explained.step = inquiry.step;
  const ClockRecord* clock = RulingClock(inquiry);
  explained.clock = clock == nullptr ? ClockState::kNone : clock->state;
  explained.due = inquiry.due;
  if (inquiry.stage == Stage::kWaiting) explained.position = Estimated(slot).position;
  if (inquiry.stage == Stage::kWaiting || inquiry.stage == Stage::kOffered) {
    std::vector<Judged> judged;
    std::array<std::uint32_t, kVerdicts> counts{};
    for (const Slot agent : AgentsByName()) {
      judged.push_back({agent, Judge(agent, inquiry), Fits(agent, inquiry)});
      ++counts[static_cast<std::size_t>(judged.back().candidate.verdict)];
    }
    explained.candidates = Candidates(inquiry, judged);
    for (std::size_t verdict = 0; verdict < kVerdicts; ++verdict) {
      if (counts[verdict] == 0) continue;
      explained.verdicts.push_back({static_cast<Verdict>(verdict), counts[verdict]});
    }
    explained.clauses = Clauses(inquiry);
    TellNext(inquiry, judged, explained);
  }
  Emit<InquiryExplained>() = std::move(explained);
}

Engine::Desk::Slots Engine::Desk::AgentsByName() const {
  Slots slots;
  for (Slot agent = 0; agent < agents_.end(); ++agent) {
    if (agents_.used(agent) && agents_[agent].registered) slots.push_back(agent);
  }
  std::sort(slots.begin(), slots.end(),
            [this](Slot a, Slot b) { return agents_[a].name < agents_[b].name; });
  return slots;
}

Candidate Engine::Desk::Judge(Slot slot, const Inquiry& inquiry) const {
  const Agent& agent = agents_[slot];
  Candidate candidate;
  candidate.agent = agent.name;
  const auto verdict = [&](Verdict found) {
    candidate.verdict = found;
    return candidate;
  };
  const Requirement& asked = coverage_.asked(AskedOf(inquiry).base);
  const Profile& profile = coverage_.profile(agent.group);
  if (agent.presence == Presence::kOffline) return verdict(Verdict::kOffline);
  if (!IsBorrowable(slot, inquiry)) {
    for (const Need& need : asked.needs) {  // by skill name
      const std::optional<std::uint8_t> level = LevelOf(profile, need.skill);
      if (level && *level >= need.level) continue;
      candidate.skill = need.skill;
      return verdict(level ? Verdict::kLowLevel : Verdict::kLacksSkill);
    }
    if (!Holds(asked.who, profile)) return verdict(Verdict::kWho);
  }
  if (Excludes(inquiry, slot)) return verdict(Verdict::kExcluded);
  if (inquiry.reserved != kNone && !Prefers(inquiry, slot)) return verdict(Verdict::kReserved);
  if (!facts_[inquiry.queue].is_open) return verdict(Verdict::kClosed);
  if (EndsTooSoon(agent, inquiry)) return verdict(Verdict::kShiftEnds);
  if (agent.presence != Presence::kAvailable) return verdict(Verdict::kNotAvailable);
  if (!HasUnits(slot, inquiry)) return verdict(Verdict::kNoUnits);
  if (!HasChannel(slot, inquiry)) return verdict(Verdict::kChannelFull);
  if (agent.paced_out()) return verdict(Verdict::kPaced);
  const Pick pick = QueueOf(inquiry).pick;
  const bool by_idle = pick == Pick::kRoundRobin || pick == Pick::kLongestIdle;
  candidate.score = by_idle ? static_cast<std::int64_t>(agent.idle) : PickKey(slot, inquiry)[0];
  return candidate;
}

// The able ones as TryAgents would ask them, then the others by name.
std::vector<Candidate> Engine::Desk::Candidates(const Inquiry& inquiry,
                                                const std::vector<Judged>& judged) {
  Slots order;
  const auto add = [&](Slots agents) {
    SortByPick(agents, inquiry);
    for (const Slot agent : agents) {
      if (std::find(order.begin(), order.end(), agent) == order.end()) order.push_back(agent);
    }
  };
  const auto able = [](const Judged& each) { return each.candidate.verdict == Verdict::kAble; };
  if (inquiry.reserved != kNone) order = ExtraOf(inquiry).preferred;
  for (const bool fitting : {true, false}) {
    Slots agents;
    for (const Judged& each : judged) {
      if (able(each) && each.fits == fitting) agents.push_back(each.agent);
    }
    for (const Expression& group : QueueOf(inquiry).prefer) {
      Slots in_group;
      for (const Slot agent : agents) {
        if (Holds(group, coverage_.profile(agents_[agent].group))) in_group.push_back(agent);
      }
      if (in_group.empty()) continue;
      add(in_group);
      break;
    }
    add(agents);
  }
  std::vector<Candidate> candidates;
  for (const Slot agent : order) {
    for (const Judged& each : judged) {
      if (able(each) && each.agent == agent) candidates.push_back(each.candidate);
    }
  }
  for (const Judged& each : judged) {
    if (!able(each)) candidates.push_back(each.candidate);
  }
  if (candidates.size() > limits_.candidates_max) candidates.resize(limits_.candidates_max);
  return candidates;
}

std::vector<ClauseCount> Engine::Desk::Clauses(const Inquiry& inquiry) const {
  const Requirement& asked = coverage_.asked(AskedOf(inquiry).base);
  const std::vector<Need>& needs = asked.needs;
  std::vector<ClauseCount> clauses;
  for (const Need& need : needs) clauses.push_back({need.skill, need.level, 0, 0});
  if (!asked.who.empty()) clauses.emplace_back();
  for (Slot slot = 0; slot < agents_.end(); ++slot) {
    if (!agents_.used(slot) || !agents_[slot].logged_in()) continue;
    const Profile& profile = coverage_.profile(agents_[slot].group);
    std::vector<std::size_t> failing;
    for (std::size_t n = 0; n < needs.size(); ++n) {
      const std::optional<std::uint8_t> level = LevelOf(profile, needs[n].skill);
      if (!level || *level < needs[n].level) failing.push_back(n);
    }
    if (!Holds(asked.who, profile)) failing.push_back(needs.size());
    for (const std::size_t n : failing) ++clauses[n].failing;
    if (failing.size() == 1) ++clauses[failing[0]].only;
  }
  return clauses;
}

void Engine::Desk::TellNext(const Inquiry& inquiry, const std::vector<Judged>& judged,
                            InquiryExplained& explained) const {
  Timer earliest;
  const auto consider = [&](Slot slot, NextChange change) {
    const Timer timer = timers_.Plain(slot);
    if (!timer.set() || timer.at == kNever) return;
    if (earliest.set() && std::tie(earliest.at, earliest.order) < std::tie(timer.at, timer.order)) {
      return;
    }
    earliest = timer;
    explained.next = change;
    explained.next_at = timer.at;
  };
  consider(inquiry.relax, NextChange::kRelax);
  consider(inquiry.reserved, NextChange::kReservationEnd);
  consider(inquiry.escalate, NextChange::kEscalation);
  for (const ExclusionRecord& exclusion : ExtraOf(inquiry).exclusions) {
    consider(exclusion.end, NextChange::kExclusionEnd);
  }
  if (!facts_[inquiry.queue].is_open) {
    for (const EdgeRecord& edge : edges_) {
      if (edge.calendar == RuleOf(inquiry).calendar) consider(edge.timer, NextChange::kOpening);
    }
  }
  for (const Judged& each : judged) {
    if (each.candidate.verdict != Verdict::kPaced) continue;
    consider(agents_[each.agent].pace, NextChange::kPaceEnd);
  }
}

}  // namespace usher::engine
