// Register, remove, presence: what is said of an agent.
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

std::vector<Attribute> Tidy(std::vector<Attribute> attributes) {
  std::sort(attributes.begin(), attributes.end());
  attributes.erase(std::unique(attributes.begin(), attributes.end()), attributes.end());
  return attributes;
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
  Slot slot = FindAgentSlot(command.agent);
  if (slot == kNone) slot = AddAgentSlot(command.agent);
  agent_rows_.Mark(slot);
  Agent& agent = agents_[slot];
  const bool is_new = !agent.registered;
  if (is_new) {
    agent.registered = true;
    ++registered_;
    NewIdle(slot);
  }
  SetProfile(slot, {Tidy(command.skills), Tidy(command.attributes)});
  agent.may_take = command.may_take;
  agent.supervisor = command.supervisor;
  agent.bot = command.bot;
  agent.units = command.units;
  const std::vector<ChannelLimit> limits = Tidy(command.limits);
  SetLimits(slot, limits);
  free_.Touch(slot);
  for (const Slot kept : agent.reserved) suspects_.push_back(kept);
  const Profile& profile = coverage_.profile(agent.group);
  Emit<AgentRegistered>() = {agent.name,         profile.skills, agent.units,      limits,
                             profile.attributes, agent.may_take, agent.supervisor, agent.bot};
  if (!is_new) AgentLooks(slot);
}

RejectReason Engine::Desk::Refusal(const RegisterAgent& command) const {
  if (command.agent.none()) return RejectReason::kUnknownAgent;
  if (command.units == 0 || command.units > limits_.units_max) return RejectReason::kBadCapacity;
  for (const Need& skill : command.skills) {
    if (skill.level > kMaxLevel) return RejectReason::kBadLevel;
  }
  if (command.skills.size() > limits_.skills_per_agent_max) return RejectReason::kTooManySkills;
  if (command.attributes.size() > limits_.attributes_per_agent_max) {
    return RejectReason::kTooManyAttributes;
  }
  const Slot known = FindAgent(command.agent);
  if (known == kNone && registered_ >= limits_.agents_max) return RejectReason::kTooManyAgents;
  if (command.limits.size() > limits_.channels_max) return RejectReason::kBadCapacity;
  const Slot group = known == kNone ? kNone : agents_[known].group;
  if (!coverage_.NamesFit(rules_.policy(), command.skills, group)) {
    return RejectReason::kTooManyNames;
  }
  return RejectReason::kNone;
}

void Engine::Desk::Do(const RemoveAgent& command) {
  const Slot slot = FindAgent(command.agent);
  if (slot == kNone) return Reject(RejectReason::kUnknownAgent);
  Emit<AgentRemoved>().agent = command.agent;
  Agent& agent = agents_[slot];
  agent_rows_.Mark(slot);
  ++agent.references;  // until all is done
  struct Held {
    std::uint64_t arrival;
    Slot slot;
    Slot offer;  // kNone: owned
  };
  std::vector<Held> held;
  for (const Slot each : OwnedBy(agent)) held.push_back({inquiries_[each].arrival, each, kNone});
  for (const Slot each : OffersOf(agent)) {
    held.push_back({inquiries_[offers_[each].inquiry].arrival, offers_[each].inquiry, each});
  }
  std::sort(held.begin(), held.end(),
            [](const Held& a, const Held& b) { return a.arrival < b.arrival; });
  for (const Held& each : held) {
    Inquiry& inquiry = inquiries_[each.slot];
    if (each.offer != kNone) {
      Emit<OfferRescinded>() = {OfferId{offers_[each.offer].number}, inquiry.id, command.agent,
                                RescindCause::kAgentRemoved};
      EndOffer(each.offer);
      if (inquiry.offers != kNone) continue;
      WaitsAgain(each.slot);
      Looks(each.slot, OfferReason::kReoffered);
    } else if (inquiry.stage == Stage::kPending) {
      Disown(each.slot);
      inquiry.holds = false;
    } else {
      Requeue(each.slot, RequeueReason::kAgentRemoved);
    }
  }
  for (WrapUpRecord& wrap_up : agent.wrap_ups) {
    ClearTimer(wrap_up.end);
    lexicon_.channels.Drop(wrap_up.channel);
  }
  ClearTimer(agent.pace);
  for (const LimitRecord& limit : agent.limits) lexicon_.channels.Drop(limit.channel);
  for (const Slot kept : agent.reserved) suspects_.push_back(kept);
  free_.Forget(slot);
  if (agent.logged_in() && coverage_.LogOut(agent.group)) staff_changed_ = true;
  coverage_.LeaveGroup(agent.group);
  Agent ghost;
  ghost.name = agent.name;
  ghost.references = agent.references;
  ghost.reserved = std::move(agent.reserved);
  agent = std::move(ghost);
  --registered_;
  DropAgent(slot);
}

void Engine::Desk::Do(const SetPresence& command) {
  const Slot slot = FindAgent(command.agent);
  if (slot == kNone) return Reject(RejectReason::kUnknownAgent);
  Agent& agent = agents_[slot];
  const Presence before = agent.presence;
  agent.shift_ends = command.shift_ends;
  SetPresenceOf(slot, command.presence);
  agent.away = command.presence == Presence::kAway ? AwayReason::kAsked : AwayReason::kNone;
  Emit<PresenceChanged>() = {agent.name, agent.presence, agent.away, agent.shift_ends};
  Grace(slot, before);
  switch (command.presence) {
    case Presence::kAvailable: {
      if (before != Presence::kAvailable) {
        NewIdle(slot);
        agent.missed = 0;
      }
      const Duration start = rules_.policy().pace.start;
      const bool came = before == Presence::kOffline || before == Presence::kAway;
      if (came && start > Duration(0)) agent.slow_until = After(now_, start);
      return AgentLooks(slot);
    }
    case Presence::kDraining:
      return;
    case Presence::kBusy:
    case Presence::kAway:
    case Presence::kOffline:
      return RescindAll(slot, RescindCause::kAgentUnavailable);
  }
}

void Engine::Desk::SetPresenceOf(Slot slot, Presence presence) {
  agent_rows_.Mark(slot);
  Agent& agent = agents_[slot];
  const bool was_in = agent.logged_in();
  agent.presence = presence;
  free_.Touch(slot);
  for (const Slot kept : agent.reserved) suspects_.push_back(kept);
  if (agent.logged_in() == was_in) return;
  const bool flips = was_in ? coverage_.LogOut(agent.group) : coverage_.LogIn(agent.group);
  if (flips) staff_changed_ = true;
}

// What it owns waits for an owner who is offline, but not for ever.
void Engine::Desk::Grace(Slot slot, Presence before) {
  const Agent& agent = agents_[slot];
  const bool left = before != Presence::kOffline && agent.presence == Presence::kOffline;
  const bool came = before == Presence::kOffline && agent.presence != Presence::kOffline;
  if (!left && !came) return;
  for (const Slot owned : OwnedBy(agent)) {
    Inquiry& inquiry = inquiries_[owned];
    if (inquiry.stage == Stage::kPending) continue;
    const Channel* channel = ChannelOf(inquiry);
    const bool graced = left && channel != nullptr && channel->grace;
    if (came || graced) ClearGone(inquiry);
    if (!graced) continue;
    ExtraFor(inquiry).gone = SetTimer(TimerKind::kGone, owned, now_, *channel->grace);
  }
}

void Engine::Desk::SetProfile(Slot slot, const Profile& profile) {
  Agent& agent = agents_[slot];
  const Slot group = coverage_.AddToGroup(profile);
  if (agent.group == group) return coverage_.LeaveGroup(group);  // counted twice just now
  if (agent.logged_in() && agent.group != kNone) {
    coverage_.LogOut(agent.group);
    staff_changed_ = true;
  }
  if (agent.group != kNone) {
    free_.Forget(slot);
    coverage_.LeaveGroup(agent.group);
  }
  agent.group = group;
  if (agent.logged_in()) coverage_.LogIn(group);
}

// The first limit for a channel: it becomes a kind of its own, and stays one.
void Engine::Desk::Limit(std::uint32_t channel) {
  if (limited_.Has(channel)) return;
  limited_.Put(channel);
  if (rules_.ChannelOf(channel) == kNone) return;
  for (Slot slot = 0; slot < inquiries_.end(); ++slot) {
    if (inquiries_.used(slot) && inquiries_[slot].stage == Stage::kWaiting) Touch(slot);
  }
  rules_.Sort(limited_);
  free_.Renew(rules_.kinds());
}

void Engine::Desk::SetLimits(Slot slot, const std::vector<ChannelLimit>& limits) {
  Agent& agent = agents_[slot];
  std::vector<LimitRecord> before = std::move(agent.limits);
  agent.limits.clear();
  for (const ChannelLimit& limit : limits) {
    agent.limits.push_back({lexicon_.channels.Add(limit.channel), limit.most, 0});
    Limit(agent.limits.back().channel);
  }
  for (const LimitRecord& limit : before) lexicon_.channels.Drop(limit.channel);
  for (Slot held = agent.held; held != kNone; held = inquiries_[held].next) {
    const Inquiry& inquiry = inquiries_[held];
    if (inquiry.owned() || inquiry.holds) CountChannel(agent, inquiry.channel, 1);
  }
  for (const Slot offer : OffersOf(agent)) {
    CountChannel(agent, inquiries_[offers_[offer].inquiry].channel, 1);
  }
  for (const WrapUpRecord& wrap_up : agent.wrap_ups) CountChannel(agent, wrap_up.channel, 1);
}

}  // namespace usher::engine
