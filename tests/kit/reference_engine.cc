#include "kit/reference_engine.h"

#include <algorithm>
#include <tuple>

#include "kit/state_rules.h"

namespace usher::kit {
namespace {

constexpr std::uint64_t kWindow = kSourceWindow;

// Bit d of the window is offset `highest - d`.
bool Bit(const SourceState& source, std::uint64_t d) { return source.seen[d / 64] >> (d % 64) & 1; }

void SetBit(SourceState& source, std::uint64_t d, bool value) {
  const std::uint64_t bit = std::uint64_t{1} << (d % 64);
  source.seen[d / 64] = value ? source.seen[d / 64] | bit : source.seen[d / 64] & ~bit;
}

void Shift(SourceState& source, std::uint64_t by) {
  for (std::uint64_t d = kWindow; d-- > 0;) SetBit(source, d, d >= by && Bit(source, d - by));
}

// What a command named, for the rejection: whichever of the fields its body has.
template <class Body>
CommandRejected Naming(const Body& body) {
  CommandRejected rejected;
  if constexpr (requires { body.inquiry; }) rejected.inquiry = body.inquiry;
  if constexpr (requires { body.agent; }) rejected.agent = body.agent;
  if constexpr (requires { body.offer; }) rejected.offer = body.offer;
  return rejected;
}

}  // namespace

ReferenceEngine::ReferenceEngine(const Limits& limits) : limits_(limits) {}

bool ReferenceEngine::Restore(const DeskState& state) {
  desk_ = DeskState();
  if (!Contradiction(state, limits_).empty()) return false;
  desk_ = state;
  return true;
}

// --- Time and repeats
// -----------------------------------------------------------------------------

void ReferenceEngine::Apply(const Command& command, DecisionList& out) {
  command_ = &command;
  out_ = &out;

  Instant t = std::max(desk_.now, command.at);
  if (desk_.commands > 0 && t - desk_.now > limits_.jump_max) {
    t = Sum(desk_.now, limits_.jump_max);
    out.push_back({t, ClockCapped{command.at}});
  }

  while (const auto due = EarliestTimer()) {
    if (due->timer.at > t) break;
    desk_.now = std::max(desk_.now, due->timer.at);
    switch (due->kind) {
      case TimerKind::kWarn:
        FireWarn(*Open(due->inquiry));
        break;
      case TimerKind::kBreach:
        FireBreach(*Open(due->inquiry));
        break;
      case TimerKind::kOfferExpiry:
        FireOfferExpiry(*Open(due->inquiry));
        break;
      case TimerKind::kExclusionEnd:
        FireExclusionEnd(*Open(due->inquiry), due->agent, due->timer.order);
        break;
      case TimerKind::kWrapUpEnd:
        FireWrapUpEnd(*Find(due->agent), due->timer.order);
        break;
    }
  }
  desk_.now = t;
  desk_.commands += 1;

  if (!SourceIsNew(command)) return;
  if (!RequestIsNew(command)) return;
  std::visit([this](const auto& body) { Do(body); }, command.body);
}

std::vector<ReferenceEngine::DueTimer> ReferenceEngine::Timers() const {
  std::vector<DueTimer> timers;
  const auto add = [&timers](const Timer& timer, TimerKind kind, const InquiryId& inquiry,
                             const AgentName& agent) {
    if (timer.set() && timer.at != kNever) timers.push_back({timer, kind, inquiry, agent});
  };
  for (const InquiryState& i : desk_.inquiries) {
    add(i.warn, TimerKind::kWarn, i.inquiry, {});
    add(i.breach, TimerKind::kBreach, i.inquiry, {});
    if (i.offer) add(i.offer->expiry, TimerKind::kOfferExpiry, i.inquiry, i.offer->agent);
    for (const Exclusion& e : i.exclusions) {
      add(e.end, TimerKind::kExclusionEnd, i.inquiry, e.agent);
    }
  }
  for (const AgentState& a : desk_.agents) {
    for (const WrapUp& w : a.wrap_ups) add(w.end, TimerKind::kWrapUpEnd, w.inquiry, a.agent);
  }
  return timers;
}

std::optional<ReferenceEngine::DueTimer> ReferenceEngine::EarliestTimer() const {
  const std::vector<DueTimer> timers = Timers();
  const auto earliest =
      std::min_element(timers.begin(), timers.end(), [](const DueTimer& a, const DueTimer& b) {
        return std::tie(a.timer.at, a.timer.order) < std::tie(b.timer.at, b.timer.order);
      });
  if (earliest == timers.end()) return std::nullopt;
  return *earliest;
}

Instant ReferenceEngine::next_timer() const {
  const auto earliest = EarliestTimer();
  return earliest ? earliest->timer.at : kNever;
}

bool ReferenceEngine::SourceIsNew(const Command& command) {
  if (command.source.none()) return true;
  const Source& from = command.source;
  auto window = std::find_if(desk_.sources.begin(), desk_.sources.end(), [&](const SourceState& s) {
    return s.topic == from.topic && s.partition == from.partition;
  });
  if (window == desk_.sources.end()) {
    if (desk_.sources.size() >= limits_.sources_max) {
      Reject(RejectReason::kTooManySources);
      return false;
    }
    SourceState made;
    made.topic = from.topic;
    made.partition = from.partition;
    made.highest = from.offset;
    SetBit(made, 0, true);
    desk_.sources.push_back(made);
    std::sort(desk_.sources.begin(), desk_.sources.end(),
              [](const SourceState& a, const SourceState& b) {
                return std::tie(a.topic, a.partition) < std::tie(b.topic, b.partition);
              });
    return true;
  }
  // Unsigned, since two offsets may lie farther apart than a signed number tells.
  const auto highest = static_cast<std::uint64_t>(window->highest);
  const auto offset = static_cast<std::uint64_t>(from.offset);
  if (from.offset > window->highest) {
    Shift(*window, offset - highest);
    window->highest = from.offset;
    SetBit(*window, 0, true);
    return true;
  }
  const std::uint64_t d = highest - offset;
  if (d >= kWindow || Bit(*window, d)) {
    Emit(CommandRepeated{RepeatReason::kSource});
    return false;
  }
  SetBit(*window, d, true);
  return true;
}

bool ReferenceEngine::RequestIsNew(const Command& command) {
  if (command.request.none()) return true;
  for (const RequestState& remembered : desk_.requests) {
    if (remembered.request != command.request) continue;
    if (remembered.digest == command.digest) {
      Emit(CommandRepeated{RepeatReason::kRequest});
    } else {
      Reject(RejectReason::kRequestReused);
    }
    return false;
  }
  desk_.requests.push_back({command.request, command.digest});
  if (desk_.requests.size() > limits_.requests_max) desk_.requests.erase(desk_.requests.begin());
  return true;
}

void ReferenceEngine::Reject(RejectReason reason) {
  CommandRejected rejected =
      std::visit([](const auto& body) { return Naming(body); }, command_->body);
  rejected.command = static_cast<std::uint8_t>(command_->body.index());
  rejected.reason = reason;
  Emit(rejected);
}

// --- Words
// ----------------------------------------------------------------------------------------

InquiryState* ReferenceEngine::Open(const InquiryId& inquiry) {
  for (InquiryState& i : desk_.inquiries) {
    if (i.inquiry == inquiry) return &i;
  }
  return nullptr;
}

AgentState* ReferenceEngine::Find(const AgentName& agent) {
  for (AgentState& a : desk_.agents) {
    if (a.agent == agent) return &a;
  }
  return nullptr;
}

InquiryState* ReferenceEngine::Offered(const OfferId& offer) {
  for (InquiryState& i : desk_.inquiries) {
    if (i.offer && i.offer->offer == offer) return &i;
  }
  return nullptr;
}

std::uint32_t ReferenceEngine::UsedUnits(const AgentState& agent) const {
  std::uint32_t used = 0;
  for (const InquiryState& i : desk_.inquiries) {
    if (i.agent == agent.agent || (i.offer && i.offer->agent == agent.agent)) used += i.units;
  }
  for (const WrapUp& w : agent.wrap_ups) used += w.units;
  return used;
}

std::uint32_t ReferenceEngine::ChannelCount(const AgentState& agent,
                                            const ChannelName& channel) const {
  std::uint32_t count = 0;
  for (const InquiryState& i : desk_.inquiries) {
    const bool holds = i.agent == agent.agent || (i.offer && i.offer->agent == agent.agent);
    if (holds && i.features.channel == channel) count += 1;
  }
  for (const WrapUp& w : agent.wrap_ups) {
    if (w.channel == channel) count += 1;
  }
  return count;
}

bool ReferenceEngine::Able(const AgentState& agent, const InquiryState& inquiry) const {
  if (agent.presence != Presence::kAvailable) return false;
  for (const Need& need : inquiry.needs) {
    bool met = false;
    for (const Need& held : agent.skills) {
      if (held.skill == need.skill && held.level >= need.level) met = true;
    }
    if (!met) return false;
  }
  if (UsedUnits(agent) + inquiry.units > agent.units) return false;
  for (const ChannelLimit& limit : agent.limits) {
    if (limit.channel == inquiry.features.channel &&
        ChannelCount(agent, limit.channel) >= limit.most) {
      return false;
    }
  }
  for (const Exclusion& exclusion : inquiry.exclusions) {
    if (exclusion.agent == agent.agent) return false;
  }
  return true;
}

bool ReferenceEngine::Late(const InquiryState& inquiry) {
  return inquiry.clock == ClockState::kBreached;
}

bool ReferenceEngine::Before(const InquiryState& a, const InquiryState& b) {
  if (a.priority != b.priority) return a.priority > b.priority;
  if (a.due != b.due) return a.due < b.due;
  return a.arrival < b.arrival;
}

Timer ReferenceEngine::NextTimerAt(Instant at) { return {at, ++desk_.last_timer}; }

Instant ReferenceEngine::Sum(Instant at, Duration later) {
  return later > kNever - at ? kNever
                             : at + later;  // no instant lies before 1970, no duration below 0
}

// --- The two choices
// ------------------------------------------------------------------------------

void ReferenceEngine::TryAgents(InquiryState& inquiry, OfferReason reason) {
  AgentState* best = nullptr;
  for (AgentState& a : desk_.agents) {
    if (!Able(a, inquiry)) continue;
    if (best == nullptr ||
        std::pair(a.skills.size(), a.idle) < std::pair(best->skills.size(), best->idle)) {
      best = &a;
    }
  }
  if (best != nullptr) MakeOffer(inquiry, *best, reason);
}

void ReferenceEngine::TryInquiries(AgentState& agent) {
  for (;;) {
    InquiryState* in_time = nullptr;
    InquiryState* late = nullptr;
    for (InquiryState& i : desk_.inquiries) {
      if (i.stage != Stage::kWaiting || !Able(agent, i)) continue;
      InquiryState*& first = Late(i) ? late : in_time;
      if (first == nullptr || Before(i, *first)) first = &i;
    }
    if (in_time == nullptr && late == nullptr) return;
    if (late == nullptr) {
      MakeOffer(*in_time, agent, OfferReason::kInTime);
    } else if (in_time == nullptr) {
      MakeOffer(*late, agent, OfferReason::kOnlyLate);
    } else {
      desk_.late_credit += desk_.policy.late_share_permille;
      if (desk_.late_credit >= 1000) {
        desk_.late_credit -= 1000;
        MakeOffer(*late, agent, OfferReason::kLateShare);
      } else {
        MakeOffer(*in_time, agent, OfferReason::kInTime);
      }
    }
  }
}

void ReferenceEngine::MakeOffer(InquiryState& inquiry, AgentState& agent, OfferReason reason) {
  const OfferId offer{++desk_.last_offer};
  agent.idle = NextIdle();
  inquiry.stage = Stage::kOffered;
  inquiry.offer = OfferState{offer, agent.agent, desk_.now, Timer()};
  if (inquiry.auto_accept) {
    Emit(OfferMade{offer, inquiry.inquiry, agent.agent, inquiry.queue, kNever, reason});
    Accept(inquiry, true);
  } else {
    inquiry.offer->expiry = NextTimer(inquiry.offer_window);
    Emit(OfferMade{offer, inquiry.inquiry, agent.agent, inquiry.queue, inquiry.offer->expiry.at,
                   reason});
  }
}

void ReferenceEngine::Accept(InquiryState& inquiry, bool automatic) {
  const OfferState offer = *inquiry.offer;
  inquiry.offer.reset();
  Find(offer.agent)->missed = 0;
  inquiry.agent = offer.agent;
  inquiry.assigned_at = desk_.now;
  inquiry.stage = inquiry.answered ? Stage::kAnswered : Stage::kAssigned;
  Emit(OfferAccepted{offer.offer, inquiry.inquiry, offer.agent, automatic});
}

void ReferenceEngine::Exclude(InquiryState& inquiry, const AgentState& agent) {
  if (desk_.policy.decline_cooldown == Duration(0) || limits_.exclusions_max == 0) return;
  std::vector<Exclusion>& exclusions = inquiry.exclusions;
  if (exclusions.size() >= limits_.exclusions_max) exclusions.erase(exclusions.begin());
  exclusions.push_back({agent.agent, NextTimer(desk_.policy.decline_cooldown)});
}

// Neither offered nor owned any more; its place, clock and exclusions stay.
void ReferenceEngine::WaitsAgain(InquiryState& inquiry) {
  inquiry.stage = Stage::kWaiting;
  inquiry.offer.reset();
  inquiry.agent = AgentName();
  inquiry.assigned_at = Instant();
}

void ReferenceEngine::Leaves(const InquiryId& inquiry) {
  std::erase_if(desk_.inquiries, [&](const InquiryState& i) { return i.inquiry == inquiry; });
}

OfferRescinded ReferenceEngine::Rescinded(const InquiryState& inquiry, RescindCause cause) const {
  return {inquiry.offer->offer, inquiry.inquiry, inquiry.offer->agent, cause};
}

}  // namespace usher::kit
