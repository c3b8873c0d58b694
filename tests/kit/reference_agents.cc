// ReferenceEngine: RegisterAgent, RemoveAgent and SetPresence of the chapter "Commands" of
// libs/engine/README.md.
#include <algorithm>
#include <tuple>

#include "kit/policy_rules.h"
#include "kit/reference_engine.h"

namespace usher::kit {
namespace {

// Sorted by skill, doubles keep the higher level.
std::vector<Need> Tidy(std::vector<Need> skills) {
  std::sort(skills.begin(), skills.end(), [](const Need& a, const Need& b) {
    return a.skill != b.skill ? a.skill < b.skill : a.level > b.level;
  });
  skills.erase(std::unique(skills.begin(), skills.end(),
                           [](const Need& a, const Need& b) { return a.skill == b.skill; }),
               skills.end());
  return skills;
}

std::vector<Attribute> Tidy(std::vector<Attribute> attributes) {
  std::sort(attributes.begin(), attributes.end());
  attributes.erase(std::unique(attributes.begin(), attributes.end()), attributes.end());
  return attributes;
}

// Sorted by channel, doubles keep the lower limit.
std::vector<ChannelLimit> Tidy(std::vector<ChannelLimit> limits) {
  std::sort(limits.begin(), limits.end(), [](const ChannelLimit& a, const ChannelLimit& b) {
    return std::tie(a.channel, a.most) < std::tie(b.channel, b.most);
  });
  limits.erase(std::unique(limits.begin(), limits.end(),
                           [](const ChannelLimit& a, const ChannelLimit& b) {
                             return a.channel == b.channel;
                           }),
               limits.end());
  return limits;
}

}  // namespace

// --- RegisterAgent, RemoveAgent
// -------------------------------------------------------------------

void ReferenceEngine::Do(const RegisterAgent& c) {
  if (const auto reason = Unfit(c)) return Reject(*reason);
  const bool is_new = Find(c.agent) == nullptr;
  if (is_new) {
    AgentState made;
    made.agent = c.agent;
    made.presence = Presence::kOffline;
    made.idle = ++desk_.last_idle;
    made.idle_since = desk_.now;
    desk_.agents.push_back(made);
    std::sort(desk_.agents.begin(), desk_.agents.end(),
              [](const AgentState& a, const AgentState& b) { return a.agent < b.agent; });
  }
  AgentState& a = *Find(c.agent);
  a.profile = {Tidy(c.skills), Tidy(c.attributes)};
  a.may_take = c.may_take;
  a.supervisor = c.supervisor;
  a.bot = c.bot;
  a.units = c.units;
  a.limits = Tidy(c.limits);
  Emit(AgentRegistered{a.agent, a.profile.skills, a.units, a.limits, a.profile.attributes,
                       a.may_take, a.supervisor, a.bot});
  if (!is_new) Looks(a.agent);
}

std::optional<RejectReason> ReferenceEngine::Unfit(const RegisterAgent& c) {
  if (c.agent.none()) return RejectReason::kUnknownAgent;
  if (c.units == 0 || c.units > limits_.units_max) return RejectReason::kBadCapacity;
  for (const Need& skill : c.skills) {
    if (skill.level > 100) return RejectReason::kBadLevel;
  }
  if (c.skills.size() > limits_.skills_per_agent_max) return RejectReason::kTooManySkills;
  if (c.attributes.size() > limits_.attributes_per_agent_max) {
    return RejectReason::kTooManyAttributes;
  }
  if (Find(c.agent) == nullptr && desk_.agents.size() >= limits_.agents_max) {
    return RejectReason::kTooManyAgents;
  }
  if (c.limits.size() > limits_.channels_max) return RejectReason::kBadCapacity;
  std::vector<AgentState> as_it_would_be = desk_.agents;
  std::erase_if(as_it_would_be, [&](const AgentState& a) { return a.agent == c.agent; });
  as_it_would_be.emplace_back();
  as_it_would_be.back().profile.skills = c.skills;
  if (TooManyNames(as_it_would_be, desk_.policy, limits_)) return RejectReason::kTooManyNames;
  return std::nullopt;
}

void ReferenceEngine::Do(const RemoveAgent& c) {
  if (Find(c.agent) == nullptr) return Reject(RejectReason::kUnknownAgent);
  Emit(AgentRemoved{c.agent});
  for (InquiryState& i : desk_.inquiries) {  // by arrival
    if (i.agent == c.agent && i.stage == Stage::kPending) {
      i.agent = AgentName();
      i.holds = false;
    }
    if (i.agent == c.agent) {
      Requeue(i, RequeueReason::kAgentRemoved);
      continue;
    }
    const std::vector<OfferState> offers = i.offers;
    for (const OfferState& offer : offers) {
      if (offer.agent != c.agent) continue;
      Emit(OfferRescinded{offer.offer, i.inquiry, c.agent, RescindCause::kAgentRemoved});
      EndOffer(i, c.agent);
      if (!i.offers.empty()) continue;
      WaitsAgain(i);
      Looks(i, OfferReason::kReoffered);
    }
  }
  std::erase_if(desk_.agents, [&](const AgentState& a) { return a.agent == c.agent; });
}

// --- SetPresence
// ----------------------------------------------------------------------------------

void ReferenceEngine::Do(const SetPresence& c) {
  AgentState* a = Find(c.agent);
  if (a == nullptr) return Reject(RejectReason::kUnknownAgent);
  const Presence before = a->presence;
  a->shift_ends = c.shift_ends;
  a->presence = c.presence;
  a->away = c.presence == Presence::kAway ? AwayReason::kAsked : AwayReason::kNone;
  Emit(PresenceChanged{a->agent, a->presence, a->away, a->shift_ends});
  Grace(*a, before);
  switch (c.presence) {
    case Presence::kAvailable:
      if (before != Presence::kAvailable) {
        a->idle = ++desk_.last_idle;
        a->idle_since = desk_.now;
        a->missed = 0;
      }
      if ((before == Presence::kOffline || before == Presence::kAway) &&
          desk_.policy.pace.start > Duration(0)) {
        a->slow_until = Sum(desk_.now, desk_.policy.pace.start);
      }
      Looks(a->agent);
      break;
    case Presence::kDraining:
      break;
    case Presence::kBusy:
    case Presence::kAway:
    case Presence::kOffline:
      RescindAll(a->agent, RescindCause::kAgentUnavailable);
      break;
  }
}

// What it owns waits for an owner who is offline, but not for ever.
void ReferenceEngine::Grace(const AgentState& a, Presence before) {
  const bool left = before != Presence::kOffline && a.presence == Presence::kOffline;
  const bool came = before == Presence::kOffline && a.presence != Presence::kOffline;
  for (InquiryState& i : desk_.inquiries) {  // by arrival
    if (i.agent != a.agent || i.stage == Stage::kPending) continue;
    if (came) i.gone = Timer();
    const Channel* channel = ChannelOf(i);
    if (left && channel != nullptr && channel->grace) i.gone = NextTimer(*channel->grace);
  }
}

}  // namespace usher::kit
