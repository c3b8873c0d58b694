// The state as plain values, in canonical order.
#include <algorithm>
#include <tuple>

#include "engine/desk.h"

namespace usher::engine {

DeskState Engine::Desk::Save() const {
  DeskState state = SaveRest();
  state.agents.reserve(registered_);
  for (const Slot agent : AgentsByName()) state.agents.push_back(SaveAgent(agents_[agent]));
  state.inquiries.reserve(inquiries_.size());
  for (const Slot slot : OpenByArrival()) {
    SaveInquiry(inquiries_[slot], state.inquiries.emplace_back());
  }
  return state;
}

// All but the rows.
DeskState Engine::Desk::SaveRest() const {
  DeskState state;
  SaveBrief(state);
  state.policy = rules_.policy();
  SaveMemories(state);
  state.requests = requests_.Save();
  return state;
}

// What is short: no rows, no policy, no memories, no requests.
void Engine::Desk::SaveBrief(DeskState& state) const {
  state.now = now_;
  state.commands = commands_;
  state.last_arrival = last_arrival_;
  state.last_offer = last_offer_;
  state.last_idle = last_idle_;
  state.last_timer = last_timer_;
  state.late_credit = late_credit_;
  state.has_policy = rules_.taken();
  SaveBooks(state);
  state.sources = sources_.Save();
}

void Engine::Desk::SaveBooks(DeskState& state) const {
  const std::vector<Queue>& queues = rules_.policy().queues;
  const auto topic = [this](Slot name) {
    return name == kNone ? TopicName() : lexicon_.topics[name];
  };
  for (std::size_t place = 0; place < facts_.size(); ++place) {
    const QueueRecord& record = facts_[place];
    QueueFacts& facts = state.queues.emplace_back();
    facts.queue = queues[place].name;
    if (record.turn != kNone) facts.turn = agents_[record.turn].name;
    facts.service_ppm = record.service_ppm;
    facts.gates = record.gates;
  }
  std::sort(state.queues.begin(), state.queues.end(),
            [](const QueueFacts& a, const QueueFacts& b) { return a.queue < b.queue; });
  for (const Handlings::Entry& entry : handlings_.entries()) {
    state.handlings.push_back(
        {queues[entry.queue].name, topic(entry.topic), entry.mean, entry.finished});
  }
  std::sort(state.handlings.begin(), state.handlings.end(),
            [](const Handling& a, const Handling& b) {
              return std::tie(a.queue, a.topic) < std::tie(b.queue, b.topic);
            });
  for (const EdgeRecord& edge : edges_) {
    state.edges.push_back(
        {rules_.policy().calendars[edge.calendar].name, timers_.Plain(edge.timer)});
  }
}

void Engine::Desk::SaveMemories(DeskState& state) const {
  for (Slot each = memories_.oldest(); each != kNone; each = memories_[each].newer) {
    const auto& memory = memories_[each];
    state.memories.push_back({memory.key,
                              memory.what == kNone ? TopicName() : lexicon_.topics[memory.what],
                              agents_[memory.agent].name, memory.at});
  }
  for (Slot each = resolved_.oldest(); each != kNone; each = resolved_[each].newer) {
    const auto& resolved = resolved_[each];
    state.resolved.push_back(
        {resolved.key, resolved.what, agents_[resolved.agent].name, resolved.at});
  }
}

AgentState Engine::Desk::SaveAgent(const Agent& agent) const {
  AgentState state;
  state.agent = agent.name;
  state.profile = coverage_.profile(agent.group);
  state.may_take = agent.may_take;
  state.supervisor = agent.supervisor;
  state.bot = agent.bot;
  state.units = agent.units;
  for (const LimitRecord& limit : agent.limits) {
    state.limits.push_back({lexicon_.channels[limit.channel], limit.most});
  }
  state.presence = agent.presence;
  state.away = agent.away;
  state.shift_ends = agent.shift_ends;
  state.idle = agent.idle;
  state.idle_since = agent.idle_since;
  state.paced = agent.paced;
  state.pace_most = agent.pace_most;
  state.pace = timers_.Plain(agent.pace);
  state.slow_until = agent.slow_until;
  state.missed = agent.missed;
  for (const WrapUpRecord& wrap_up : agent.wrap_ups) {
    state.wrap_ups.push_back({wrap_up.inquiry, lexicon_.channels[wrap_up.channel], wrap_up.units,
                              timers_.Plain(wrap_up.end)});
  }
  return state;
}

// Into one that held another before: every field is set.
void Engine::Desk::SaveInquiry(const Inquiry& inquiry, InquiryState& state) const {
  state.inquiry = inquiry.id;
  state.conversation = inquiry.conversation;
  state.customer = inquiry.customer;
  state.message = inquiry.message;
  state.features = FeaturesOf(inquiry);
  state.repeat = inquiry.repeat;
  state.queue_named = inquiry.queue_named;
  state.priority_named.reset();
  if (inquiry.priority_named != Inquiry::kUnnamed) state.priority_named = inquiry.priority_named;
  state.unanswered = inquiry.unanswered;
  state.raised = inquiry.raised;
  state.queue = QueueOf(inquiry).name;
  state.route = RouteName();
  state.more_needs.clear();
  if (inquiry.route != kNone) {
    state.route = rules_.policy().routes[inquiry.route].name;
    state.more_needs = rules_.policy().routes[inquiry.route].needs;
  }
  state.priority = inquiry.priority;
  state.units = inquiry.units;
  state.interruptible = inquiry.interruptible;
  state.size = inquiry.size;
  state.arrival = inquiry.arrival;
  state.placed_at = inquiry.placed_at;
  state.clocks.clear();
  for (Slot each = inquiry.clocks; each != kNone; each = clocks_[each].next) {
    const ClockRecord& record = clocks_[each];
    Clock& clock = state.clocks.emplace_back();
    clock.target = record.target;
    clock.state = record.state;
    clock.length = record.length;
    if (record.hours != kNone) clock.hours = lexicon_.calendars[record.hours];
    clock.since = record.since;
    clock.used = record.used;
    clock.due = record.due;
    clock.warned = record.warned;
    clock.warn = timers_.Plain(record.warn);
    clock.breach = timers_.Plain(record.breach);
  }
  state.forecast = inquiry.forecast;
  state.stage = inquiry.stage;
  state.answered = inquiry.answered;
  state.offers.clear();
  for (Slot each = inquiry.offers; each != kNone; each = offers_[each].next) {
    const OfferRecord& offer = offers_[each];
    state.offers.push_back({OfferId{offer.number}, agents_[offer.agent].name, offer.made_at,
                            timers_.Plain(offer.expiry)});
  }
  state.agent = inquiry.owner == kNone ? AgentName() : agents_[inquiry.owner].name;
  state.assigned_at = inquiry.assigned_at;
  state.answer = timers_.Plain(inquiry.answer);
  const Extra& extra = ExtraOf(inquiry);
  state.gone = timers_.Plain(extra.gone);
  state.exclusions.clear();
  for (const ExclusionRecord& exclusion : extra.exclusions) {
    state.exclusions.push_back(
        {agents_[exclusion.agent].name, timers_.Plain(exclusion.end), exclusion.cooling});
  }
  const bool scheduled = inquiry.stage == Stage::kScheduled;
  state.start = scheduled ? timers_.Plain(extra.wake) : Timer();
  state.wake = scheduled ? Timer() : timers_.Plain(extra.wake);
  state.holds = inquiry.holds;
  state.reopens = extra.reopens;
  state.step = inquiry.step;
  state.relax = timers_.Plain(inquiry.relax);
  state.relax_left = extra.relax_left;
  state.escalated = inquiry.escalated;
  state.escalate = timers_.Plain(inquiry.escalate);
  state.starving = inquiry.starving;
  state.starve = timers_.Plain(inquiry.starve);
  state.preferred.clear();
  for (const Slot agent : extra.preferred) state.preferred.push_back(agents_[agent].name);
  state.reserved = timers_.Plain(inquiry.reserved);
  state.prefer_for = extra.prefer_for;
}

}  // namespace usher::engine
