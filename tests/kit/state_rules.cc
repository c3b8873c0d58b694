#include "kit/state_rules.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

namespace usher::kit {
namespace {

template <class... Part>
std::string Say(const Part&... parts) {
  return (std::string() + ... + parts);
}

std::string Text(std::uint64_t number) { return std::to_string(number); }

// What an agent holds: units, and inquiries by channel.
struct Load {
  std::uint64_t units = 0;
  std::map<ChannelName, std::uint64_t> channels;

  std::uint64_t Count(const ChannelName& channel) const {
    const auto found = channels.find(channel);
    return found == channels.end() ? 0 : found->second;
  }
};

const AgentState* Find(const DeskState& state, const AgentName& agent) {
  for (const AgentState& a : state.agents) {
    if (a.agent == agent) return &a;
  }
  return nullptr;
}

// The limit for `channel` of an agent that was; without one there was none. 0 if there was no such
// agent.
std::uint32_t LimitOf(const AgentState* agent, const ChannelName& channel) {
  if (agent == nullptr) return 0;
  for (const ChannelLimit& limit : agent->limits) {
    if (limit.channel == channel) return limit.most;
  }
  return std::numeric_limits<std::uint32_t>::max();
}

std::map<AgentName, Load> Loads(const DeskState& state) {
  std::map<AgentName, Load> loads;
  const auto add = [&](const AgentName& agent, const ChannelName& channel, std::uint32_t units) {
    loads[agent].units += units;
    loads[agent].channels[channel] += 1;
  };
  for (const InquiryState& i : state.inquiries) {
    if (i.offer) add(i.offer->agent, i.features.channel, i.units);
    if (!i.agent.none()) add(i.agent, i.features.channel, i.units);
  }
  for (const AgentState& a : state.agents) {
    for (const WrapUp& w : a.wrap_ups) add(a.agent, w.channel, w.units);
  }
  return loads;
}

bool Holds(const AgentState& agent, const Need& need) {
  return std::any_of(agent.skills.begin(), agent.skills.end(), [&](const Need& held) {
    return held.skill == need.skill && held.level >= need.level;
  });
}

bool Fits(const AgentState& agent, const Load& load, const InquiryState& inquiry) {
  if (load.units + inquiry.units > agent.units) return false;
  return std::none_of(agent.limits.begin(), agent.limits.end(), [&](const ChannelLimit& limit) {
    return limit.channel == inquiry.features.channel && load.Count(limit.channel) >= limit.most;
  });
}

template <class T, class Key>
bool SortedOnce(const std::vector<T>& list, Key key) {
  for (std::size_t i = 1; i < list.size(); ++i) {
    if (!(key(list[i - 1]) < key(list[i]))) return false;
  }
  return true;
}

std::vector<Timer> Timers(const DeskState& state) {
  std::vector<Timer> timers;
  for (const InquiryState& i : state.inquiries) {
    timers.push_back(i.warn);
    timers.push_back(i.breach);
    if (i.offer) timers.push_back(i.offer->expiry);
    for (const Exclusion& e : i.exclusions) timers.push_back(e.end);
  }
  for (const AgentState& a : state.agents) {
    for (const WrapUp& w : a.wrap_ups) timers.push_back(w.end);
  }
  std::erase_if(timers, [](const Timer& timer) { return !timer.set(); });
  return timers;
}

// A policy may set a breach in the past, and a share of a short target may round to no time at all:
// such a timer fires at the next command.
bool MayBeDue(const Timer& timer, const DeskState& state) {
  return std::any_of(state.inquiries.begin(), state.inquiries.end(), [&](const InquiryState& i) {
    return timer == i.breach || (timer == i.warn && i.warn.at == i.placed_at);
  });
}

std::string BadAgent(const AgentState& a, const DeskState& state, const Limits& limits) {
  if (a.agent.none()) return "an agent has no name";
  if (a.units == 0 || a.units > limits.units_max) return "units out of bounds";
  if (a.skills.size() > limits.skills_per_agent_max) return "too many skills";
  if (a.limits.size() > limits.channels_max) return "too many channel limits";
  if (!SortedOnce(a.skills, [](const Need& n) { return n.skill; })) return "skills not sorted";
  if (!SortedOnce(a.limits, [](const ChannelLimit& l) { return l.channel; })) {
    return "channel limits not sorted";
  }
  for (const Need& skill : a.skills) {
    if (skill.level > kMaxLevel) return "a level over 100";
  }
  if ((a.presence == Presence::kAway) != (a.away != AwayReason::kNone)) {
    return "away without a reason, or a reason without away";
  }
  if (a.idle == 0 || a.idle > state.last_idle) return "idle was never given out";
  for (const WrapUp& w : a.wrap_ups) {
    if (!w.end.set()) return "a wrap-up without an end";
    if (w.units == 0) return "a wrap-up without units";
  }
  return "";
}

std::string BadStage(const InquiryState& i, const std::set<AgentName>& agents) {
  if (i.offer.has_value() != (i.stage == Stage::kOffered)) return "stage and offer disagree";
  const bool owned = i.stage == Stage::kAssigned || i.stage == Stage::kAnswered;
  if (i.agent.none() == owned) return "stage and owner disagree";
  if (owned && i.answered != (i.stage == Stage::kAnswered)) return "stage and answered disagree";
  if (owned && agents.count(i.agent) == 0) return "owned by nobody known";
  if (i.offer && agents.count(i.offer->agent) == 0) return "offered to nobody known";
  if (i.offer && i.offer->offer.none()) return "an offer without a number";
  return "";
}

std::string BadClock(const InquiryState& i) {
  if (i.clock == ClockState::kNone && i.due != kNever) return "due without a clock";
  if ((i.clock == ClockState::kRunning || i.clock == ClockState::kWarned) != i.breach.set()) {
    return "clock and breach timer disagree";
  }
  if (i.warn.set() && i.clock != ClockState::kRunning) return "a warning for a clock not running";
  if (i.breach.set() && i.breach.at != i.due) return "the breach is not at due";
  if (i.clock == ClockState::kMet && !i.answered) return "met without an answer";
  return "";
}

std::string BadInquiry(const InquiryState& i, const DeskState& state, const Limits& limits,
                       const std::set<AgentName>& agents) {
  if (!state.has_policy) return "open without a policy";
  if (i.arrival == 0 || i.arrival > state.last_arrival) return "arrival was never given out";
  if (i.offer && i.offer->offer.number > state.last_offer) return "offer was never given out";
  if (i.priority >= kPriorities) return "a priority over 9";
  if (i.units == 0 || i.units > limits.units_max) return "units out of bounds";
  if (i.needs.size() > limits.needs_max) return "too many needs";
  if (!SortedOnce(i.needs, [](const Need& n) { return n.skill; })) return "needs not sorted";
  if (i.placed_at > state.now) return "placed in the future";
  if (i.exclusions.size() > limits.exclusions_max) return "too many exclusions";
  std::set<AgentName> excluded;
  for (const Exclusion& e : i.exclusions) {
    if (!e.end.set()) return "an exclusion without an end";
    if (!excluded.insert(e.agent).second) return "an agent excluded twice";
  }
  const std::string stage = BadStage(i, agents);
  return stage.empty() ? BadClock(i) : stage;
}

std::string BadBounds(const DeskState& state, const Limits& limits) {
  if (state.now < Instant()) return "a time before 1970";
  if (state.late_credit >= 1000) return "late credit of a whole pick";
  if (state.agents.size() > limits.agents_max) return "too many agents";
  if (state.inquiries.size() > limits.inquiries_max) return "too many inquiries";
  if (state.sources.size() > limits.sources_max) return "too many sources";
  if (state.requests.size() > limits.requests_max) return "too many requests";
  if (!SortedOnce(state.agents, [](const AgentState& a) { return a.agent; })) {
    return "agents not sorted";
  }
  if (!SortedOnce(state.inquiries, [](const InquiryState& i) { return i.arrival; })) {
    return "inquiries not sorted by arrival";
  }
  if (!SortedOnce(state.sources,
                  [](const SourceState& s) { return std::tuple(s.topic, s.partition); })) {
    return "sources not sorted";
  }
  for (const SourceState& s : state.sources) {
    if (s.topic.empty() || s.seen.size() != kSourceWindow / 64 || (s.seen[0] & 1) == 0) {
      return "a source window without its highest offset";
    }
  }
  std::set<RequestId> requests;
  for (const RequestState& r : state.requests) {
    if (r.request.none() || !requests.insert(r.request).second) return "a request twice";
  }
  return "";
}

}  // namespace

std::string Contradiction(const DeskState& state, const Limits& limits) {
  if (const std::string bad = BadBounds(state, limits); !bad.empty()) return bad;
  std::set<std::uint64_t> idles;
  std::set<AgentName> agents;
  for (const AgentState& a : state.agents) {
    agents.insert(a.agent);
    std::string bad = BadAgent(a, state, limits);
    if (!idles.insert(a.idle).second) bad = "idle given to two agents";
    if (!bad.empty()) return Say("agent ", a.agent.ToString(), ": ", bad);
  }
  std::set<InquiryId> inquiries;
  std::set<ConversationId> conversations;
  std::set<std::uint64_t> offers;
  for (const InquiryState& i : state.inquiries) {
    std::string bad = BadInquiry(i, state, limits, agents);
    if (!inquiries.insert(i.inquiry).second) bad = "open twice";
    if (!i.conversation.none() && !conversations.insert(i.conversation).second) {
      bad = "its conversation has another open inquiry";
    }
    if (i.offer && !offers.insert(i.offer->offer.number).second) bad = "its offer is another's too";
    if (!bad.empty()) return Say("inquiry ", i.inquiry.ToString(), ": ", bad);
  }
  std::set<std::uint64_t> orders;
  for (const Timer& timer : Timers(state)) {
    if (timer.order > state.last_timer || !orders.insert(timer.order).second) {
      return Say("timer ", Text(timer.order), " was never given out, or twice");
    }
  }
  return "";
}

std::string BrokenInvariant(const DeskState& before, const DeskState& after) {
  const std::map<AgentName, Load> had = Loads(before);
  const std::map<AgentName, Load> has = Loads(after);
  const Load nothing;
  for (const AgentState& a : after.agents) {
    const auto now = has.find(a.agent);
    const auto then = had.find(a.agent);
    const Load& load = now == has.end() ? nothing : now->second;
    const Load& old = then == had.end() ? nothing : then->second;
    // A command may lower a capacity just after its timers filled the old one.
    const AgentState* was = Find(before, a.agent);
    const std::uint32_t units = was == nullptr ? a.units : std::max(a.units, was->units);
    if (load.units > units && load.units > old.units) {
      return Say("agent ", a.agent.ToString(), " has been given more than its units");
    }
    for (const ChannelLimit& limit : a.limits) {
      const std::uint64_t most = std::max(limit.most, LimitOf(was, limit.channel));
      const std::uint64_t count = load.Count(limit.channel);
      if (count > most && count > old.Count(limit.channel)) {
        return Say("agent ", a.agent.ToString(), " has been given more than its channel limit");
      }
    }
    for (const InquiryState& i : after.inquiries) {
      if (i.stage != Stage::kWaiting || a.presence != Presence::kAvailable) continue;
      const bool excluded = std::any_of(i.exclusions.begin(), i.exclusions.end(),
                                        [&](const Exclusion& e) { return e.agent == a.agent; });
      const bool meets = std::all_of(i.needs.begin(), i.needs.end(),
                                     [&](const Need& need) { return Holds(a, need); });
      if (!excluded && meets && Fits(a, load, i)) {
        return Say("inquiry ", i.inquiry.ToString(), " waits while agent ", a.agent.ToString(),
                   " is able");
      }
    }
  }
  for (const Timer& timer : Timers(after)) {
    if (timer.at <= after.now && !MayBeDue(timer, after)) {
      return Say("timer ", Text(timer.order), " is due and did not fire");
    }
  }
  if (after.commands != before.commands + 1) return "a command was not counted";
  if (after.now < before.now) return "time went back";
  if (after.last_arrival < before.last_arrival || after.last_offer < before.last_offer ||
      after.last_idle < before.last_idle || after.last_timer < before.last_timer) {
    return "a counter went back";
  }
  return "";
}

}  // namespace usher::kit
