#include "engine/state_check.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include "engine/policy_check.h"
#include "engine/slot_index.h"
#include "engine/times.h"

namespace usher::engine {
namespace {

template <class Enum>
bool IsAtMost(Enum value, Enum last) {
  return static_cast<std::uint8_t>(value) <= static_cast<std::uint8_t>(last);
}

template <class T, class Before>
bool IsStrictlySorted(const std::vector<T>& list, Before before) {
  for (std::size_t i = 1; i < list.size(); ++i) {
    if (!before(list[i - 1], list[i])) return false;
  }
  return true;
}

template <class T>
bool IsDistinct(std::vector<T> list) {
  std::sort(list.begin(), list.end());
  return std::adjacent_find(list.begin(), list.end()) == list.end();
}

// Number `given` of a counter that now stands at `last`.
bool WasGiven(std::uint64_t given, std::uint64_t last) { return given >= 1 && given <= last; }

bool NeedsAreSorted(const std::vector<Need>& needs) {
  for (const Need& need : needs) {
    if (need.level > kMaxLevel) return false;
  }
  return IsStrictlySorted(needs, [](const Need& a, const Need& b) { return a.skill < b.skill; });
}

// One walk over a state, with what has to be compared across its parts.
class Check {
 public:
  Check(const DeskState& state, const Limits& limits) : state_(state), limits_(limits) {}

  bool Run() {
    return CountersAreRight() && PolicyIsRight() && AgentsAreRight() && InquiriesAreRight() &&
           LoadsAreRight() && OrdersAreRight() && SourcesAreRight() && RequestsAreRight();
  }

 private:
  bool CountersAreRight() const {
    if (state_.now < Instant() || state_.late_credit >= 1000) return false;
    return state_.commands > 0 || state_ == DeskState();
  }

  bool PolicyIsRight() const {
    if (state_.has_policy) return IsSound(state_.policy, limits_);
    return state_.policy == Policy() && state_.inquiries.empty() && state_.late_credit == 0;
  }

  bool AgentsAreRight() {
    if (state_.agents.size() > limits_.agents_max) return false;
    std::vector<std::uint64_t> idles;
    for (const AgentState& agent : state_.agents) {
      if (!AgentIsRight(agent)) return false;
      idles.push_back(agent.idle);
      agent_of_.Insert(agent.agent, static_cast<std::uint32_t>(used_.size()));
      std::uint64_t units = 0;
      for (const WrapUp& wrap_up : agent.wrap_ups) units += wrap_up.units;
      used_.push_back(units);
    }
    return IsDistinct(std::move(idles)) &&
           IsStrictlySorted(state_.agents, [](const AgentState& a, const AgentState& b) {
             return a.agent < b.agent;
           });
  }

  bool AgentIsRight(const AgentState& agent) {
    if (agent.agent.none() || PlaceOf(agent.agent) != kNone) return false;
    if (agent.units == 0 || agent.units > limits_.units_max) return false;
    if (agent.skills.size() > limits_.skills_per_agent_max || !NeedsAreSorted(agent.skills)) {
      return false;
    }
    if (agent.limits.size() > limits_.channels_max) return false;
    const bool sorted = IsStrictlySorted(
        agent.limits,
        [](const ChannelLimit& a, const ChannelLimit& b) { return a.channel < b.channel; });
    if (!sorted || !IsAtMost(agent.presence, Presence::kDraining)) return false;
    if (!IsAtMost(agent.away, AwayReason::kMissedOffers)) return false;
    const bool is_away = agent.presence == Presence::kAway;
    if (is_away != (agent.away != AwayReason::kNone)) return false;
    if (!WasGiven(agent.idle, state_.last_idle)) return false;
    for (const WrapUp& wrap_up : agent.wrap_ups) {
      if (wrap_up.units == 0 || wrap_up.units > limits_.units_max) return false;
      if (wrap_up.channel.none() || !IsAhead(wrap_up.end)) return false;
    }
    return IsStrictlySorted(
        agent.wrap_ups, [](const WrapUp& a, const WrapUp& b) { return a.end.order < b.end.order; });
  }

  std::uint32_t PlaceOf(const AgentName& name) const {
    return agent_of_.Find(name, [this](std::uint32_t place) { return state_.agents[place].agent; });
  }

  bool InquiriesAreRight() {
    if (state_.inquiries.size() > limits_.inquiries_max) return false;
    std::vector<InquiryId> ids;
    std::vector<ConversationId> conversations;
    std::vector<OfferId> offers;
    for (const InquiryState& inquiry : state_.inquiries) {
      if (!RouteIsRight(inquiry) || !ClockIsRight(inquiry) || !StageIsRight(inquiry) ||
          !ExclusionsAreRight(inquiry)) {
        return false;
      }
      ids.push_back(inquiry.inquiry);
      if (!inquiry.conversation.none()) conversations.push_back(inquiry.conversation);
      if (inquiry.offer) offers.push_back(inquiry.offer->offer);
    }
    return IsDistinct(std::move(ids)) && IsDistinct(std::move(conversations)) &&
           IsDistinct(std::move(offers)) &&
           IsStrictlySorted(state_.inquiries, [](const InquiryState& a, const InquiryState& b) {
             return a.arrival < b.arrival && a.placed_at <= b.placed_at;
           });
  }

  bool RouteIsRight(const InquiryState& inquiry) const {
    if (!WasGiven(inquiry.arrival, state_.last_arrival)) return false;
    if (inquiry.placed_at < Instant() || inquiry.placed_at > state_.now) return false;
    if (inquiry.features.channel.none() || inquiry.queue.none()) return false;
    if (!IsAtMost(inquiry.features.sentiment, Sentiment::kPositive)) return false;
    if (inquiry.queue_named && !inquiry.route.none()) return false;
    if (inquiry.priority >= kPriorities) return false;
    if (inquiry.priority_named && *inquiry.priority_named != inquiry.priority) return false;
    if (inquiry.units == 0 || inquiry.units > limits_.units_max) return false;
    if (inquiry.needs.size() > limits_.needs_max || !NeedsAreSorted(inquiry.needs)) return false;
    if (inquiry.wrap_up < Duration(0) || inquiry.offer_window < Duration(0)) return false;
    return inquiry.auto_accept || inquiry.offer_window >= 1ms;
  }

  bool ClockIsRight(const InquiryState& inquiry) {
    if (inquiry.due != kNever && (inquiry.due <= inquiry.placed_at || inquiry.sla.none())) {
      return false;
    }
    const bool breach_is_right = inquiry.breach.set() && inquiry.breach.at == inquiry.due;
    const bool stopped = inquiry.warn == Timer() && inquiry.breach == Timer();
    switch (inquiry.clock) {
      case ClockState::kNone:
        return stopped && inquiry.due == kNever;
      case ClockState::kRunning:
        if (inquiry.warn.set() && (inquiry.warn.at < state_.now || inquiry.warn.at > inquiry.due ||
                                   inquiry.warn.order >= inquiry.breach.order)) {
          return false;
        }
        return breach_is_right && Take(inquiry.breach) && Take(inquiry.warn);
      case ClockState::kWarned:
        return breach_is_right && inquiry.warn == Timer() && Take(inquiry.breach);
      case ClockState::kMet:
        return stopped && inquiry.answered;
      case ClockState::kBreached:
        return stopped && inquiry.due <= state_.now;
    }
    return false;
  }

  bool StageIsRight(const InquiryState& inquiry) {
    if (inquiry.offer.has_value() != (inquiry.stage == Stage::kOffered)) return false;
    switch (inquiry.stage) {
      case Stage::kWaiting:
        return inquiry.agent.none() && inquiry.assigned_at == Instant();
      case Stage::kOffered:
        return inquiry.agent.none() && inquiry.assigned_at == Instant() && OfferIsRight(inquiry);
      case Stage::kAssigned:
      case Stage::kAnswered:
        return inquiry.answered == (inquiry.stage == Stage::kAnswered) &&
               inquiry.assigned_at >= inquiry.placed_at && inquiry.assigned_at <= state_.now &&
               Holds(inquiry.agent, inquiry);
    }
    return false;
  }

  bool OfferIsRight(const InquiryState& inquiry) {
    const OfferState& offer = *inquiry.offer;
    if (!WasGiven(offer.offer.number, state_.last_offer) || inquiry.auto_accept) return false;
    if (offer.made_at < inquiry.placed_at || offer.made_at > state_.now) return false;
    if (offer.expiry.at != After(offer.made_at, inquiry.offer_window)) return false;
    if (!IsAhead(offer.expiry) || !Holds(offer.agent, inquiry)) return false;
    const Presence presence = state_.agents[PlaceOf(offer.agent)].presence;
    return presence == Presence::kAvailable || presence == Presence::kDraining;
  }

  // The agent is known, and has it from here on.
  bool Holds(const AgentName& agent, const InquiryState& inquiry) {
    const std::uint32_t place = PlaceOf(agent);
    if (place == kNone) return false;
    used_[place] += inquiry.units;
    return std::none_of(inquiry.exclusions.begin(), inquiry.exclusions.end(),
                        [&](const Exclusion& exclusion) { return exclusion.agent == agent; });
  }

  bool ExclusionsAreRight(const InquiryState& inquiry) {
    if (inquiry.exclusions.size() > limits_.exclusions_max) return false;
    std::vector<AgentName> agents;
    for (const Exclusion& exclusion : inquiry.exclusions) {
      if (exclusion.agent.none() || !IsAhead(exclusion.end)) return false;
      agents.push_back(exclusion.agent);
    }
    return IsDistinct(std::move(agents)) &&
           IsStrictlySorted(inquiry.exclusions, [](const Exclusion& a, const Exclusion& b) {
             return a.end.order < b.end.order;
           });
  }

  // Nobody is ever given more than Limits::units_max, whatever became of the capacity since.
  bool LoadsAreRight() const {
    return std::all_of(used_.begin(), used_.end(),
                       [this](std::uint64_t units) { return units <= limits_.units_max; });
  }

  // Set, and it did not have to fire yet.
  bool IsAhead(const Timer& timer) {
    return timer.set() && (timer.at > state_.now || timer.at == kNever) && Take(timer);
  }

  bool Take(const Timer& timer) {
    if (timer.set()) orders_.push_back(timer.order);
    return timer.set() || timer == Timer();
  }

  bool OrdersAreRight() {
    return std::all_of(orders_.begin(), orders_.end(),
                       [this](std::uint64_t order) { return order <= state_.last_timer; }) &&
           IsDistinct(std::move(orders_));
  }

  bool SourcesAreRight() const {
    if (state_.sources.size() > limits_.sources_max) return false;
    for (const SourceState& source : state_.sources) {
      if (source.topic.empty() || source.seen.size() != kSourceWindow / 64) return false;
      if ((source.seen[0] & 1) == 0) return false;
    }
    return IsStrictlySorted(state_.sources, [](const SourceState& a, const SourceState& b) {
      return std::tie(a.topic, a.partition) < std::tie(b.topic, b.partition);
    });
  }

  bool RequestsAreRight() const {
    if (state_.requests.size() > limits_.requests_max) return false;
    std::vector<RequestId> requests;
    for (const RequestState& request : state_.requests) {
      if (request.request.none()) return false;
      requests.push_back(request.request);
    }
    return IsDistinct(std::move(requests));
  }

  const DeskState& state_;
  const Limits& limits_;
  SlotIndex<AgentName> agent_of_;      // places in the list
  std::vector<std::uint64_t> used_;    // units, by the same places
  std::vector<std::uint64_t> orders_;  // of all timers that are set
};

}  // namespace

bool IsConsistent(const DeskState& state, const Limits& limits) {
  return Check(state, limits).Run();
}

}  // namespace usher::engine
