// The state as plain values, in canonical order.
#include <algorithm>

#include "engine/desk.h"

namespace usher::engine {

DeskState Engine::Desk::Save() const {
  DeskState state;
  state.now = now_;
  state.commands = commands_;
  state.last_arrival = last_arrival_;
  state.last_offer = last_offer_;
  state.last_idle = last_idle_;
  state.last_timer = last_timer_;
  state.late_credit = late_credit_;
  state.has_policy = rules_.taken();
  state.policy = rules_.policy();
  state.agents.reserve(registered_);
  for (std::uint32_t slot = 0; slot < agents_.end(); ++slot) {
    if (agents_.used(slot) && agents_[slot].registered) {
      state.agents.push_back(SaveAgent(agents_[slot]));
    }
  }
  std::sort(state.agents.begin(), state.agents.end(),
            [](const AgentState& a, const AgentState& b) { return a.agent < b.agent; });
  state.inquiries.reserve(inquiries_.size());
  for (const std::uint32_t slot : OpenByArrival()) {
    state.inquiries.push_back(SaveInquiry(inquiries_[slot]));
  }
  state.sources = sources_.Save();
  state.requests = requests_.Save();
  return state;
}

AgentState Engine::Desk::SaveAgent(const Agent& agent) const {
  AgentState state;
  state.agent = agent.name;
  state.skills = coverage_.skills(agent.group);
  state.units = agent.units;
  for (const LimitRecord& limit : agent.limits) {
    state.limits.push_back({lexicon_.channels[limit.channel], limit.most});
  }
  state.presence = agent.presence;
  state.away = agent.away;
  state.idle = agent.idle;
  state.missed = agent.missed;
  for (const WrapUpRecord& wrap_up : agent.wrap_ups) {
    state.wrap_ups.push_back({wrap_up.inquiry, lexicon_.channels[wrap_up.channel], wrap_up.units,
                              timers_.Plain(wrap_up.end)});
  }
  return state;
}

InquiryState Engine::Desk::SaveInquiry(const Inquiry& inquiry) const {
  InquiryState state;
  state.inquiry = inquiry.id;
  state.conversation = inquiry.conversation;
  state.customer = inquiry.customer;
  state.message = inquiry.message;
  state.features = inquiry.features;
  state.queue_named = inquiry.queue_named;
  state.priority_named = inquiry.priority_named;
  state.queue = lexicon_.queues[inquiry.queue];
  state.route = lexicon_.routes[inquiry.route];
  state.priority = inquiry.priority;
  state.needs = coverage_.needs(inquiry.needs);
  state.units = inquiry.units;
  state.auto_accept = inquiry.auto_accept;
  state.offer_window = inquiry.offer_window;
  state.wrap_up = inquiry.wrap_up;
  state.sla = lexicon_.slas[inquiry.sla];
  state.arrival = inquiry.arrival;
  state.placed_at = inquiry.placed_at;
  state.due = inquiry.due;
  state.clock = inquiry.clock;
  state.warn = timers_.Plain(inquiry.warn);
  state.breach = timers_.Plain(inquiry.breach);
  state.stage = inquiry.stage;
  state.answered = inquiry.answered;
  if (inquiry.stage == Stage::kOffered) {
    state.offer = OfferState{OfferId{inquiry.offer}, agents_[inquiry.agent].name,
                             inquiry.offered_at, timers_.Plain(inquiry.expiry)};
  } else if (inquiry.stage != Stage::kWaiting) {
    state.agent = agents_[inquiry.agent].name;
  }
  state.assigned_at = inquiry.assigned_at;
  for (const ExclusionRecord& exclusion : inquiry.exclusions) {
    state.exclusions.push_back({agents_[exclusion.agent].name, timers_.Plain(exclusion.end)});
  }
  return state;
}

}  // namespace usher::engine
