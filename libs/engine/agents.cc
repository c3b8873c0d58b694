// Register, remove, presence, work shown: what is said of an agent.
#include <algorithm>

#include "engine/desk.h"

namespace usher::engine {
namespace {

// Sorted by skill, each once, at the higher level.
std::vector<Need> Tidy(std::vector<Need> skills) {
  std::sort(skills.begin(), skills.end());
  std::vector<Need> tidy;
  for (const Need& skill : skills) {
    if (!tidy.empty() && tidy.back().skill == skill.skill) tidy.pop_back();
    tidy.push_back(skill);
  }
  return tidy;
}

// Sorted by channel, each once, with the lower limit.
std::vector<ChannelLimit> Tidy(std::vector<ChannelLimit> limits) {
  std::sort(limits.begin(), limits.end(), [](const ChannelLimit& a, const ChannelLimit& b) {
    return a.channel != b.channel ? a.channel < b.channel : a.most < b.most;
  });
  limits.erase(std::unique(limits.begin(), limits.end(),
                           [](const ChannelLimit& a, const ChannelLimit& b) {
                             return a.channel == b.channel;
                           }),
               limits.end());
  return limits;
}

}  // namespace

void Engine::Desk::Do(const RegisterAgent& command) {
  const RejectReason refusal = Refusal(command);
  if (refusal != RejectReason::kNone) return Reject(refusal);
  const std::uint32_t slot = AgentSlot(command.agent);
  Agent& agent = agents_[slot];
  const bool is_new = !agent.registered;
  if (is_new) {
    agent.registered = true;
    ++registered_;
    agent.presence = Presence::kOffline;
    NewIdle(slot);
  }
  SetSkills(slot, Tidy(command.skills));
  agent.units = command.units;
  const std::vector<ChannelLimit> limits = Tidy(command.limits);
  SetLimits(agent, limits);
  free_.Touch(slot);
  Emit<AgentRegistered>() = {agent.name, coverage_.skills(agent.group), agent.units, limits};
  if (!is_new) TryInquiries(slot);
}

RejectReason Engine::Desk::Refusal(const RegisterAgent& command) const {
  if (command.agent.none()) return RejectReason::kUnknownAgent;
  if (command.units == 0 || command.units > limits_.units_max) return RejectReason::kBadCapacity;
  for (const Need& skill : command.skills) {
    if (skill.level > kMaxLevel) return RejectReason::kBadLevel;
  }
  if (command.skills.size() > limits_.skills_per_agent_max) return RejectReason::kTooManySkills;
  const std::uint32_t known = FindAgent(command.agent);
  if (known == kNone && registered_ >= limits_.agents_max) return RejectReason::kTooManyAgents;
  if (command.limits.size() > limits_.channels_max) return RejectReason::kBadCapacity;
  const std::uint32_t group = known == kNone ? kNone : agents_[known].group;
  if (!coverage_.NamesFit(rules_.policy(), command.skills, group)) {
    return RejectReason::kTooManyNames;
  }
  return RejectReason::kNone;
}

void Engine::Desk::Do(const RemoveAgent& command) {
  const std::uint32_t slot = FindAgent(command.agent);
  if (slot == kNone) return Reject(RejectReason::kUnknownAgent);
  Emit<AgentRemoved>().agent = command.agent;
  Agent& agent = agents_[slot];
  Slots held = HeldBy(agent, false);
  SortByArrival(held);
  for (const std::uint32_t inquiry : held) {
    if (inquiries_[inquiry].stage == Stage::kOffered) {
      Rescind(inquiry, RescindCause::kAgentRemoved);
    } else {
      Emit<InquiryRequeued>() = {inquiries_[inquiry].id, command.agent,
                                 RequeueReason::kAgentRemoved};
    }
    WaitsAgain(inquiry);
  }
  for (WrapUpRecord& wrap_up : agent.wrap_ups) {
    ClearTimer(wrap_up.end);
    lexicon_.channels.Drop(wrap_up.channel);
  }
  for (const LimitRecord& limit : agent.limits) lexicon_.channels.Drop(limit.channel);
  free_.Forget(slot);
  coverage_.LeaveGroup(agent.group);
  Agent ghost;
  ghost.name = agent.name;
  ghost.exclusions = agent.exclusions;
  agent = std::move(ghost);
  --registered_;
  FreeAgentSlot(slot);
  for (const std::uint32_t inquiry : held) TryAgents(inquiry, OfferReason::kReoffered);
}

void Engine::Desk::Do(const SetPresence& command) {
  const std::uint32_t slot = FindAgent(command.agent);
  if (slot == kNone) return Reject(RejectReason::kUnknownAgent);
  Agent& agent = agents_[slot];
  const bool was_available = agent.presence == Presence::kAvailable;
  agent.presence = command.presence;
  agent.away = command.presence == Presence::kAway ? AwayReason::kAsked : AwayReason::kNone;
  free_.Touch(slot);
  Emit<PresenceChanged>() = {agent.name, agent.presence, agent.away};
  if (command.presence == Presence::kDraining) return;
  if (command.presence == Presence::kAvailable) {
    if (!was_available) {
      NewIdle(slot);
      agent.missed = 0;
    }
    TryInquiries(slot);
    return;
  }
  for (const std::uint32_t inquiry : RescindOffers(slot, RescindCause::kAgentUnavailable)) {
    TryAgents(inquiry, OfferReason::kReoffered);
  }
}

void Engine::Desk::Do(const ShowWork& command) {
  const std::uint32_t slot = FindAgent(command.agent);
  if (slot == kNone) return Reject(RejectReason::kUnknownAgent);
  const Agent& agent = agents_[slot];
  WorkShown& shown = Emit<WorkShown>();
  shown.agent = agent.name;
  shown.presence = agent.presence;
  Slots offered = HeldBy(agent, true);
  SortByOffer(offered);
  for (const std::uint32_t held : offered) {
    const Inquiry& inquiry = inquiries_[held];
    shown.offers.push_back({OfferId{inquiry.offer}, inquiry.id, lexicon_.queues[inquiry.queue],
                            timers_.Plain(inquiry.expiry).at});
  }
  Slots all = HeldBy(agent, false);
  SortByArrival(all);
  for (const std::uint32_t held : all) {
    const Inquiry& inquiry = inquiries_[held];
    if (inquiry.stage == Stage::kOffered) continue;
    shown.assignments.push_back({inquiry.id, lexicon_.queues[inquiry.queue], inquiry.answered});
  }
}

std::uint32_t Engine::Desk::FindAgent(const AgentName& name) const {
  const std::uint32_t slot = FindAgentSlot(name);
  return slot != kNone && agents_[slot].registered ? slot : kNone;
}

std::uint32_t Engine::Desk::FindAgentSlot(const AgentName& name) const {
  return agent_of_.Find(
      name, [this](std::uint32_t slot) -> const AgentName& { return agents_[slot].name; });
}

std::uint32_t Engine::Desk::AgentSlot(const AgentName& name) {
  const std::uint32_t known = FindAgentSlot(name);
  if (known != kNone) return known;
  const std::uint32_t slot = agents_.Add();
  agents_[slot].name = name;
  agent_of_.Insert(name, slot);
  return slot;
}

void Engine::Desk::FreeAgentSlot(std::uint32_t slot) {
  if (agents_[slot].registered || agents_[slot].exclusions > 0) return;
  agent_of_.Erase(agents_[slot].name, slot);
  agents_.Remove(slot);
}

void Engine::Desk::SetSkills(std::uint32_t slot, const std::vector<Need>& skills) {
  Agent& agent = agents_[slot];
  const std::uint32_t group = coverage_.AddToGroup(skills);
  if (agent.group == group) return coverage_.LeaveGroup(group);  // counted twice just now
  if (agent.group != kNone) {
    free_.Forget(slot);
    coverage_.LeaveGroup(agent.group);
  }
  agent.group = group;
}

void Engine::Desk::SetLimits(Agent& agent, const std::vector<ChannelLimit>& limits) {
  std::vector<LimitRecord> before = std::move(agent.limits);
  agent.limits.clear();
  for (const ChannelLimit& limit : limits) {
    agent.limits.push_back({lexicon_.channels.Add(limit.channel), limit.most, 0});
  }
  for (const LimitRecord& limit : before) lexicon_.channels.Drop(limit.channel);
  const auto count = [&agent](std::uint32_t channel) {
    for (LimitRecord& limit : agent.limits) limit.count += limit.channel == channel ? 1 : 0;
  };
  for (std::uint32_t held = agent.held; held != kNone; held = inquiries_[held].next) {
    count(inquiries_[held].channel);
  }
  for (const WrapUpRecord& wrap_up : agent.wrap_ups) count(wrap_up.channel);
}

Engine::Desk::Slots Engine::Desk::HeldBy(const Agent& agent, bool offered_only) const {
  Slots slots;
  for (std::uint32_t held = agent.held; held != kNone; held = inquiries_[held].next) {
    if (!offered_only || inquiries_[held].stage == Stage::kOffered) slots.push_back(held);
  }
  return slots;
}

void Engine::Desk::SortByArrival(Slots& slots) const {
  std::sort(slots.begin(), slots.end(), [this](std::uint32_t a, std::uint32_t b) {
    return inquiries_[a].arrival < inquiries_[b].arrival;
  });
}

void Engine::Desk::SortByOffer(Slots& slots) const {
  std::sort(slots.begin(), slots.end(), [this](std::uint32_t a, std::uint32_t b) {
    return inquiries_[a].offer < inquiries_[b].offer;
  });
}

// What was offered to the agent waits again; the caller tries other agents, in this order.
Engine::Desk::Slots Engine::Desk::RescindOffers(std::uint32_t agent, RescindCause cause) {
  Slots offered = HeldBy(agents_[agent], true);
  SortByOffer(offered);
  for (const std::uint32_t inquiry : offered) {
    Rescind(inquiry, cause);
    WaitsAgain(inquiry);
  }
  return offered;
}

}  // namespace usher::engine
