#include "engine/state_check.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "engine/distinct.h"
#include "engine/inquiry_check.h"
#include "engine/policy_check.h"
#include "model/calendar.h"

namespace usher::engine {
namespace {

template <class T, class Key>
bool IsSortedOnce(const std::vector<T>& list, Key key) {
  for (std::size_t i = 1; i < list.size(); ++i) {
    if (!(key(list[i - 1]) < key(list[i]))) return false;
  }
  return true;
}

bool BoundsAreKept(const DeskState& state, std::size_t inquiries, const Limits& limits) {
  return state.now >= Instant() && state.late_credit < 1000 &&
         state.agents.size() <= limits.agents_max && inquiries <= limits.inquiries_max &&
         state.sources.size() <= limits.sources_max &&
         state.requests.size() <= limits.requests_max &&
         state.memories.size() <= limits.memories_max &&
         state.resolved.size() <= limits.memories_max &&
         state.handlings.size() <= limits.handlings_max;
}

bool ListsAreSorted(const DeskState& state) {
  return IsSortedOnce(state.agents, [](const AgentState& a) { return a.agent; }) &&
         IsSortedOnce(state.queues, [](const QueueFacts& q) { return q.queue; }) &&
         IsSortedOnce(state.handlings,
                      [](const Handling& h) { return std::tie(h.queue, h.topic); }) &&
         IsSortedOnce(state.sources,
                      [](const SourceState& s) { return std::tie(s.topic, s.partition); });
}

bool SourcesAreRight(const DeskState& state) {
  return std::all_of(state.sources.begin(), state.sources.end(), [](const SourceState& s) {
    return !s.topic.empty() && s.seen.size() == kSourceWindow / 64 && (s.seen[0] & 1) != 0;
  });
}

bool RequestsAreRight(const DeskState& state) {
  return std::none_of(state.requests.begin(), state.requests.end(),
                      [](const RequestState& request) { return request.request.none(); });
}

bool MemoriesAreRight(const DeskState& state) {
  std::vector<std::pair<CustomerId, TopicName>> known;
  Instant last;
  for (const Memory& memory : state.memories) {
    if (memory.customer.none() || memory.agent.none()) return false;
    if (memory.at < last || memory.at > state.now) return false;
    last = memory.at;
    known.emplace_back(memory.customer, memory.topic);
  }
  std::vector<ConversationId> conversations;
  last = Instant();
  for (const Resolved& resolved : state.resolved) {
    if (resolved.conversation.none() || resolved.agent.none()) return false;
    if (resolved.at < last || resolved.at > state.now) return false;
    last = resolved.at;
    conversations.push_back(resolved.conversation);
  }
  return IsDistinct(std::move(known)) && IsDistinct(std::move(conversations));
}

bool AgentIsRight(const AgentState& a, const DeskState& state, const Limits& limits) {
  if (a.agent.none() || a.units == 0 || a.units > limits.units_max) return false;
  if (a.profile.skills.size() > limits.skills_per_agent_max ||
      a.profile.attributes.size() > limits.attributes_per_agent_max ||
      a.limits.size() > limits.channels_max) {
    return false;
  }
  if (!IsSortedOnce(a.profile.skills, [](const Need& n) { return n.skill; }) ||
      !IsSortedOnce(a.profile.attributes, [](const Attribute& each) { return each; }) ||
      !IsSortedOnce(a.limits, [](const ChannelLimit& l) { return l.channel; })) {
    return false;
  }
  for (const Need& skill : a.profile.skills) {
    if (skill.level > kMaxLevel) return false;
  }
  if (a.presence > Presence::kDraining || a.away > AwayReason::kMissedOffers) return false;
  if ((a.presence == Presence::kAway) != (a.away != AwayReason::kNone)) return false;
  if (a.idle == 0 || a.idle > state.last_idle) return false;
  if (a.idle_since > state.now || a.idle_since < Instant()) return false;
  const bool paces = a.pace.set();
  if (paces ? a.paced == 0 || a.pace_most == 0 : a.paced != 0 || a.pace_most != 0) return false;
  return std::all_of(a.wrap_ups.begin(), a.wrap_ups.end(), [&](const WrapUp& w) {
    return w.end.set() && w.units > 0 && w.units <= limits.units_max && !w.channel.none();
  });
}

bool AgentsAreRight(const DeskState& state, const Limits& limits) {
  std::vector<std::uint64_t> idles;
  for (const AgentState& agent : state.agents) {
    if (!AgentIsRight(agent, state, limits)) return false;
    idles.push_back(agent.idle);
  }
  return IsDistinct(std::move(idles));
}

// One entry for each calendar that a queue keeps and that still changes, in the policy's order.
bool EdgesAreRight(const DeskState& state) {
  auto entry = state.edges.begin();
  for (const Calendar& calendar : state.policy.calendars) {
    const bool kept = std::any_of(state.policy.queues.begin(), state.policy.queues.end(),
                                  [&](const Queue& queue) { return queue.hours == calendar.name; });
    const Instant next = NextEdge(&calendar, state.now);
    if (!kept || next == kNever) continue;
    if (entry == state.edges.end() || entry->calendar != calendar.name || !entry->at.set() ||
        entry->at.at != next) {
      return false;
    }
    ++entry;
  }
  return entry == state.edges.end();
}

bool PolicyIsRight(const StateView& view, std::size_t inquiries) {
  const DeskState& state = view.state;
  if (!state.has_policy) {
    return state.policy == Policy() && inquiries == 0 && state.late_credit == 0 &&
           state.queues.empty() && state.handlings.empty() && state.edges.empty();
  }
  if (!PolicyIsSound(state.policy, view.limits)) return false;
  if (state.queues.size() != state.policy.queues.size()) return false;
  for (const QueueFacts& facts : state.queues) {
    const auto queue = view.queues.find(facts.queue);
    if (queue == view.queues.end() || facts.service_ppm > 1'000'000) return false;
    const std::size_t gates = queue->second->borrow.size();
    if (gates < 32 && facts.gates >> gates != 0) return false;
  }
  for (const Handling& handling : state.handlings) {
    if (view.queues.find(handling.queue) == view.queues.end()) return false;
    if (handling.mean < Duration(0) || handling.finished == 0 || handling.finished > 1'000'000) {
      return false;
    }
  }
  return EdgesAreRight(state);
}

}  // namespace

StateCheck::StateCheck(const DeskState& rest, std::size_t inquiries, const Limits& limits)
    : state_(rest), inquiries_(inquiries), limits_(limits), view_(rest, limits) {}

bool StateCheck::Begin() {
  if (state_.commands == 0 && !(inquiries_ == 0 && state_ == DeskState())) return false;
  return BoundsAreKept(state_, inquiries_, limits_) && ListsAreSorted(state_) &&
         SourcesAreRight(state_) && RequestsAreRight(state_) && MemoriesAreRight(state_) &&
         AgentsAreRight(state_, limits_) && PolicyIsRight(view_, inquiries_);
}

bool StateCheck::Take(const InquiryState& i) {
  if (i.arrival <= last_arrival_ || !IsConsistent(i, view_)) return false;
  last_arrival_ = i.arrival;
  for (const Clock& clock : i.clocks) {
    if (!IsRight({clock.warn, clock.breach}, true)) return false;
  }
  for (const OfferState& offer : i.offers) {
    if (!IsRight({offer.expiry}, false)) return false;
  }
  for (const Exclusion& exclusion : i.exclusions) {
    if (!IsRight({exclusion.end}, false)) return false;
  }
  return IsRight({i.answer, i.starve}, false) &&
         IsRight({i.gone, i.start, i.wake, i.relax, i.escalate, i.reserved}, true);
}

bool StateCheck::End() {
  for (const AgentState& agent : state_.agents) {
    if (!IsRight({agent.pace}, false)) return false;
    for (const WrapUp& wrap_up : agent.wrap_ups) {
      if (!IsRight({wrap_up.end}, false)) return false;
    }
  }
  for (const CalendarEdge& edge : state_.edges) {
    if (!IsRight({edge.at}, false)) return false;
  }
  return IsDistinct(std::move(timers_));
}

// Numbers that were given once (all are compared at the end), times that may be.
bool StateCheck::IsRight(std::initializer_list<Timer> timers, bool may_be_due) {
  for (const Timer& timer : timers) {
    if (!timer.set()) {
      if (!(timer == Timer())) return false;
      continue;
    }
    timers_.push_back(timer.order);
    const bool is_due = timer.at <= state_.now && timer.at != kNever;
    if (timer.order > state_.last_timer || timer.at < Instant()) return false;
    if (is_due && !may_be_due) return false;
  }
  return true;
}

}  // namespace usher::engine
