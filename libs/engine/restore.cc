// From plain values back to an engine that goes on where the saved one stood.
#include <algorithm>

#include "engine/desk.h"
#include "engine/state_check.h"

namespace usher::engine {

// All timers of a state are set in the order in which they fire, into one run.
constexpr Duration kRestoredRun = Duration::min();

bool Engine::Desk::Restore(const DeskState& state) {
  if (!IsConsistent(state, limits_)) return false;
  now_ = state.now;
  commands_ = state.commands;
  last_arrival_ = state.last_arrival;
  last_offer_ = state.last_offer;
  last_idle_ = state.last_idle;
  last_timer_ = state.last_timer;
  late_credit_ = state.late_credit;
  if (state.has_policy) TakePolicy(state.policy);
  for (const AgentState& agent : state.agents) LoadAgent(agent);
  if (!coverage_.NamesFit(state.policy, {}, kNone)) return false;
  for (const InquiryState& inquiry : state.inquiries) LoadInquiry(inquiry);
  LoadTimers(state);
  sources_.Load(state.sources);
  for (const RequestState& request : state.requests) {
    requests_.Note(request.request, request.digest);
  }
  // After every command nobody waits whom somebody could take.
  for (std::uint32_t slot = 0; slot < inquiries_.end(); ++slot) {
    if (inquiries_[slot].stage != Stage::kWaiting) continue;
    if (free_.Find(inquiries_[slot], rules_.kinds()) != kNone) return false;
  }
  return true;
}

void Engine::Desk::LoadAgent(const AgentState& state) {
  const std::uint32_t slot = AgentSlot(state.agent);
  Agent& agent = agents_[slot];
  agent.registered = true;
  ++registered_;
  SetSkills(slot, state.skills);
  agent.units = state.units;
  agent.presence = state.presence;
  agent.away = state.away;
  agent.idle = state.idle;
  agent.missed = state.missed;
  SetLimits(agent, state.limits);
  for (const WrapUp& wrap_up : state.wrap_ups) {
    const std::uint32_t channel = lexicon_.channels.Add(wrap_up.channel);
    agent.wrap_ups.push_back({wrap_up.inquiry, channel, wrap_up.units, kNone});
    Load(agent, channel, wrap_up.units);
  }
  free_.Touch(slot);
}

// Timers aside.
void Engine::Desk::LoadInquiry(const InquiryState& state) {
  const std::uint32_t slot = inquiries_.Add();
  Inquiry& inquiry = inquiries_[slot];
  inquiry.id = state.inquiry;
  inquiry.conversation = state.conversation;
  inquiry.customer = state.customer;
  inquiry.message = state.message;
  inquiry.features = state.features;
  inquiry.queue_named = state.queue_named;
  inquiry.priority_named = state.priority_named;
  inquiry.queue = lexicon_.queues.Add(state.queue);
  inquiry.route = lexicon_.routes.Add(state.route);
  inquiry.sla = lexicon_.slas.Add(state.sla);
  inquiry.channel = lexicon_.channels.Add(state.features.channel);
  inquiry.needs = coverage_.AddNeeds(state.needs);
  inquiry.priority = state.priority;
  inquiry.units = state.units;
  inquiry.auto_accept = state.auto_accept;
  inquiry.offer_window = state.offer_window;
  inquiry.wrap_up = state.wrap_up;
  inquiry.arrival = state.arrival;
  inquiry.placed_at = state.placed_at;
  inquiry.due = state.due;
  inquiry.clock = state.clock;
  inquiry.stage = state.stage;
  inquiry.answered = state.answered;
  inquiry.assigned_at = state.assigned_at;
  inquiry_of_.Insert(inquiry.id, slot);
  if (!inquiry.conversation.none()) inquiry_of_conversation_.Insert(inquiry.conversation, slot);
  for (const Exclusion& exclusion : state.exclusions) {
    const std::uint32_t agent = AgentSlot(exclusion.agent);
    ++agents_[agent].exclusions;
    inquiry.exclusions.push_back({agent, kNone});
  }
  queued_.resize(std::max<std::size_t>(queued_.size(), lexicon_.queues.end()));
  if (state.offer) {
    inquiry.offer = state.offer->offer.number;
    inquiry.offered_at = state.offer->made_at;
    inquiry_of_offer_.Insert(state.offer->offer, slot);
    Hold(slot, FindAgent(state.offer->agent));
    ++queued_[inquiry.queue];
  } else if (inquiry.stage == Stage::kWaiting) {
    StartWaiting(slot);
    ++queued_[inquiry.queue];
  } else {
    Hold(slot, FindAgent(state.agent));
  }
}

void Engine::Desk::LoadTimers(const DeskState& state) {
  struct Saved {
    Timer timer;
    TimerKind kind;
    std::uint32_t owner;
    std::uint32_t* place;
  };
  std::vector<Saved> timers;
  const auto add = [&timers](const Timer& timer, TimerKind kind, std::uint32_t owner,
                             std::uint32_t& place) {
    if (timer.set()) timers.push_back({timer, kind, owner, &place});
  };
  for (const AgentState& saved : state.agents) {
    const std::uint32_t slot = FindAgent(saved.agent);
    for (std::size_t i = 0; i < saved.wrap_ups.size(); ++i) {
      add(saved.wrap_ups[i].end, TimerKind::kWrapUpEnd, slot, agents_[slot].wrap_ups[i].end);
    }
  }
  for (const InquiryState& saved : state.inquiries) {
    const std::uint32_t slot = FindInquiry(saved.inquiry);
    Inquiry& inquiry = inquiries_[slot];
    add(saved.warn, TimerKind::kWarn, slot, inquiry.warn);
    add(saved.breach, TimerKind::kBreach, slot, inquiry.breach);
    if (saved.offer) add(saved.offer->expiry, TimerKind::kExpiry, slot, inquiry.expiry);
    for (std::size_t i = 0; i < saved.exclusions.size(); ++i) {
      add(saved.exclusions[i].end, TimerKind::kExclusionEnd, slot, inquiry.exclusions[i].end);
    }
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
