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

ReferenceEngine::ReferenceEngine(const Limits& limits) : ReferenceDesk(limits) {}

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
    Fire(*due);
    Settle();
  }
  desk_.now = t;
  desk_.commands += 1;

  if (!SourceIsNew(command)) return;
  if (!RequestIsNew(command)) return;
  std::visit([this](const auto& body) { Do(body); }, command.body);
  Settle();
}

std::vector<ReferenceEngine::DueTimer> ReferenceEngine::Timers() const {
  std::vector<DueTimer> timers;
  const auto add = [&timers](const Timer& timer, TimerKind kind, const InquiryId& inquiry,
                             const AgentName& agent) {
    if (!timer.set() || timer.at == kNever) return;
    timers.push_back({timer, kind, inquiry, agent, {}, {}});
  };
  const auto add_of_clock = [&](const Clock& clock, const Timer& timer, TimerKind kind,
                                const InquiryId& inquiry) {
    const std::size_t count = timers.size();
    add(timer, kind, inquiry, {});
    if (timers.size() > count) timers.back().target = clock.target;
  };
  for (const InquiryState& i : desk_.inquiries) {
    for (const Clock& clock : i.clocks) {
      add_of_clock(clock, clock.warn, TimerKind::kWarn, i.inquiry);
      add_of_clock(clock, clock.breach, TimerKind::kBreach, i.inquiry);
    }
    for (const OfferState& o : i.offers) add(o.expiry, TimerKind::kOfferExpiry, i.inquiry, o.agent);
    for (const Exclusion& e : i.exclusions) {
      add(e.end, TimerKind::kExclusionEnd, i.inquiry, e.agent);
    }
    add(i.relax, TimerKind::kRelax, i.inquiry, {});
    add(i.escalate, TimerKind::kEscalate, i.inquiry, {});
    add(i.starve, TimerKind::kStarve, i.inquiry, {});
    add(i.reserved, TimerKind::kReserved, i.inquiry, {});
    add(i.answer, TimerKind::kAnswer, i.inquiry, i.agent);
    add(i.gone, TimerKind::kGone, i.inquiry, i.agent);
    add(i.start, TimerKind::kStart, i.inquiry, {});
    add(i.wake, TimerKind::kWake, i.inquiry, {});
  }
  for (const AgentState& a : desk_.agents) {
    add(a.pace, TimerKind::kPace, {}, a.agent);
    for (const WrapUp& w : a.wrap_ups) add(w.end, TimerKind::kWrapUpEnd, w.inquiry, a.agent);
  }
  for (const CalendarEdge& edge : desk_.edges) {
    timers.push_back({edge.at, TimerKind::kEdge, {}, {}, {}, edge.calendar});
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

}  // namespace usher::kit
