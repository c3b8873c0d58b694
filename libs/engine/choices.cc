// The chapter "The choices": who looks, who is asked for an inquiry, what an agent takes.
#include <algorithm>

#include "engine/steps.h"

namespace usher::engine {

void Steps::Looks(Slot slot, OfferReason reason) {
  Inquiry& inquiry = inquiries_[slot];
  if (inquiry.look != OfferReason::kNone) return;
  inquiry.look = reason;
  marks_.push_back(slot);
}

void Steps::AgentLooks(Slot agent) {
  if (agents_[agent].looks) return;
  agents_[agent].looks = true;
  agent_marks_.push_back(agent);
  free_.Touch(agent);
}

void Steps::Settle() {
  Prepare();
  for (;;) {
    Match();
    if (dirty_.empty() && suspects_.empty() && !staff_changed_ && rules_.borrowers().empty())
      return;
    if (!Prepare()) return;
  }
}

// Gates, reservations, steps. True if something had to change.
bool Steps::Prepare() {
  bool changed = !rules_.borrowers().empty() && TurnGates();
  for (const Slot slot : dirty_) {
    if (!inquiries_.used(slot) || inquiries_[slot].stage != Stage::kWaiting) continue;
    const Inquiry& inquiry = inquiries_[slot];
    if (inquiry.reserved != kNone || RuleOf(inquiry).steps > 0) suspects_.push_back(slot);
  }
  if (staff_changed_ && rules_.has_steps()) {
    for (Slot slot = 0; slot < inquiries_.end(); ++slot) {
      if (!inquiries_.used(slot) || inquiries_[slot].stage != Stage::kWaiting) continue;
      if (RuleOf(inquiries_[slot]).steps > 0) suspects_.push_back(slot);
    }
  }
  staff_changed_ = false;
  if (suspects_.empty()) return changed;
  Slots suspects;
  suspects.swap(suspects_);
  std::erase_if(suspects, [this](Slot slot) {
    return !inquiries_.used(slot) || inquiries_[slot].stage != Stage::kWaiting;
  });
  SortByArrival(suspects);
  suspects.erase(std::unique(suspects.begin(), suspects.end()), suspects.end());
  for (const Slot slot : suspects) {
    if (inquiries_[slot].reserved == kNone || !IsHopeless(inquiries_[slot])) continue;
    EndReservation(slot);
    changed = true;
  }
  for (const Slot slot : suspects) changed = SkipStep(slot) || changed;
  return changed;
}

bool Steps::SkipStep(Slot slot) {
  const Inquiry& inquiry = inquiries_[slot];
  const auto steps = std::uint32_t{RuleOf(inquiry).steps};
  if (inquiry.reserved != kNone || inquiry.step >= steps) return false;
  if (IsStaffed(inquiry, inquiry.step)) return false;
  for (std::uint32_t step = inquiry.step + 1U; step <= steps; ++step) {
    if (!IsStaffed(inquiry, step)) continue;
    EnterStep(slot, step, true);
    return true;
  }
  return false;
}

bool Steps::TurnGates() {
  Flush();  // for the counts of the late
  bool changed = false;
  for (const Slot place : rules_.borrowers()) {
    const Queue& queue = rules_.policy().queues[place];
    std::uint32_t after = 0;
    for (std::size_t b = 0; b < queue.borrow.size(); ++b) {
      const QueueRecord& lender = facts_[rules_.queue(place).lenders[b]];
      const std::uint32_t least = std::uint32_t{queue.borrow[b].service_permille} * 1000;
      if (lender.service_ppm >= least && lender.late == 0) after |= std::uint32_t{1} << b;
    }
    const std::uint32_t before = facts_[place].gates;
    facts_[place].gates = after;
    changed = changed || before != after;
    if ((after & ~before) == 0) continue;
    for (Slot slot = 0; slot < inquiries_.end(); ++slot) {
      if (!inquiries_.used(slot) || inquiries_[slot].queue != place) continue;
      if (inquiries_[slot].stage == Stage::kWaiting) Looks(slot, OfferReason::kChanged);
    }
  }
  return changed;
}

// Until nothing looks.
void Steps::Match() {
  const auto later = [](const Mark& a, const Mark& b) { return b.key.Before(a.key); };
  for (;;) {
    if (marks_.empty() && heap_.empty() && agent_marks_.empty()) return Flush();  // nothing looks
    if (marks_.size() == 1 && heap_.empty()) {
      // The usual case: tried before it is listed at all.
      const Slot slot = marks_.front();
      marks_.clear();
      const bool looks = inquiries_.used(slot) && inquiries_[slot].look != OfferReason::kNone;
      if (!looks) continue;
      const OfferReason reason = inquiries_[slot].look;
      inquiries_[slot].look = OfferReason::kNone;
      if (inquiries_[slot].stage == Stage::kWaiting) TryAgents(slot, reason);
      continue;
    }
    Flush();
    FillMarks();
    if (!heap_.empty()) {
      std::pop_heap(heap_.begin(), heap_.end(), later);
      const Slot slot = heap_.back().slot;
      heap_.pop_back();
      Inquiry& inquiry = inquiries_[slot];
      if (!inquiries_.used(slot) || inquiry.look == OfferReason::kNone) continue;
      const OfferReason reason = inquiry.look;
      inquiry.look = OfferReason::kNone;
      if (inquiry.stage == Stage::kWaiting) TryAgents(slot, reason);
      continue;
    }
    Slot first = kNone;
    for (const Slot agent : agent_marks_) {
      const bool looks = agents_.used(agent) && agents_[agent].registered && agents_[agent].looks;
      if (looks && (first == kNone || agents_[agent].idle < agents_[first].idle)) first = agent;
    }
    if (first == kNone) break;
    if (agent_marks_.size() == 1) {
      agent_marks_.clear();
    } else {
      std::erase(agent_marks_, first);
    }
    agents_[first].looks = false;
    free_.Touch(first);
    TryInquiries(first);
  }
  agent_marks_.clear();
}

// Puts what looks in order; anew if the keys have moved.
void Steps::FillMarks() {
  const auto later = [](const Mark& a, const Mark& b) { return b.key.Before(a.key); };
  if (heap_.empty() && marks_.empty()) return;
  if (keys_stale_ && !heap_.empty()) {
    for (Mark& mark : heap_) mark.key = KeyOf(mark.slot, kNone);
    std::make_heap(heap_.begin(), heap_.end(), later);
  }
  keys_stale_ = false;
  for (const Slot slot : marks_) {
    const bool looks = inquiries_.used(slot) && inquiries_[slot].look != OfferReason::kNone;
    if (!looks) continue;
    if (inquiries_[slot].stage != Stage::kWaiting) {
      inquiries_[slot].look = OfferReason::kNone;
      continue;
    }
    heap_.push_back({KeyOf(slot, kNone), slot});
    std::push_heap(heap_.begin(), heap_.end(), later);
  }
  marks_.clear();
}

void Steps::TryAgents(Slot slot, OfferReason reason) {
  Inquiry& inquiry = inquiries_[slot];
  const bool at_once = RuleOf(inquiry).auto_accept;
  if (inquiry.reserved != kNone) {
    for (const Slot agent : ExtraOf(inquiry).preferred) {
      if (IsAble(agent, inquiry)) {
        return MakeOffers(slot, {&agent, 1}, OfferReason::kPreferred, at_once);
      }
    }
    return;
  }
  const Slots& picked = Picked(inquiry);
  if (!picked.empty()) {
    MakeOffers(slot, picked, reason, at_once);
  } else if (reason == OfferReason::kArrival) {
    Foresee(slot);
  }
}

void Steps::TryInquiries(Slot agent) {
  const Policy& policy = rules_.policy();
  while (!agents_[agent].looks) {
    Flush();
    bool borrowed = false;
    WaitingRoom::Found first = FirstFor(agent, false, false);
    if (first.inquiry == kNone && !rules_.borrowers().empty()) {
      borrowed = true;
      first = FirstFor(agent, false, true);
    }
    if (first.inquiry == kNone) return;
    Slot chosen = first.inquiry;
    OfferReason reason = OfferReason::kInTime;
    if (KnowsLate() && !inquiries_[chosen].starving) {
      if (inquiries_[chosen].late) {
        reason = OfferReason::kOnlyLate;
      } else {
        // Without a share the answer would not count.
        const std::uint32_t share = policy.late_share_permille;
        const Slot late =
            share == 0 && late_credit_ < 1000 ? kNone : FirstFor(agent, true, borrowed).inquiry;
        if (late != kNone) late_credit_ += share;
        if (late != kNone && late_credit_ >= 1000) {
          late_credit_ -= 1000;
          chosen = late;
          reason = OfferReason::kLateShare;
        }
      }
    }
    if (inquiries_[chosen].reserved != kNone) reason = OfferReason::kPreferred;
    MakeOffers(chosen, {&agent, 1}, reason, RuleOf(inquiries_[chosen]).auto_accept);
  }
}

// The first by key of what the agent is able to take: of what it fits, or what it is only
// borrowable for.
WaitingRoom::Found Steps::FirstFor(Slot slot, bool late_only, bool borrowed) {
  const Agent& agent = agents_[slot];
  const std::uint64_t fitting = rules_.kinds().Fitting(agent);
  if (fitting == 0) return {};
  const Order order = rules_.policy().order;
  const std::uint32_t late_rank = order == Order::kDefault ? 30 : 20;
  Bits lent;
  if (borrowed) {
    for (std::size_t index = 0; index < rules_.asked_end(); ++index) {
      const Asked& asked = rules_.asked(static_cast<std::uint32_t>(index));
      if (FitsSet(slot, asked.set)) continue;
      for (std::size_t b = 0; b < asked.lent.size(); ++b) {
        const bool open = (facts_[asked.queue].gates >> b & 1) != 0;
        if (open && FitsSet(slot, asked.lent[b])) lent.Put(asked.set);
      }
    }
  }
  const Bits& served = borrowed ? lent : coverage_.served(agent.group);
  WaitingRoom::Found best = waiting_.First(
      late_only ? late_rank : 0, late_only ? late_rank + 10 : kRanks, fitting, served,
      order == Order::kAgentLevel,
      [&](Slot inquiry) { return MayBeAsked(slot, inquiries_[inquiry]); },
      [&](Slot set) { return coverage_.LevelOf(agent.group, set); });
  for (const Slot kept : agent.reserved) {
    const Inquiry& inquiry = inquiries_[kept];
    if (late_only && (!inquiry.late || inquiry.starving)) continue;
    if (borrowed ? !IsBorrowable(slot, inquiry) : !Fits(slot, inquiry)) continue;
    if (!IsAble(slot, inquiry)) continue;
    const WaitingRoom::Found key = KeyOf(kept, slot);
    if (best.inquiry == kNone || key.Before(best)) best = key;
  }
  return best;
}

// What the lists do not tell of an agent that fits, with room for the kind.
bool Steps::MayBeAsked(Slot agent, const Inquiry& inquiry) const {
  if (inquiry.extra != kNone && Excludes(inquiry, agent)) return false;
  if (EndsTooSoon(agents_[agent], inquiry)) return false;
  return inquiry.kind != kStrayKind || HasRoom(agent, inquiry, false);
}

void Steps::MakeOffers(Slot slot, std::span<const Slot> agents, OfferReason reason, bool at_once) {
  Touch(slot);
  Inquiry& inquiry = inquiries_[slot];
  if (inquiry.relax != kNone) {
    const Instant at = timers_[inquiry.relax].at;
    SetRelaxLeft(inquiry, at == kNever ? kForever : at - now_);
    ClearTimer(inquiry.relax);
  }
  SetStage(slot, Stage::kOffered);
  for (const Slot agent : agents) {
    const Slot offer_slot = AddOffer(slot, agent);
    OfferRecord& offer = offers_[offer_slot];
    NewIdle(agent);
    CountForPace(agent);
    if (RuleOf(inquiry).pick == Pick::kRoundRobin) {
      ++agents_[agent].references;
      DropAgent(facts_[inquiry.queue].turn);
      facts_[inquiry.queue].turn = agent;
    }
    if (!at_once) {
      offer.expiry = SetTimer(TimerKind::kExpiry, offer_slot, now_, RuleOf(inquiry).offer_window);
    }
    OfferMade& made = Emit<OfferMade>();
    made.offer = OfferId{offer.number};
    made.inquiry = inquiry.id;
    made.agent = agents_[agent].name;
    made.queue = QueueOf(inquiry).name;
    made.expires = timers_.Plain(offer.expiry).at;
    made.reason = reason;
    if (at_once) return Accept(slot, offer_slot, true);
  }
}

void Steps::CountForPace(Slot slot) {
  const Pace& pace = rules_.policy().pace;
  if (pace.most == 0) return;
  Agent& agent = agents_[slot];
  free_.Touch(slot);
  if (agent.pace != kNone) {
    ++agent.paced;
    return;
  }
  agent.paced = 1;
  const bool slow = pace.start_most > 0 && now_ < agent.slow_until;
  agent.pace_most = slow ? pace.start_most : pace.most;
  agent.pace = SetTimer(TimerKind::kPace, slot, now_, pace.window);
}

}  // namespace usher::engine
