// From plain values back to an engine that goes on where the saved one stood.
#include <algorithm>

#include "engine/desk.h"
#include "engine/state_check.h"

namespace usher::engine {

// All timers of a state are set in the order in which they fire, into one run.
constexpr Duration kRestoredRun = Duration::min();

bool Engine::Desk::Restore(const DeskState& state) {
  if (!IsConsistent(state, limits_)) return false;
  Load(state);
  return coverage_.NamesFit(state.policy, {}, kNone) && IsSettled();
}

// Requires: consistent.
void Engine::Desk::Load(const DeskState& state) {
  now_ = state.now;
  commands_ = state.commands;
  last_arrival_ = state.last_arrival;
  last_offer_ = state.last_offer;
  last_idle_ = state.last_idle;
  last_timer_ = state.last_timer;
  late_credit_ = state.late_credit;
  if (state.has_policy) LoadPolicy(state.policy);
  for (const AgentState& agent : state.agents) LoadAgent(agent);
  LoadBooks(state);
  for (const InquiryState& inquiry : state.inquiries) LoadInquiry(inquiry);
  LoadTimers(state);
  for (const Slot slot : OpenByArrival()) {
    FindRuling(slot);
    Touch(slot);
  }
  Flush();
  sources_.Load(state.sources);
  for (const RequestState& request : state.requests) {
    requests_.Note(request.request, request.digest);
  }
}

// After every command nobody waits whom somebody could take, nor with anything left to prepare.
bool Engine::Desk::IsSettled() {
  suspects_.clear();
  staff_changed_ = false;
  DecisionList untold;
  out_ = &untold;
  if (!rules_.borrowers().empty() && TurnGates()) return false;
  for (Slot slot = 0; slot < inquiries_.end(); ++slot) {
    if (!inquiries_.used(slot) || inquiries_[slot].stage != Stage::kWaiting) continue;
    Inquiry& inquiry = inquiries_[slot];
    if (inquiry.reserved != kNone) {
      if (IsHopeless(inquiry)) return false;
      for (const Slot agent : ExtraOf(inquiry).preferred) {
        if (IsAble(agent, inquiry)) return false;
      }
      continue;
    }
    if (SkipStep(slot) || !Picked(inquiry).empty()) return false;
  }
  return true;
}

void Engine::Desk::LoadAgent(const AgentState& state) {
  Slot slot = FindAgentSlot(state.agent);
  if (slot == kNone) slot = AddAgentSlot(state.agent);
  Agent& agent = agents_[slot];
  agent.registered = true;
  ++registered_;
  SetProfile(slot, state.profile);
  agent.may_take = state.may_take;
  agent.supervisor = state.supervisor;
  agent.bot = state.bot;
  agent.units = state.units;
  SetPresenceOf(slot, state.presence);
  agent.away = state.away;
  agent.shift_ends = state.shift_ends;
  agent.idle = state.idle;
  agent.idle_since = state.idle_since;
  agent.paced = state.paced;
  agent.pace_most = state.pace_most;
  agent.slow_until = state.slow_until;
  agent.missed = state.missed;
  SetLimits(slot, state.limits);
  for (const WrapUp& wrap_up : state.wrap_ups) {
    const Slot channel = lexicon_.channels.Add(wrap_up.channel);
    agent.wrap_ups.push_back({wrap_up.inquiry, channel, wrap_up.units, kNone});
    agent.used += wrap_up.units;
    CountChannel(agent, channel, 1);
  }
}

void Engine::Desk::LoadBooks(const DeskState& state) {
  const auto none = [](const auto&) {};
  for (const QueueFacts& saved : state.queues) {
    QueueRecord& facts = facts_[rules_.FindQueue(saved.queue)];
    if (!saved.turn.none()) facts.turn = HoldAgent(saved.turn);
    facts.service_ppm = saved.service_ppm;
    facts.gates = saved.gates;
  }
  for (const Memory& memory : state.memories) {
    const Slot topic = memory.topic.none() ? kNone : lexicon_.topics.Add(memory.topic);
    memories_.Add(memory.customer, topic, HoldAgent(memory.agent), memory.at, none);
  }
  for (const Resolved& resolved : state.resolved) {
    resolved_.Add(resolved.conversation, resolved.inquiry, HoldAgent(resolved.agent), resolved.at,
                  none);
  }
  for (const Handling& handling : state.handlings) {
    const Slot topic = handling.topic.none() ? kNone : lexicon_.topics.Add(handling.topic);
    handlings_.Put({rules_.FindQueue(handling.queue), topic, handling.mean, handling.finished});
  }
}

// Timers aside.
void Engine::Desk::LoadInquiry(const InquiryState& state) {
  PlaceInquiry as_placed;
  as_placed.inquiry = state.inquiry;
  as_placed.conversation = state.conversation;
  as_placed.customer = state.customer;
  as_placed.message = state.message;
  as_placed.features = state.features;
  const Slot channel = lexicon_.channels.Add(state.features.channel);
  const Slot slot = Describe(as_placed, channel, rules_.FindQueue(state.queue));
  Inquiry& inquiry = inquiries_[slot];
  if (inquiry.extra != kNone) extras_[inquiry.extra] = Extra();
  inquiry.repeat = state.repeat;
  inquiry.queue_named = state.queue_named;
  if (state.priority_named) inquiry.priority_named = *state.priority_named;
  inquiry.unanswered = state.unanswered & kUnansweredMost;
  inquiry.raised = state.raised & kUnansweredMost;
  const bool routed = !state.route.none() || !state.more_needs.empty() || !state.queue_named;
  if (routed) inquiry.route = rules_.FindRoute(state.route, state.more_needs);
  inquiry.priority = state.priority;
  inquiry.units = state.units;
  inquiry.interruptible = state.interruptible;
  inquiry.size = state.size;
  inquiry.arrival = state.arrival;
  inquiry.placed_at = state.placed_at;
  inquiry.forecast = state.forecast;
  inquiry.answered = state.answered;
  inquiry.assigned_at = state.assigned_at;
  inquiry.holds = state.holds;
  inquiry.step = static_cast<std::uint8_t>(state.step);
  inquiry.escalated = static_cast<std::uint8_t>(state.escalated);
  SetRelaxLeft(inquiry, state.relax_left);
  inquiry.starving = state.starving;
  Ask(inquiry);
  for (const Exclusion& exclusion : state.exclusions) {
    ExtraFor(inquiry).exclusions.push_back({HoldAgent(exclusion.agent), kNone, exclusion.cooling});
  }
  for (const AgentName& agent : state.preferred) {
    ExtraFor(inquiry).preferred.push_back(HoldAgent(agent));
  }
  if (!state.reopens.none()) ExtraFor(inquiry).reopens = state.reopens;
  if (state.prefer_for != Duration(0)) ExtraFor(inquiry).prefer_for = state.prefer_for;
  SetStage(slot, state.stage);
  for (const OfferState& offer : state.offers) {
    last_offer_ = offer.offer.number - 1;
    offers_[AddOffer(slot, FindAgent(offer.agent))].made_at = offer.made_at;
  }
  if (!state.agent.none()) {
    Own(slot, FindAgent(state.agent));
    if (inquiry.owned() || inquiry.holds) Weigh(inquiry.owner, inquiry, inquiry.owned(), 1);
  }
  Slot* link = &inquiry.clocks;
  for (const Clock& saved : state.clocks) {
    *link = clocks_.Add();
    ClockRecord& clock = clocks_[*link];
    clock.target = saved.target;
    clock.state = saved.state;
    clock.length = saved.length;
    if (!saved.hours.none()) clock.hours = lexicon_.calendars.Add(saved.hours);
    clock.since = saved.since;
    clock.used = saved.used;
    clock.due = saved.due;
    clock.warned = static_cast<std::uint16_t>(saved.warned);
    link = &clock.next;
  }
}

void Engine::Desk::LoadTimers(const DeskState& state) {
  last_offer_ = state.last_offer;
  struct Saved {
    Timer timer;
    TimerKind kind;
    Slot owner;
    Slot* place;
  };
  std::vector<Saved> timers;
  const auto add = [&timers](const Timer& timer, TimerKind kind, Slot owner, Slot& place) {
    if (timer.set()) timers.push_back({timer, kind, owner, &place});
  };
  for (const AgentState& saved : state.agents) {
    const Slot slot = FindAgent(saved.agent);
    Agent& agent = agents_[slot];
    add(saved.pace, TimerKind::kPace, slot, agent.pace);
    for (std::size_t i = 0; i < saved.wrap_ups.size(); ++i) {
      add(saved.wrap_ups[i].end, TimerKind::kWrapUpEnd, slot, agent.wrap_ups[i].end);
    }
  }
  for (const CalendarEdge& saved : state.edges) {
    edges_.push_back({rules_.FindCalendar(saved.calendar), kNone});
  }
  for (std::size_t i = 0; i < state.edges.size(); ++i) {
    add(state.edges[i].at, TimerKind::kEdge, edges_[i].calendar, edges_[i].timer);
  }
  for (const InquiryState& saved : state.inquiries) {
    const Slot slot = FindInquiry(saved.inquiry);
    Inquiry& inquiry = inquiries_[slot];
    Slot clock = inquiry.clocks;
    for (const Clock& each : saved.clocks) {
      add(each.warn, TimerKind::kWarn, slot, clocks_[clock].warn);
      add(each.breach, TimerKind::kBreach, slot, clocks_[clock].breach);
      clock = clocks_[clock].next;
    }
    Slot offer = inquiry.offers;
    for (const OfferState& each : saved.offers) {
      add(each.expiry, TimerKind::kExpiry, offer, offers_[offer].expiry);
      offer = offers_[offer].next;
    }
    for (std::size_t i = 0; i < saved.exclusions.size(); ++i) {
      add(saved.exclusions[i].end, TimerKind::kExclusionEnd, slot,
          extras_[inquiry.extra].exclusions[i].end);
    }
    add(saved.relax, TimerKind::kRelax, slot, inquiry.relax);
    add(saved.escalate, TimerKind::kEscalate, slot, inquiry.escalate);
    add(saved.starve, TimerKind::kStarve, slot, inquiry.starve);
    add(saved.reserved, TimerKind::kReserved, slot, inquiry.reserved);
    add(saved.answer, TimerKind::kAnswer, slot, inquiry.answer);
    if (saved.gone.set()) add(saved.gone, TimerKind::kGone, slot, ExtraFor(inquiry).gone);
    if (saved.start.set()) add(saved.start, TimerKind::kStart, slot, ExtraFor(inquiry).wake);
    if (saved.wake.set()) add(saved.wake, TimerKind::kWake, slot, ExtraFor(inquiry).wake);
  }
  std::sort(timers.begin(), timers.end(), [](const Saved& a, const Saved& b) {
    return a.timer.at != b.timer.at ? a.timer.at < b.timer.at : a.timer.order < b.timer.order;
  });
  for (const Saved& saved : timers) {
    *saved.place =
        timers_.Set(saved.kind, saved.owner, saved.timer.at, kRestoredRun, saved.timer.order);
  }
}

}  // namespace usher::engine
