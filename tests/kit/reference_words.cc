// ReferenceDesk: the chapter "Words" of libs/engine/README.md.
#include <algorithm>
#include <cstddef>

#include "kit/reference_desk.h"
#include "model/calendar.h"

namespace usher::kit {
namespace {

bool Owned(const InquiryState& i) {
  return i.stage == Stage::kAssigned || i.stage == Stage::kAnswered;
}

bool IsOfferedTo(const InquiryState& i, const AgentName& agent) {
  return std::any_of(i.offers.begin(), i.offers.end(),
                     [&](const OfferState& o) { return o.agent == agent; });
}

bool IsHeldBy(const InquiryState& i, const AgentName& agent) {
  if (IsOfferedTo(i, agent)) return true;
  return i.agent == agent && (Owned(i) || (i.stage == Stage::kPending && i.holds));
}

// Both, each skill once, at the higher level; by skill name.
std::vector<Need> Joined(std::vector<Need> needs, const std::vector<Need>& more_needs) {
  for (const Need& more : more_needs) {
    const auto same = std::find_if(needs.begin(), needs.end(),
                                   [&](const Need& n) { return n.skill == more.skill; });
    if (same == needs.end()) {
      needs.push_back(more);
    } else {
      same->level = std::max(same->level, more.level);
    }
  }
  std::sort(needs.begin(), needs.end());
  return needs;
}

bool Meets(const Profile& profile, const Need& need) {
  const std::optional<std::uint8_t> level = LevelOf(profile, need.skill);
  return level && *level >= need.level;
}

}  // namespace

InquiryState* ReferenceDesk::Open(const InquiryId& inquiry) {
  for (InquiryState& i : desk_.inquiries) {
    if (i.inquiry == inquiry) return &i;
  }
  return nullptr;
}

AgentState* ReferenceDesk::Find(const AgentName& agent) {
  for (AgentState& a : desk_.agents) {
    if (a.agent == agent) return &a;
  }
  return nullptr;
}

InquiryState* ReferenceDesk::Offered(const OfferId& offer) {
  for (InquiryState& i : desk_.inquiries) {
    for (const OfferState& o : i.offers) {
      if (o.offer == offer) return &i;
    }
  }
  return nullptr;
}

const Queue* ReferenceDesk::Named(const QueueName& name) const {
  for (const Queue& queue : desk_.policy.queues) {
    if (queue.name == name) return &queue;
  }
  return nullptr;
}

// The queue of an open inquiry is always in the policy in force.
const Queue& ReferenceDesk::QueueOf(const InquiryState& i) const { return *Named(i.queue); }

const Channel* ReferenceDesk::ChannelOf(const InquiryState& i) const {
  for (const Channel& channel : desk_.policy.channels) {
    if (channel.name == i.features.channel) return &channel;
  }
  return nullptr;
}

// Null is always open.
const Calendar* ReferenceDesk::CalendarOf(const Policy& policy, const CalendarName& name) {
  for (const Calendar& calendar : policy.calendars) {
    if (calendar.name == name) return &calendar;
  }
  return nullptr;
}

QueueFacts& ReferenceDesk::FactsOf(const QueueName& queue) {
  return *std::find_if(desk_.queues.begin(), desk_.queues.end(),
                       [&](const QueueFacts& facts) { return facts.queue == queue; });
}

const QueueFacts& ReferenceDesk::FactsOf(const QueueName& queue) const {
  return *std::find_if(desk_.queues.begin(), desk_.queues.end(),
                       [&](const QueueFacts& facts) { return facts.queue == queue; });
}

// Each skill at the higher of two levels.
std::vector<Need> ReferenceDesk::NeedsAt(const InquiryState& i, std::size_t step) const {
  const Queue& queue = QueueOf(i);
  return Joined(step == 0 ? queue.requirement.needs : queue.steps[step - 1].requirement.needs,
                NeedsBesides(i));
}

// Those of its route, and of its mood.
std::vector<Need> ReferenceDesk::NeedsBesides(const InquiryState& i) const {
  if (i.features.sentiment != Sentiment::kNegative) return i.more_needs;
  return Joined(i.more_needs, desk_.policy.angry_needs);
}

const Expression& ReferenceDesk::WhoAt(const InquiryState& i, std::size_t step) const {
  const Queue& queue = QueueOf(i);
  return step == 0 ? queue.requirement.who : queue.steps[step - 1].requirement.who;
}

bool ReferenceDesk::FitsRequirement(const AgentState& a, const InquiryState& i,
                                    const Requirement& requirement) const {
  const std::vector<Need> needs = Joined(requirement.needs, NeedsBesides(i));
  return std::all_of(needs.begin(), needs.end(),
                     [&](const Need& need) { return Meets(a.profile, need); }) &&
         Holds(requirement.who, a.profile);
}

bool ReferenceDesk::Fits(const AgentState& a, const InquiryState& i, std::size_t step) const {
  const Queue& queue = QueueOf(i);
  return FitsRequirement(a, i, step == 0 ? queue.requirement : queue.steps[step - 1].requirement);
}

bool ReferenceDesk::Fits(const AgentState& a, const InquiryState& i) const {
  return Fits(a, i, i.step);
}

bool ReferenceDesk::AtWork(const AgentState& a) {
  return a.presence == Presence::kAvailable || a.presence == Presence::kBusy;
}

bool ReferenceDesk::StaffedAt(const InquiryState& i, std::size_t step) const {
  return std::any_of(desk_.agents.begin(), desk_.agents.end(), [&](const AgentState& a) {
    return a.presence != Presence::kOffline && Fits(a, i, step);
  });
}

bool ReferenceDesk::Excludes(const InquiryState& i, const AgentName& agent) {
  return std::any_of(i.exclusions.begin(), i.exclusions.end(),
                     [&](const Exclusion& e) { return e.agent == agent; });
}

bool ReferenceDesk::Prefers(const InquiryState& i, const AgentName& agent) {
  return std::find(i.preferred.begin(), i.preferred.end(), agent) != i.preferred.end();
}

// All that the agent holds or wraps up, but for the inquiry `without`.
ReferenceDesk::Work ReferenceDesk::WorkOf(const AgentState& a, const ChannelName& channel,
                                          const InquiryId& without) const {
  Work work;
  for (const InquiryState& i : desk_.inquiries) {
    if (i.inquiry == without || !IsHeldBy(i, a.agent)) continue;
    work.used += i.units;
    if (Owned(i) && i.interruptible) work.soft += i.units;
    if (i.features.channel == channel) work.count += 1;
  }
  for (const WrapUp& w : a.wrap_ups) {
    work.used += w.units;
    if (w.channel == channel) work.count += 1;
  }
  return work;
}

// What waits is held by nobody; what is held counts here as if it were not.
bool ReferenceDesk::HasUnits(const AgentState& a, const InquiryState& i) const {
  const Channel* channel = ChannelOf(i);
  const std::uint64_t units = channel == nullptr ? i.units : channel->units;
  const Work work = WorkOf(a, i.features.channel, i.inquiry);
  const std::uint64_t yielding = QueueOf(i).interrupts ? work.soft : 0;
  return work.used - yielding + units <= a.units;
}

bool ReferenceDesk::HasChannel(const AgentState& a, const InquiryState& i) const {
  const Work work = WorkOf(a, i.features.channel, i.inquiry);
  return std::none_of(a.limits.begin(), a.limits.end(), [&](const ChannelLimit& limit) {
    return limit.channel == i.features.channel && work.count >= limit.most;
  });
}

bool ReferenceDesk::Room(const AgentState& a, const InquiryState& i, bool busy_too) const {
  const bool present =
      a.presence == Presence::kAvailable || (busy_too && a.presence == Presence::kBusy);
  return present && HasUnits(a, i) && HasChannel(a, i);
}

bool ReferenceDesk::IsOpenNow(const Queue& queue) const {
  return IsOpen(CalendarOf(desk_.policy, queue.hours), desk_.now);
}

bool ReferenceDesk::IsGateOpen(const Borrow& borrow) const {
  if (Named(borrow.from) == nullptr) return false;
  const std::uint32_t least = std::uint32_t{borrow.service_permille} * 1000;
  return FactsOf(borrow.from).service_ppm >= least &&
         std::none_of(desk_.inquiries.begin(), desk_.inquiries.end(), [&](const InquiryState& i) {
           return i.queue == borrow.from && i.stage == Stage::kWaiting && Late(i);
         });
}

bool ReferenceDesk::Borrowable(const AgentState& a, const InquiryState& i) const {
  if (Fits(a, i)) return false;
  const Queue& queue = QueueOf(i);
  for (std::size_t b = 0; b < queue.borrow.size(); ++b) {
    const bool gate_is_open = (FactsOf(i.queue).gates >> b & 1) != 0;
    if (gate_is_open && FitsRequirement(a, i, Named(queue.borrow[b].from)->requirement)) {
      return true;
    }
  }
  return false;
}

bool ReferenceDesk::EndsTooSoon(const AgentState& a, const InquiryState& i) const {
  const Duration work = QueueOf(i).expected_work;
  return work > Duration(0) && Sum(desk_.now, work) > a.shift_ends;
}

bool ReferenceDesk::May(const AgentState& a, const InquiryState& i) const {
  return (Fits(a, i) || Borrowable(a, i)) && !Excludes(i, a.agent) &&
         (!i.reserved.set() || Prefers(i, a.agent)) && IsOpenNow(QueueOf(i)) && !EndsTooSoon(a, i);
}

bool ReferenceDesk::PacedOut(const AgentState& a) { return a.pace.set() && a.paced >= a.pace_most; }

bool ReferenceDesk::Able(const AgentState& a, const InquiryState& i) const {
  return a.presence == Presence::kAvailable && looking_agents_.count(a.agent) == 0 &&
         !PacedOut(a) && May(a, i) && Room(a, i, false);
}

std::int64_t ReferenceDesk::Level(const AgentState& a, const InquiryState& i) const {
  const std::vector<Need> needs = NeedsAt(i, i.step);
  std::int64_t sum = 0;
  for (const Need& need : needs) sum += LevelOf(a.profile, need.skill).value_or(0);
  return needs.empty() ? 0 : sum / static_cast<std::int64_t>(needs.size());
}

const Clock* ReferenceDesk::RulingClock(const InquiryState& i) {
  for (const Target target : {Target::kNextResponse, Target::kFirstResponse, Target::kResolution}) {
    if (target == Target::kFirstResponse && i.answered) continue;
    for (const Clock& clock : i.clocks) {
      const bool rules = clock.state == ClockState::kRunning ||
                         clock.state == ClockState::kWarned || clock.state == ClockState::kBreached;
      if (clock.target == target && rules) return &clock;
    }
  }
  return nullptr;
}

Instant ReferenceDesk::Due(const InquiryState& i) {
  const Clock* clock = RulingClock(i);
  return clock == nullptr ? kNever : clock->due;
}

bool ReferenceDesk::Late(const InquiryState& i) {
  const Clock* clock = RulingClock(i);
  return clock != nullptr && clock->state == ClockState::kBreached;
}

bool ReferenceDesk::Linked(const InquiryState& a, const InquiryState& b) {
  if (a.inquiry == b.inquiry) return false;
  return (!a.customer.none() && a.customer == b.customer) ||
         (!a.features.order.none() && a.features.order == b.features.order);
}

Instant ReferenceDesk::Sum(Instant at, Duration later) {
  return later > kNever - at ? kNever
                             : at + later;  // no instant lies before 1970, no duration below 0
}

}  // namespace usher::kit
