// What every state keeps, whatever happened: Contradiction().
#include "kit/state_rules.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "kit/desk_view.h"
#include "kit/inquiry_rules.h"
#include "kit/policy_rules.h"
#include "model/calendar.h"

namespace usher::kit {
namespace {

template <class... Part>
std::string Say(const Part&... parts) {
  return (std::string() + ... + parts);
}

// The first sentence that is not empty.
template <class... Check>
std::string FirstOf(const Check&... checks) {
  std::string found;
  ((found.empty() ? void(found = checks()) : void()), ...);
  return found;
}

template <class T, class Key>
bool SortedOnce(const std::vector<T>& list, Key key) {
  for (std::size_t i = 1; i < list.size(); ++i) {
    if (!(key(list[i - 1]) < key(list[i]))) return false;
  }
  return true;
}

std::string BadAgent(const AgentState& a, const DeskState& state, const Limits& limits) {
  if (a.agent.none()) return "has no name";
  if (a.units == 0 || a.units > limits.units_max) return "units out of bounds";
  if (a.profile.skills.size() > limits.skills_per_agent_max) return "too many skills";
  if (a.profile.attributes.size() > limits.attributes_per_agent_max) return "too many attributes";
  if (a.limits.size() > limits.channels_max) return "too many channel limits";
  if (!SortedOnce(a.profile.skills, [](const Need& n) { return n.skill; })) {
    return "skills not sorted";
  }
  if (!SortedOnce(a.profile.attributes, [](const Attribute& each) { return each; })) {
    return "attributes not sorted";
  }
  if (!SortedOnce(a.limits, [](const ChannelLimit& l) { return l.channel; })) {
    return "channel limits not sorted";
  }
  for (const Need& skill : a.profile.skills) {
    if (skill.level > kMaxLevel) return "a level over 100";
  }
  if ((a.presence == Presence::kAway) != (a.away != AwayReason::kNone)) {
    return "away without a reason, or a reason without away";
  }
  if (a.idle == 0 || a.idle > state.last_idle) return "idle was never given out";
  if (a.idle_since > state.now || a.idle_since < Instant()) return "idle since a time to come";
  if (a.pace.set() ? a.paced == 0 || a.pace_most == 0 : a.paced != 0 || a.pace_most != 0) {
    return "a pace without its window";
  }
  for (const WrapUp& w : a.wrap_ups) {
    if (!w.end.set()) return "a wrap-up without an end";
    if (w.units == 0 || w.units > limits.units_max) return "a wrap-up without units";
    if (w.channel.none()) return "a wrap-up without a channel";
  }
  return "";
}

std::string BadBounds(const DeskState& state, const Limits& limits) {
  if (state.now < Instant()) return "a time before 1970";
  if (state.late_credit >= 1000) return "late credit of a whole pick";
  if (state.agents.size() > limits.agents_max) return "too many agents";
  if (state.inquiries.size() > limits.inquiries_max) return "too many inquiries";
  if (state.sources.size() > limits.sources_max) return "too many sources";
  if (state.requests.size() > limits.requests_max) return "too many requests";
  if (state.memories.size() > limits.memories_max) return "too many memories";
  if (state.resolved.size() > limits.memories_max) return "too many resolved";
  if (state.handlings.size() > limits.handlings_max) return "too many handlings";
  if (!SortedOnce(state.agents, [](const AgentState& a) { return a.agent; })) {
    return "agents not sorted";
  }
  if (!SortedOnce(state.inquiries, [](const InquiryState& i) { return i.arrival; })) {
    return "inquiries not sorted by arrival";
  }
  if (!SortedOnce(state.queues, [](const QueueFacts& q) { return q.queue; })) {
    return "queues not sorted";
  }
  if (!SortedOnce(state.handlings,
                  [](const Handling& h) { return std::tuple(h.queue, h.topic); })) {
    return "handlings not sorted";
  }
  if (!SortedOnce(state.sources,
                  [](const SourceState& s) { return std::tuple(s.topic, s.partition); })) {
    return "sources not sorted";
  }
  return "";
}

std::string BadRepeats(const DeskState& state) {
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

std::string BadMemories(const DeskState& state) {
  std::set<std::pair<CustomerId, TopicName>> known;
  Instant last;
  for (const Memory& m : state.memories) {
    if (m.customer.none() || m.agent.none()) return "a memory of nobody";
    if (!known.emplace(m.customer, m.topic).second) return "a memory twice";
    if (m.at < last || m.at > state.now) return "memories not in their order";
    last = m.at;
  }
  std::set<ConversationId> conversations;
  last = Instant();
  for (const Resolved& r : state.resolved) {
    if (r.conversation.none() || r.agent.none()) return "nothing resolved";
    if (!conversations.insert(r.conversation).second) return "a conversation resolved twice";
    if (r.at < last || r.at > state.now) return "resolved not in their order";
    last = r.at;
  }
  return "";
}

// One entry for each calendar that a queue keeps and that still changes, in the policy's order.
std::string BadEdges(const DeskState& state) {
  auto entry = state.edges.begin();
  for (const Calendar& calendar : state.policy.calendars) {
    const bool kept = std::any_of(state.policy.queues.begin(), state.policy.queues.end(),
                                  [&](const Queue& q) { return q.hours == calendar.name; });
    const Instant next = NextEdge(&calendar, state.now);
    if (!kept || next == kNever) continue;
    if (entry == state.edges.end() || entry->calendar != calendar.name || !entry->at.set() ||
        entry->at.at != next) {
      return "a calendar's next edge is not set";
    }
    ++entry;
  }
  return entry == state.edges.end() ? "" : "an edge of no calendar";
}

std::string BadPolicy(const DeskState& state, const Limits& limits) {
  if (!state.has_policy) {
    const bool bare = state.policy == Policy() && state.inquiries.empty() &&
                      state.late_credit == 0 && state.queues.empty() && state.handlings.empty() &&
                      state.edges.empty();
    return bare ? "" : "without a policy, but not as new";
  }
  if (!IsGoodPolicy(state.policy, limits)) return "the policy makes no sense";
  if (TooManyNames(state.agents, state.policy, limits)) return "too many names";
  if (state.queues.size() != state.policy.queues.size()) return "facts of other queues";
  const DeskView view(state);
  for (const QueueFacts& facts : state.queues) {
    const Queue* queue = view.queue(facts.queue);
    if (queue == nullptr) return "facts of no queue";
    if (facts.service_ppm > 1'000'000) return "a service of more than all";
    if (facts.gates >> queue->borrow.size() != 0) return "a gate of no borrow";
  }
  for (const Handling& handling : state.handlings) {
    if (view.queue(handling.queue) == nullptr) return "a handling of no queue";
    if (handling.mean < Duration(0) || handling.finished == 0 || handling.finished > 1'000'000) {
      return "a handling of nothing";
    }
  }
  return BadEdges(state);
}

std::string BadInquiries(const DeskState& state, const Limits& limits) {
  const DeskView view(state);
  std::set<InquiryId> inquiries;
  std::set<ConversationId> conversations;
  std::set<std::uint64_t> offers;
  for (const InquiryState& i : state.inquiries) {
    std::string bad = BadInquiry(i, state, view, limits);
    if (!inquiries.insert(i.inquiry).second) bad = "open twice";
    if (!i.conversation.none() && !conversations.insert(i.conversation).second) {
      bad = "its conversation has another open inquiry";
    }
    for (const OfferState& offer : i.offers) {
      if (!offers.insert(offer.offer.number).second) bad = "its offer is another's too";
    }
    if (!bad.empty()) {
      return Say("inquiry of arrival ", std::to_string(i.arrival), ": ", bad);
    }
  }
  return "";
}

std::string BadAgents(const DeskState& state, const Limits& limits) {
  std::set<std::uint64_t> idles;
  for (const AgentState& a : state.agents) {
    std::string bad = BadAgent(a, state, limits);
    if (!idles.insert(a.idle).second) bad = "idle given to two agents";
    if (!bad.empty()) return Say("agent ", a.agent.ToString(), ": ", bad);
  }
  return "";
}

std::string BadTimers(const DeskState& state) {
  std::set<std::uint64_t> orders;
  for (const StateTimer& each : AllTimers(state)) {
    const Timer& timer = each.timer;
    if (timer.order > state.last_timer || !orders.insert(timer.order).second) {
      return Say("timer ", std::to_string(timer.order), " was never given out, or twice");
    }
    if (timer.at < Instant()) return "a timer before 1970";
    if (timer.at <= state.now && timer.at != kNever && !each.may_be_due) {
      return Say("timer ", std::to_string(timer.order), " is due");
    }
  }
  return "";
}

}  // namespace

std::vector<StateTimer> AllTimers(const DeskState& state) {
  std::vector<StateTimer> timers;
  const auto add = [&](const Timer& timer, bool may_be_due) {
    if (timer.set()) timers.push_back({timer, may_be_due});
  };
  for (const InquiryState& i : state.inquiries) {
    for (const Clock& clock : i.clocks) {
      add(clock.warn, true);
      add(clock.breach, true);
    }
    for (const OfferState& offer : i.offers) add(offer.expiry, false);
    for (const Exclusion& e : i.exclusions) add(e.end, false);
    add(i.answer, false);
    add(i.starve, false);
    for (const Timer& timer : {i.gone, i.start, i.wake, i.relax, i.escalate, i.reserved}) {
      add(timer, true);
    }
  }
  for (const AgentState& a : state.agents) {
    add(a.pace, false);
    for (const WrapUp& w : a.wrap_ups) add(w.end, false);
  }
  for (const CalendarEdge& edge : state.edges) add(edge.at, false);
  return timers;
}

std::string Contradiction(const DeskState& state, const Limits& limits) {
  return FirstOf([&] { return BadBounds(state, limits); }, [&] { return BadRepeats(state); },
                 [&] { return BadMemories(state); }, [&] { return BadAgents(state, limits); },
                 [&] { return BadPolicy(state, limits); },
                 [&] { return BadInquiries(state, limits); }, [&] { return BadTimers(state); },
                 [&] { return Unsettled(state); });
}

}  // namespace usher::kit
