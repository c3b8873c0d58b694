// From plain values back to an engine that goes on where the saved one stood.
#include <algorithm>
#include <array>
#include <optional>

#include "engine/desk.h"
#include "engine/state_check.h"

namespace usher::engine {

// All timers of a state are set in the order in which they fire, into one run.
constexpr Duration kRestoredRun = Duration::min();

bool Engine::Desk::Restore(const DeskState& state) {
  StateCheck check(state, state.inquiries.size(), limits_);
  return Load(state, &check) && coverage_.NamesFit(state.policy, {}, kNone) && IsSettled();
}

bool Engine::Desk::Load(const DeskState& state, StateCheck* check) {
  auto each = state.inquiries.begin();
  const auto next = [&each] { return &*each++; };
  return LoadAll(state, state.inquiries.size(), next, check);
}

// Two rows at a time: while the one is loaded, what the other touches comes near.
bool Engine::Desk::Restore(const CopyRows& copy) {
  const std::optional<DeskState> rest = DecodeAllButInquiries(copy);
  if (!rest) return false;
  std::array<InquiryState, 2> rows;
  std::array<bool, 2> decoded{};
  std::size_t taken = 0;
  const auto decode = [&](std::size_t number) {
    if (number >= copy.inquiries.size()) return;
    decoded[number % 2] = DecodeRow(copy.inquiries[number], rows[number % 2]);
    if (decoded[number % 2]) Expect(rows[number % 2]);
  };
  const auto next = [&]() -> const InquiryState* {
    if (taken == 0) decode(0);
    const std::size_t number = taken++;
    decode(taken);
    return decoded[number % 2] ? &rows[number % 2] : nullptr;
  };
  StateCheck check(*rest, copy.inquiries.size(), limits_);
  return LoadAll(*rest, copy.inquiries.size(), next, &check) &&
         coverage_.NamesFit(rest->policy, {}, kNone) && IsSettled();
}

// `next()` is the next inquiry by arrival, null if there is something else. With no check the state
// is one that was saved just now.
template <class NextInquiry>
bool Engine::Desk::LoadAll(const DeskState& rest, std::size_t count, NextInquiry&& next,
                           StateCheck* check) {
  if (check != nullptr && !check->Begin()) return false;
  LoadFirst(rest, count);
  for (std::size_t i = 0; i < count; ++i) {
    const InquiryState* const inquiry = next();
    if (inquiry == nullptr || (check != nullptr && !check->Take(*inquiry))) return false;
    if (!LoadInquiry(*inquiry)) return false;
  }
  if (check != nullptr && !check->End()) return false;
  last_offer_ = rest.last_offer;
  LoadTimers(rest);
  SetTimers();
  for (Slot slot = 0; slot < inquiries_.end(); ++slot) {  // by arrival, in a new desk
    FindRuling(slot);
    Touch(slot);
  }
  Flush();
  sources_.Load(rest.sources);
  return requests_.Load(rest.requests);
}

// What inquiries refer to.
void Engine::Desk::LoadFirst(const DeskState& rest, std::size_t inquiries) {
  now_ = rest.now;
  commands_ = rest.commands;
  last_arrival_ = rest.last_arrival;
  last_offer_ = rest.last_offer;
  last_idle_ = rest.last_idle;
  last_timer_ = rest.last_timer;
  late_credit_ = rest.late_credit;
  if (rest.has_policy) LoadPolicy(rest.policy);
  for (const AgentState& agent : rest.agents) LoadAgent(agent);
  LoadBooks(rest);
  inquiry_of_.Reserve(inquiries);
  inquiry_of_conversation_.Reserve(inquiries);
  dirty_.reserve(inquiries);
}

// It will be loaded soon.
void Engine::Desk::Expect(const InquiryState& state) const {
  inquiry_of_.Prefetch(state.inquiry);
  inquiry_of_conversation_.Prefetch(state.conversation);
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

// False: another one has its id, its conversation or the number of one of its offers.
// Requires: it is right by itself.
bool Engine::Desk::LoadInquiry(const InquiryState& state) {
  if (FindInquiry(state.inquiry) != kNone) return false;
  const ConversationId& conversation = state.conversation;
  if (!conversation.none() && FindConversation(conversation) != kNone) return false;
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
    if (FindOffer(offer.offer) != kNone) return false;
    last_offer_ = offer.offer.number - 1;
    const Slot made = AddOffer(slot, FindAgent(offer.agent));
    offers_[made].made_at = offer.made_at;
    SetLater(TimerKind::kExpiry, made, offer.expiry, offers_[made].expiry);
  }
  if (!state.agent.none()) {
    Own(slot, FindAgent(state.agent));
    if (inquiry.owned() || inquiry.holds) Weigh(inquiry.owner, inquiry, inquiry.owned(), 1);
  }
  LoadClocks(state, slot);
  LoadTimers(state, slot);
  return true;
}

void Engine::Desk::LoadClocks(const InquiryState& state, Slot slot) {
  Slot* link = &inquiries_[slot].clocks;
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
    SetLater(TimerKind::kWarn, slot, saved.warn, clock.warn);
    SetLater(TimerKind::kBreach, slot, saved.breach, clock.breach);
    link = &clock.next;
  }
}

// Of an inquiry, besides those of its clocks and offers.
void Engine::Desk::LoadTimers(const InquiryState& state, Slot slot) {
  Inquiry& inquiry = inquiries_[slot];
  for (std::size_t i = 0; i < state.exclusions.size(); ++i) {
    SetLater(TimerKind::kExclusionEnd, slot, state.exclusions[i].end,
             extras_[inquiry.extra].exclusions[i].end);
  }
  SetLater(TimerKind::kRelax, slot, state.relax, inquiry.relax);
  SetLater(TimerKind::kEscalate, slot, state.escalate, inquiry.escalate);
  SetLater(TimerKind::kStarve, slot, state.starve, inquiry.starve);
  SetLater(TimerKind::kReserved, slot, state.reserved, inquiry.reserved);
  SetLater(TimerKind::kAnswer, slot, state.answer, inquiry.answer);
  if (state.gone.set()) SetLater(TimerKind::kGone, slot, state.gone, ExtraFor(inquiry).gone);
  if (state.start.set()) SetLater(TimerKind::kStart, slot, state.start, ExtraFor(inquiry).wake);
  if (state.wake.set()) SetLater(TimerKind::kWake, slot, state.wake, ExtraFor(inquiry).wake);
}

// Of agents and calendars.
void Engine::Desk::LoadTimers(const DeskState& rest) {
  for (const AgentState& saved : rest.agents) {
    const Slot slot = FindAgent(saved.agent);
    Agent& agent = agents_[slot];
    SetLater(TimerKind::kPace, slot, saved.pace, agent.pace);
    for (std::size_t i = 0; i < saved.wrap_ups.size(); ++i) {
      SetLater(TimerKind::kWrapUpEnd, slot, saved.wrap_ups[i].end, agent.wrap_ups[i].end);
    }
  }
  for (const CalendarEdge& saved : rest.edges) {
    edges_.push_back({rules_.FindCalendar(saved.calendar), kNone});
  }
  for (std::size_t i = 0; i < rest.edges.size(); ++i) {
    SetLater(TimerKind::kEdge, edges_[i].calendar, rest.edges[i].at, edges_[i].timer);
  }
}

// `place` stays where it is until SetTimers().
void Engine::Desk::SetLater(TimerKind kind, Slot owner, const Timer& timer, Slot& place) {
  if (timer.set()) saved_timers_.push_back({timer.at, timer.order, kind, owner, &place});
}

void Engine::Desk::SetTimers() {
  std::sort(saved_timers_.begin(), saved_timers_.end(),
            [](const SavedTimer& a, const SavedTimer& b) {
              return a.at != b.at ? a.at < b.at : a.order < b.order;
            });
  for (const SavedTimer& saved : saved_timers_) {
    *saved.place = timers_.Set(saved.kind, saved.owner, saved.at, kRestoredRun, saved.order);
  }
  saved_timers_ = {};
}

}  // namespace usher::engine
