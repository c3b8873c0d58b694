// ReferenceDesk: the clocks of libs/engine/README.md, from StartClock to Served, and RenewClocks.
#include <algorithm>

#include "kit/reference_desk.h"
#include "model/calendar.h"

namespace usher::kit {
namespace {

constexpr Target kTargets[] = {Target::kFirstResponse, Target::kNextResponse, Target::kResolution,
                               Target::kUpdate};

bool Runs(const Clock& clock) {
  return clock.state == ClockState::kRunning || clock.state == ClockState::kWarned;
}

std::uint32_t Behind(const std::vector<Duration>& warnings, Duration used) {
  return static_cast<std::uint32_t>(
      std::count_if(warnings.begin(), warnings.end(), [&](Duration w) { return w <= used; }));
}

}  // namespace

const SlaClass* ReferenceDesk::ClassOfSla(const InquiryState& i) const {
  for (const SlaClass& sla : desk_.policy.sla_classes) {
    if (sla.name == QueueOf(i).sla) return &sla;
  }
  return nullptr;
}

Duration ReferenceDesk::LengthOf(const InquiryState& i, Target target) const {
  const SlaClass* sla = ClassOfSla(i);
  if (sla == nullptr) return Duration(0);
  switch (target) {
    case Target::kFirstResponse:
      return sla->first_response;
    case Target::kNextResponse:
      return sla->next_response;
    case Target::kResolution:
      return sla->resolution;
    case Target::kUpdate:
      return sla->update;
  }
  return Duration(0);
}

// length * permille / 1000 of each share, in parts that do not overflow. Requires an SLA class.
std::vector<Duration> ReferenceDesk::Warnings(const InquiryState& i, Duration length) const {
  std::vector<Duration> warnings;
  const std::int64_t whole = length.count();
  for (const std::uint16_t share : ClassOfSla(i)->warn_permilles) {
    warnings.emplace_back(whole / 1000 * share + whole % 1000 * share / 1000);
  }
  return warnings;
}

Clock* ReferenceDesk::ClockOf(InquiryState& i, Target target) {
  for (Clock& clock : i.clocks) {
    if (clock.target == target) return &clock;
  }
  return nullptr;
}

void ReferenceDesk::StartClock(InquiryState& i, Target target, Instant base) {
  const Duration length = LengthOf(i, target);
  if (length == Duration(0)) return;
  Clock clock;
  clock.target = target;
  clock.state = ClockState::kRunning;
  clock.length = length;
  clock.hours = ClassOfSla(i)->hours;
  clock.since = base;
  clock.due = AfterOpen(CalendarOf(desk_.policy, clock.hours), base, length);
  Arm(i, clock);
  i.clocks.push_back(clock);
  std::sort(i.clocks.begin(), i.clocks.end(),
            [](const Clock& a, const Clock& b) { return a.target < b.target; });
  if (i.stage == Stage::kPending) Halt(i);
}

void ReferenceDesk::Arm(const InquiryState& i, Clock& clock) {
  ArmWarning(i, clock);
  clock.breach = NextTimerAt(clock.due);
}

void ReferenceDesk::ArmWarning(const InquiryState& i, Clock& clock) {
  clock.warn = Timer();
  const std::vector<Duration> warnings = Warnings(i, clock.length);
  if (clock.warned >= warnings.size()) return;
  clock.warn = NextTimerAt(AfterOpen(CalendarOf(desk_.policy, clock.hours), clock.since,
                                     warnings[clock.warned] - clock.used));
}

void ReferenceDesk::Halt(InquiryState& i) {
  for (Clock& clock : i.clocks) {
    if (!Runs(clock)) continue;
    clock.warn = Timer();
    clock.breach = Timer();
    clock.used += OpenBetween(CalendarOf(desk_.policy, clock.hours), clock.since, desk_.now);
    clock.state = ClockState::kPaused;
    clock.due = kNever;
  }
}

void ReferenceDesk::GoOn(InquiryState& i) {
  for (Clock& clock : i.clocks) {
    if (clock.state != ClockState::kPaused) continue;
    clock.since = desk_.now;
    clock.state = clock.warned > 0 ? ClockState::kWarned : ClockState::kRunning;
    clock.due =
        AfterOpen(CalendarOf(desk_.policy, clock.hours), desk_.now, clock.length - clock.used);
    Arm(i, clock);
  }
}

void ReferenceDesk::ClockMet(InquiryState& i, Target target) {
  Clock* clock = ClockOf(i, target);
  if (clock == nullptr || (!Runs(*clock) && clock->state != ClockState::kPaused)) return;
  Emit(SlaMet{i.inquiry, target, clock->due});
  Served(i, target, true);
  clock->warn = Timer();
  clock->breach = Timer();
  clock->state = ClockState::kMet;
}

void ReferenceDesk::DropClock(InquiryState& i, Target target) {
  std::erase_if(i.clocks, [&](const Clock& clock) { return clock.target == target; });
}

void ReferenceDesk::Served(const InquiryState& i, Target target, bool met) {
  if (target != Target::kFirstResponse && target != Target::kNextResponse) return;
  std::uint32_t& s = FactsOf(i.queue).service_ppm;
  s = met ? s + (1'000'000 - s) / 16 : s - s / 16;
}

// `before` is the policy by whose calendars the clocks counted until now.
void ReferenceDesk::RenewClocks(InquiryState& i, const Policy& before) {
  if (i.stage == Stage::kScheduled) return;
  for (const Target target : kTargets) {
    const Duration length = LengthOf(i, target);
    Clock* clock = ClockOf(i, target);
    if (clock != nullptr && length == Duration(0)) {
      DropClock(i, target);
    } else if (clock != nullptr) {
      RenewClock(i, *clock, length, before);
    } else if ((target == Target::kFirstResponse && !i.answered) || target == Target::kResolution) {
      StartClock(i, target, i.placed_at);
    }
  }
  if (i.stage == Stage::kPending) Halt(i);
}

void ReferenceDesk::RenewClock(const InquiryState& i, Clock& clock, Duration length,
                               const Policy& before) {
  if (clock.state == ClockState::kMet) return;
  if (clock.target == Target::kFirstResponse && i.answered) return;
  const Instant now = desk_.now;
  const CalendarName hours = ClassOfSla(i)->hours;
  Duration used = clock.used;
  if (clock.state != ClockState::kPaused) {
    used += OpenBetween(CalendarOf(before, clock.hours), clock.since, now);
    clock.since = now;
  }
  clock.length = length;
  clock.hours = hours;
  clock.used = used;
  clock.warned = Behind(Warnings(i, length), used);
  if (clock.state == ClockState::kPaused) return;

  clock.warn = Timer();
  clock.breach = Timer();
  const Instant due = length > used ? AfterOpen(CalendarOf(desk_.policy, hours), now, length - used)
                                    : now - (used - length);
  if (due <= now && clock.state == ClockState::kBreached) return;
  clock.due = due;
  clock.state = clock.warned > 0 ? ClockState::kWarned : ClockState::kRunning;
  if (due <= now) {
    clock.breach = NextTimerAt(due);
  } else {
    Arm(i, clock);
  }
}

}  // namespace usher::kit
