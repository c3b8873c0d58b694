// ReferenceEngine: EstimateWait, ExplainInquiry and PreviewPolicy of libs/engine/README.md.
#include <algorithm>
#include <map>
#include <tuple>

#include "kit/reference_engine.h"
#include "model/calendar.h"

namespace usher::kit {

void ReferenceEngine::Do(const EstimateWait& c) {
  const InquiryState* i = Open(c.inquiry);
  if (i == nullptr) return Reject(RejectReason::kUnknownInquiry);
  if (i->stage != Stage::kWaiting) return Reject(RejectReason::kNotWaiting);
  Emit(Estimated(*i));
}

// --- ExplainInquiry
// -------------------------------------------------------------------------------

void ReferenceEngine::Do(const ExplainInquiry& c) {
  const InquiryState* open = Open(c.inquiry);
  if (open == nullptr) return Reject(RejectReason::kUnknownInquiry);
  const InquiryState& i = *open;
  InquiryExplained explained;
  explained.inquiry = i.inquiry;
  explained.stage = i.stage;
  explained.queue = i.queue;
  explained.route = i.route;
  explained.priority = i.priority;
  explained.step = i.step;
  explained.clock = RulingClock(i) == nullptr ? ClockState::kNone : RulingClock(i)->state;
  explained.due = Due(i);
  if (i.stage == Stage::kWaiting) explained.position = Estimated(i).position;
  if (i.stage == Stage::kWaiting || i.stage == Stage::kOffered) {
    std::vector<Judged> judged;
    std::map<Verdict, std::uint32_t> counts;
    for (const AgentState& a : desk_.agents) {
      judged.push_back({&a, Judge(a, i), Fits(a, i)});
      counts[judged.back().candidate.verdict] += 1;
    }
    explained.candidates = Candidates(i, judged);
    for (const auto& [verdict, agents] : counts) explained.verdicts.push_back({verdict, agents});
    explained.clauses = Clauses(i);
    TellNext(i, judged, explained);
  }
  Emit(explained);
}

Candidate ReferenceEngine::Judge(const AgentState& a, const InquiryState& i) const {
  Candidate candidate;
  candidate.agent = a.agent;
  const auto verdict = [&](Verdict found) {
    candidate.verdict = found;
    return candidate;
  };
  if (a.presence == Presence::kOffline) return verdict(Verdict::kOffline);
  if (!Borrowable(a, i)) {
    for (const Need& need : NeedsAt(i, i.step)) {  // by skill name
      const std::optional<std::uint8_t> level = LevelOf(a.profile, need.skill);
      if (level && *level >= need.level) continue;
      candidate.skill = need.skill;
      return verdict(level ? Verdict::kLowLevel : Verdict::kLacksSkill);
    }
    if (!Holds(WhoAt(i, i.step), a.profile)) return verdict(Verdict::kWho);
  }
  if (Excludes(i, a.agent)) return verdict(Verdict::kExcluded);
  if (i.reserved.set() && !Prefers(i, a.agent)) return verdict(Verdict::kReserved);
  if (!IsOpenNow(QueueOf(i))) return verdict(Verdict::kClosed);
  if (EndsTooSoon(a, i)) return verdict(Verdict::kShiftEnds);
  if (a.presence != Presence::kAvailable) return verdict(Verdict::kNotAvailable);
  if (!HasUnits(a, i)) return verdict(Verdict::kNoUnits);
  if (!HasChannel(a, i)) return verdict(Verdict::kChannelFull);
  if (PacedOut(a)) return verdict(Verdict::kPaced);
  const Pick pick = QueueOf(i).pick;
  const bool by_idle = pick == Pick::kRoundRobin || pick == Pick::kLongestIdle;
  candidate.score = by_idle ? static_cast<std::int64_t>(a.idle) : PickKey(a, i)[0];
  return candidate;
}

// The able ones as TryAgents would ask them, then the others by name.
std::vector<Candidate> ReferenceEngine::Candidates(const InquiryState& i,
                                                   const std::vector<Judged>& judged) const {
  std::vector<AgentName> order;
  const auto add = [&](const std::vector<const AgentState*>& agents) {
    for (const AgentState* a : agents) {
      if (std::find(order.begin(), order.end(), a->agent) == order.end()) order.push_back(a->agent);
    }
  };
  const auto able = [](const Judged& each) { return each.candidate.verdict == Verdict::kAble; };
  if (i.reserved.set()) order = i.preferred;
  for (const bool fitting : {true, false}) {
    std::vector<const AgentState*> agents;
    for (const Judged& each : judged) {
      if (able(each) && each.fits == fitting) agents.push_back(each.agent);
    }
    for (const Expression& group : QueueOf(i).prefer) {
      std::vector<const AgentState*> in_group;
      for (const AgentState* a : agents) {
        if (Holds(group, a->profile)) in_group.push_back(a);
      }
      add(SortedByPick(in_group, i));
      if (!in_group.empty()) break;
    }
    add(SortedByPick(agents, i));
  }
  std::vector<Candidate> candidates;
  for (const AgentName& name : order) {
    for (const Judged& each : judged) {
      if (able(each) && each.agent->agent == name) candidates.push_back(each.candidate);
    }
  }
  for (const Judged& each : judged) {  // by name
    if (!able(each)) candidates.push_back(each.candidate);
  }
  if (candidates.size() > limits_.candidates_max) candidates.resize(limits_.candidates_max);
  return candidates;
}

std::vector<ClauseCount> ReferenceEngine::Clauses(const InquiryState& i) const {
  const std::vector<Need> needs = NeedsAt(i, i.step);  // by skill name
  const Expression& who = WhoAt(i, i.step);
  std::vector<ClauseCount> clauses;
  for (const Need& need : needs) clauses.push_back({need.skill, need.level, 0, 0});
  if (!who.empty()) clauses.emplace_back();
  for (const AgentState& a : desk_.agents) {
    if (a.presence == Presence::kOffline) continue;
    std::vector<std::size_t> failing;
    for (std::size_t n = 0; n < needs.size(); ++n) {
      const std::optional<std::uint8_t> level = LevelOf(a.profile, needs[n].skill);
      if (!level || *level < needs[n].level) failing.push_back(n);
    }
    if (!Holds(who, a.profile)) failing.push_back(needs.size());
    for (const std::size_t n : failing) clauses[n].failing += 1;
    if (failing.size() == 1) clauses[failing[0]].only += 1;
  }
  return clauses;
}

void ReferenceEngine::TellNext(const InquiryState& i, const std::vector<Judged>& judged,
                               InquiryExplained& explained) const {
  Timer earliest;
  const auto consider = [&](const Timer& timer, NextChange change) {
    if (!timer.set() || timer.at == kNever) return;
    if (earliest.set() && std::tie(earliest.at, earliest.order) < std::tie(timer.at, timer.order)) {
      return;
    }
    earliest = timer;
    explained.next = change;
    explained.next_at = timer.at;
  };
  consider(i.relax, NextChange::kRelax);
  consider(i.reserved, NextChange::kReservationEnd);
  consider(i.escalate, NextChange::kEscalation);
  for (const Exclusion& exclusion : i.exclusions) {
    consider(exclusion.end, NextChange::kExclusionEnd);
  }
  if (!IsOpenNow(QueueOf(i))) {
    for (const CalendarEdge& edge : desk_.edges) {
      if (edge.calendar == QueueOf(i).hours) consider(edge.at, NextChange::kOpening);
    }
  }
  for (const Judged& each : judged) {
    if (each.candidate.verdict == Verdict::kPaced) consider(each.agent->pace, NextChange::kPaceEnd);
  }
}

// --- PreviewPolicy
// --------------------------------------------------------------------------------

void ReferenceEngine::Do(const PreviewPolicy& c) {
  PolicyPreviewed previewed;
  previewed.version = c.policy.version;
  previewed.sound = IsGood(c.policy);
  if (previewed.sound) {
    ReferenceEngine copy = *this;
    DecisionList untold;
    copy.out_ = &untold;
    previewed.moved = copy.TakePolicy(c.policy, false);
    previewed.open = static_cast<std::uint32_t>(copy.desk_.inquiries.size());
    for (const InquiryState& i : copy.desk_.inquiries) {
      if (i.stage != Stage::kWaiting) continue;
      bool staffed = false;
      for (std::size_t step = 0; step <= copy.QueueOf(i).steps.size(); ++step) {
        staffed = staffed || copy.StaffedAt(i, step);
      }
      if (!staffed) previewed.unstaffed += 1;
    }
  }
  Emit(previewed);
}

}  // namespace usher::kit
