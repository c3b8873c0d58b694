// What a state right after a command keeps: Unsettled() and BrokenInvariant().
#include <algorithm>
#include <limits>
#include <map>

#include "kit/desk_view.h"
#include "kit/state_rules.h"
#include "model/calendar.h"

namespace usher::kit {
namespace {

template <class... Part>
std::string Say(const Part&... parts) {
  return (std::string() + ... + parts);
}

std::string Named(const InquiryState& i) {
  return "inquiry of arrival " + std::to_string(i.arrival);
}

std::string WaitsForNothing(const DeskState& state, const DeskView& view) {
  for (const InquiryState& i : state.inquiries) {
    if (i.stage != Stage::kWaiting) continue;
    for (const AgentState& a : state.agents) {
      if (view.Able(a, i))
        return Say(Named(i), " waits while agent ", a.agent.ToString(), " is able");
    }
  }
  return "";
}

bool IsHopeless(const InquiryState& i, const DeskView& view) {
  return std::none_of(i.preferred.begin(), i.preferred.end(), [&](const AgentName& name) {
    const AgentState* a = view.agent(name);
    const bool at_work =
        a != nullptr && (a->presence == Presence::kAvailable || a->presence == Presence::kBusy);
    return at_work && view.Fits(*a, i, i.step) &&
           std::none_of(i.exclusions.begin(), i.exclusions.end(),
                        [&](const Exclusion& e) { return e.agent == name; });
  });
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

// Units of what was soft and is firm now, since it is pending.
std::uint64_t Hardened(const AgentName& agent, const DeskState& before, const DeskState& after) {
  std::uint64_t units = 0;
  for (const InquiryState& i : after.inquiries) {
    if (i.agent != agent || i.stage != Stage::kPending || !i.holds) continue;
    units += std::any_of(before.inquiries.begin(), before.inquiries.end(),
                         [&](const InquiryState& was) {
                           return was.inquiry == i.inquiry && was.interruptible &&
                                  was.stage != Stage::kPending;
                         })
                 ? i.units
                 : 0;
  }
  return units;
}

// A command may lower a capacity just after its timers filled the old one, and what was soft is
// firm while it is wrapped up or pending; but nobody is given more than there is room for.
std::string OverCapacity(const DeskState& before, const DeskState& after, const DeskView& had,
                         const DeskView& has) {
  for (const AgentState& a : after.agents) {
    const AgentState* was = had.agent(a.agent);
    const Load& old = had.load(a.agent);
    const Load& load = has.load(a.agent);
    const std::uint32_t units = was == nullptr ? a.units : std::max(a.units, was->units);
    const std::uint64_t given = load.firm - load.wraps - Hardened(a.agent, before, after);
    if (given > units && given > old.firm - old.wraps + old.soft) {
      return Say("agent ", a.agent.ToString(), " has been given more than its units");
    }
    for (const ChannelLimit& limit : a.limits) {
      const std::uint64_t most = std::max(limit.most, LimitOf(was, limit.channel));
      const std::uint64_t count = load.Count(limit.channel);
      if (count > most && count > old.Count(limit.channel)) {
        return Say("agent ", a.agent.ToString(), " has been given more than its channel limit");
      }
    }
  }
  return "";
}

// Used time and due agree with what has passed.
std::string WrongClock(const DeskState& after, const DeskView& view) {
  for (const InquiryState& i : after.inquiries) {
    for (const Clock& clock : i.clocks) {
      if (clock.state != ClockState::kRunning && clock.state != ClockState::kWarned) continue;
      const Duration left = clock.length - clock.used;
      // With nothing left it was due in the past, or is at once.
      const bool right = left > Duration(0)
                             ? clock.due == AfterOpen(view.calendar(clock.hours), clock.since, left)
                             : clock.due == clock.since + left || clock.due == clock.since;
      if (!right) return Say(Named(i), ": a clock's due does not add up");
    }
  }
  return "";
}

std::string WrongTimer(const DeskState& before, const DeskState& after) {
  for (const StateTimer& each : AllTimers(after)) {
    if (each.timer.at > after.now || each.timer.at == kNever) continue;
    // What was due before the command would have fired.
    if (each.may_be_due && each.timer.order > before.last_timer) continue;
    return Say("timer ", std::to_string(each.timer.order), " is due and did not fire");
  }
  return "";
}

}  // namespace

std::string Unsettled(const DeskState& state) {
  const DeskView view(state);
  for (const Queue& queue : state.policy.queues) {
    std::uint32_t gates = 0;
    for (std::size_t b = 0; b < queue.borrow.size(); ++b) {
      if (view.IsGateOpen(queue.borrow[b])) gates |= std::uint32_t{1} << b;
    }
    for (const QueueFacts& facts : state.queues) {
      if (facts.queue == queue.name && facts.gates != gates) {
        return Say("queue ", queue.name.ToString(), ": a gate is not as it was settled");
      }
    }
  }
  for (const InquiryState& i : state.inquiries) {
    if (i.stage != Stage::kWaiting) continue;
    if (i.reserved.set()) {
      if (IsHopeless(i, view)) return Say(Named(i), " is reserved for nobody who can take it");
      continue;
    }
    const std::size_t steps = view.queue(i.queue)->steps.size();
    if (i.step >= steps || view.Staffed(i, i.step)) continue;
    for (std::size_t step = i.step + 1; step <= steps; ++step) {
      if (view.Staffed(i, step)) return Say(Named(i), " stands at a step that nobody staffs");
    }
  }
  return WaitsForNothing(state, view);
}

std::string BrokenInvariant(const DeskState& before, const DeskState& after) {
  const DeskView had(before);
  const DeskView has(after);
  if (std::string over = OverCapacity(before, after, had, has); !over.empty()) return over;
  if (std::string wrong = WrongClock(after, has); !wrong.empty()) return wrong;
  if (std::string wrong = WrongTimer(before, after); !wrong.empty()) return wrong;
  if (after.commands != before.commands + 1) return "a command was not counted";
  if (after.now < before.now) return "time went back";
  if (after.last_arrival < before.last_arrival || after.last_offer < before.last_offer ||
      after.last_idle < before.last_idle || after.last_timer < before.last_timer) {
    return "a counter went back";
  }
  return "";
}

}  // namespace usher::kit
