#include "kit/desk_view.h"

#include <algorithm>

#include "model/calendar.h"

namespace usher::kit {

DeskView::DeskView(const DeskState& state) : state_(state) {
  for (const Queue& queue : state.policy.queues) queues_.emplace(queue.name, &queue);
  for (const AgentState& a : state.agents) {
    agents_.emplace(a.agent, &a);
    Load& load = loads_[a.agent];
    for (const WrapUp& w : a.wrap_ups) {
      load.firm += w.units;
      load.wraps += w.units;
      load.channels[w.channel] += 1;
    }
  }
  for (const InquiryState& i : state.inquiries) {
    for (const OfferState& offer : i.offers) {
      loads_[offer.agent].firm += i.units;
      loads_[offer.agent].channels[i.features.channel] += 1;
    }
    if (!IsOwned(i) && !(i.stage == Stage::kPending && i.holds)) continue;
    Load& load = loads_[i.agent];
    (IsOwned(i) && i.interruptible ? load.soft : load.firm) += i.units;
    load.channels[i.features.channel] += 1;
  }
}

const AgentState* DeskView::agent(const AgentName& name) const {
  const auto found = agents_.find(name);
  return found == agents_.end() ? nullptr : found->second;
}

const Queue* DeskView::queue(const QueueName& name) const {
  const auto found = queues_.find(name);
  return found == queues_.end() ? nullptr : found->second;
}

const Channel* DeskView::channel(const ChannelName& name) const {
  for (const Channel& each : state_.policy.channels) {
    if (each.name == name) return &each;
  }
  return nullptr;
}

const Calendar* DeskView::calendar(const CalendarName& name) const {
  for (const Calendar& each : state_.policy.calendars) {
    if (each.name == name) return &each;
  }
  return nullptr;
}

const SlaClass* DeskView::sla(const InquiryState& i) const {
  const Queue* of = queue(i.queue);
  for (const SlaClass& each : state_.policy.sla_classes) {
    if (of != nullptr && each.name == of->sla) return &each;
  }
  return nullptr;
}

const Load& DeskView::load(const AgentName& name) const {
  static const Load kNothing;
  const auto found = loads_.find(name);
  return found == loads_.end() ? kNothing : found->second;
}

bool DeskView::Meets(const AgentState& a, const InquiryState& i,
                     const Requirement& requirement) const {
  // The higher level of a skill in both is met exactly if both are.
  const auto meets = [&](const Need& need) {
    return std::any_of(a.profile.skills.begin(), a.profile.skills.end(), [&](const Need& held) {
      return held.skill == need.skill && held.level >= need.level;
    });
  };
  return std::all_of(requirement.needs.begin(), requirement.needs.end(), meets) &&
         std::all_of(i.more_needs.begin(), i.more_needs.end(), meets) &&
         (i.features.sentiment != Sentiment::kNegative ||
          std::all_of(state_.policy.angry_needs.begin(), state_.policy.angry_needs.end(), meets)) &&
         Holds(requirement.who, a.profile);
}

bool DeskView::Fits(const AgentState& a, const InquiryState& i, std::size_t step) const {
  const Queue& of = *queue(i.queue);
  return Meets(a, i, step == 0 ? of.requirement : of.steps[step - 1].requirement);
}

bool DeskView::Staffed(const InquiryState& i, std::size_t step) const {
  return std::any_of(state_.agents.begin(), state_.agents.end(), [&](const AgentState& a) {
    return a.presence != Presence::kOffline && Fits(a, i, step);
  });
}

bool DeskView::MayBorrow(const AgentState& a, const InquiryState& i, const Queue& of) const {
  return std::any_of(of.borrow.begin(), of.borrow.end(), [&](const Borrow& borrow) {
    return IsGateOpen(borrow) && Meets(a, i, queue(borrow.from)->requirement);
  });
}

bool DeskView::IsGateOpen(const Borrow& borrow) const {
  std::uint64_t service = 0;
  for (const QueueFacts& facts : state_.queues) {
    if (facts.queue == borrow.from) service = facts.service_ppm;
  }
  return service >= std::uint64_t{borrow.service_permille} * 1000 &&
         std::none_of(state_.inquiries.begin(), state_.inquiries.end(), [&](const InquiryState& i) {
           return i.queue == borrow.from && i.stage == Stage::kWaiting && IsLate(i);
         });
}

// By the ruling clock: the next response, else the first, else the end.
bool DeskView::IsLate(const InquiryState& i) {
  const auto state_of = [&](Target target) {
    for (const Clock& clock : i.clocks) {
      if (clock.target == target) return clock.state;
    }
    return ClockState::kNone;
  };
  for (const Target target : {Target::kNextResponse, Target::kFirstResponse, Target::kResolution}) {
    if (target == Target::kFirstResponse && i.answered) continue;
    const ClockState state = state_of(target);
    if (state == ClockState::kBreached) return true;
    if (state == ClockState::kRunning || state == ClockState::kWarned) return false;
  }
  return false;
}

bool DeskView::HasRoom(const AgentState& a, const InquiryState& i, const Queue& of) const {
  const Load& held = load(a.agent);
  const std::uint64_t used = held.firm + (of.interrupts ? 0 : held.soft);
  const Channel* by = channel(i.features.channel);
  if (used + (by == nullptr ? i.units : by->units) > a.units) return false;
  return std::none_of(a.limits.begin(), a.limits.end(), [&](const ChannelLimit& limit) {
    return limit.channel == i.features.channel && held.Count(limit.channel) >= limit.most;
  });
}

bool DeskView::IsOpen(const Queue& of) const {
  return usher::IsOpen(calendar(of.hours), state_.now);
}

bool DeskView::Able(const AgentState& a, const InquiryState& i) const {
  if (a.presence != Presence::kAvailable) return false;
  if (a.pace.set() && a.paced >= a.pace_most) return false;
  const Queue& of = *queue(i.queue);
  if (!IsOpen(of)) return false;
  if (of.expected_work > Duration(0) && a.shift_ends != kNever &&
      (a.shift_ends <= state_.now || a.shift_ends - state_.now < of.expected_work)) {
    return false;
  }
  for (const Exclusion& exclusion : i.exclusions) {
    if (exclusion.agent == a.agent) return false;
  }
  if (i.reserved.set() &&
      std::find(i.preferred.begin(), i.preferred.end(), a.agent) == i.preferred.end()) {
    return false;
  }
  return HasRoom(a, i, of) && (Fits(a, i, i.step) || MayBorrow(a, i, of));
}

}  // namespace usher::kit
