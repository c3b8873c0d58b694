#include "engine/state_check.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

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

template <class T>
bool IsDistinct(std::vector<T> list) {
  std::sort(list.begin(), list.end());
  return std::adjacent_find(list.begin(), list.end()) == list.end();
}

bool BoundsAreKept(const DeskState& state, const Limits& limits) {
  return state.now >= Instant() && state.late_credit < 1000 &&
         state.agents.size() <= limits.agents_max &&
         state.inquiries.size() <= limits.inquiries_max &&
         state.sources.size() <= limits.sources_max &&
         state.requests.size() <= limits.requests_max &&
         state.memories.size() <= limits.memories_max &&
         state.resolved.size() <= limits.memories_max &&
         state.handlings.size() <= limits.handlings_max;
}

bool ListsAreSorted(const DeskState& state) {
  return IsSortedOnce(state.agents, [](const AgentState& a) { return a.agent; }) &&
         IsSortedOnce(state.inquiries, [](const InquiryState& i) { return i.arrival; }) &&
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
  std::vector<RequestId> requests;
  for (const RequestState& request : state.requests) {
    if (request.request.none()) return false;
    requests.push_back(request.request);
  }
  return IsDistinct(std::move(requests));
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

bool PolicyIsRight(const DeskState& state, const Limits& limits) {
  if (!state.has_policy) {
    return state.policy == Policy() && state.inquiries.empty() && state.late_credit == 0 &&
           state.queues.empty() && state.handlings.empty() && state.edges.empty();
  }
  if (!IsSound(state.policy, limits)) return false;
  if (state.queues.size() != state.policy.queues.size()) return false;
  const StateView view(state, limits);
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

bool InquiriesAreRight(const DeskState& state, const Limits& limits) {
  const StateView view(state, limits);
  std::vector<InquiryId> ids;
  std::vector<ConversationId> conversations;
  std::vector<std::uint64_t> offers;
  for (const InquiryState& inquiry : state.inquiries) {
    if (!IsConsistent(inquiry, view)) return false;
    ids.push_back(inquiry.inquiry);
    if (!inquiry.conversation.none()) conversations.push_back(inquiry.conversation);
    for (const OfferState& offer : inquiry.offers) offers.push_back(offer.offer.number);
  }
  return IsDistinct(std::move(ids)) && IsDistinct(std::move(conversations)) &&
         IsDistinct(std::move(offers));
}

// All timers of a state: numbers that were given once, times that may be.
class TimerCheck {
 public:
  explicit TimerCheck(const DeskState& state) : state_(state) {}

  bool Run() {
    for (const InquiryState& i : state_.inquiries) {
      for (const Clock& clock : i.clocks) Take({clock.warn, clock.breach}, true);
      for (const OfferState& offer : i.offers) Take({offer.expiry}, false);
      for (const Exclusion& e : i.exclusions) Take({e.end}, false);
      Take({i.answer, i.starve}, false);
      Take({i.gone, i.start, i.wake, i.relax, i.escalate, i.reserved}, true);
    }
    for (const AgentState& a : state_.agents) {
      Take({a.pace}, false);
      for (const WrapUp& w : a.wrap_ups) Take({w.end}, false);
    }
    for (const CalendarEdge& edge : state_.edges) Take({edge.at}, false);
    return right_ && IsDistinct(std::move(orders_));
  }

 private:
  void Take(std::initializer_list<Timer> timers, bool may_be_due) {
    for (const Timer& timer : timers) {
      if (!timer.set()) {
        right_ = right_ && timer == Timer();
        continue;
      }
      orders_.push_back(timer.order);
      const bool is_due = timer.at <= state_.now && timer.at != kNever;
      right_ = right_ && timer.order <= state_.last_timer && timer.at >= Instant() &&
               (may_be_due || !is_due);
    }
  }

  const DeskState& state_;
  std::vector<std::uint64_t> orders_;
  bool right_ = true;
};

}  // namespace

bool IsConsistent(const DeskState& state, const Limits& limits) {
  if (state.commands == 0 && !(state == DeskState())) return false;
  return BoundsAreKept(state, limits) && ListsAreSorted(state) && SourcesAreRight(state) &&
         RequestsAreRight(state) && MemoriesAreRight(state) && AgentsAreRight(state, limits) &&
         PolicyIsRight(state, limits) && InquiriesAreRight(state, limits) &&
         TimerCheck(state).Run();
}

}  // namespace usher::engine
