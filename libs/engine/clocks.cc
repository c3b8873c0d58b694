// The clocks of an inquiry: from StartClock to RenewClocks in README.md.
#include <algorithm>

#include "engine/steps.h"
#include "model/calendar.h"

namespace usher::engine {
namespace {

constexpr Target kTargets[] = {Target::kFirstResponse, Target::kNextResponse, Target::kResolution,
                               Target::kUpdate};

bool Runs(const ClockRecord& clock) {
  return clock.state == ClockState::kRunning || clock.state == ClockState::kWarned;
}

std::uint16_t Behind(const SlaClass& sla, Duration length, Duration used) {
  std::uint16_t behind = 0;
  for (const std::uint16_t share : sla.warn_permilles) behind += Share(length, share) <= used;
  return behind;
}

}  // namespace

const SlaClass* Steps::SlaOf(const Inquiry& inquiry) const {
  const Slot place = RuleOf(inquiry).sla;
  return place == kNone ? nullptr : &rules_.policy().sla_classes[place];
}

Duration Steps::LengthOf(const Inquiry& inquiry, Target target) const {
  return RuleOf(inquiry).lengths.data()[static_cast<std::size_t>(target)];
}

// Null is always open.
const Calendar* Steps::CalendarNamed(const Policy& policy, std::uint32_t name) const {
  if (name == kNone) return nullptr;
  for (const Calendar& calendar : policy.calendars) {
    if (calendar.name == lexicon_.calendars[name]) return &calendar;
  }
  return nullptr;
}

ClockRecord* Steps::ClockOf(const Inquiry& inquiry, Target target) {
  for (Slot each = inquiry.clocks; each != kNone; each = clocks_[each].next) {
    if (clocks_[each].target == target) return &clocks_[each];
  }
  return nullptr;
}

void Steps::StartClock(Slot slot, Target target, Instant base) {
  Inquiry& inquiry = inquiries_[slot];
  const Duration length = LengthOf(inquiry, target);
  if (length == Duration(0)) return;
  Touch(slot);
  const Slot made = clocks_.Add();
  ClockRecord& clock = clocks_[made];
  clock.target = target;
  clock.length = length;
  const CalendarName& hours = SlaOf(inquiry)->hours;
  if (!hours.none()) clock.hours = lexicon_.calendars.Add(hours);
  clock.since = base;
  clock.due = AfterOpen(CalendarNamed(rules_.policy(), clock.hours), base, length);
  Arm(slot, clock);
  Slot* link = &inquiry.clocks;
  while (*link != kNone && clocks_[*link].target < target) link = &clocks_[*link].next;
  clock.next = *link;
  *link = made;
  if (inquiry.stage == Stage::kPending) Halt(slot);
  FindRuling(slot);
}

void Steps::Arm(Slot slot, ClockRecord& clock) {
  ArmWarning(slot, clock);
  ClearTimer(clock.breach);
  clock.breach = SetTimerAt(TimerKind::kBreach, slot, clock.due, clock.due - clock.since);
}

void Steps::ArmWarning(Slot slot, ClockRecord& clock) {
  ClearTimer(clock.warn);
  const SlaClass* sla = SlaOf(inquiries_[slot]);
  if (clock.warned >= sla->warn_permilles.size()) return;
  const Duration wait = Share(clock.length, sla->warn_permilles[clock.warned]) - clock.used;
  const Instant at = AfterOpen(CalendarNamed(rules_.policy(), clock.hours), clock.since, wait);
  clock.warn = SetTimerAt(TimerKind::kWarn, slot, at, at - clock.since);
}

void Steps::Disarm(ClockRecord& clock) {
  ClearTimer(clock.warn);
  ClearTimer(clock.breach);
}

void Steps::Halt(Slot slot) {
  for (Slot each = inquiries_[slot].clocks; each != kNone; each = clocks_[each].next) {
    ClockRecord& clock = clocks_[each];
    if (!Runs(clock)) continue;
    Disarm(clock);
    clock.used += OpenBetween(CalendarNamed(rules_.policy(), clock.hours), clock.since, now_);
    clock.state = ClockState::kPaused;
    clock.due = kNever;
  }
  FindRuling(slot);
}

void Steps::GoOn(Slot slot) {
  for (Slot each = inquiries_[slot].clocks; each != kNone; each = clocks_[each].next) {
    ClockRecord& clock = clocks_[each];
    if (clock.state != ClockState::kPaused) continue;
    clock.since = now_;
    clock.state = clock.warned > 0 ? ClockState::kWarned : ClockState::kRunning;
    clock.due =
        AfterOpen(CalendarNamed(rules_.policy(), clock.hours), now_, clock.length - clock.used);
    Arm(slot, clock);
  }
  FindRuling(slot);
}

void Steps::ClockMet(Slot slot, Target target) {
  const Inquiry& inquiry = inquiries_[slot];
  ClockRecord* clock = ClockOf(inquiry, target);
  if (clock == nullptr || (!Runs(*clock) && clock->state != ClockState::kPaused)) return;
  Emit<SlaMet>() = {inquiry.id, target, clock->due};
  Served(inquiry, target, true);
  Disarm(*clock);
  clock->state = ClockState::kMet;
  FindRuling(slot);
}

void Steps::DropClock(Slot slot, Target target) {
  Inquiry& inquiry = inquiries_[slot];
  Slot* link = &inquiry.clocks;
  while (*link != kNone && clocks_[*link].target != target) link = &clocks_[*link].next;
  if (*link == kNone) return;
  Touch(slot);
  const Slot dropped = *link;
  ClockRecord& clock = clocks_[dropped];
  Disarm(clock);
  if (clock.hours != kNone) lexicon_.calendars.Drop(clock.hours);
  *link = clock.next;
  clocks_.Remove(dropped);
  FindRuling(slot);
}

// It leaves, and nobody asks for its ruling clock any more.
void Steps::DropClocks(Inquiry& inquiry) {
  while (inquiry.clocks != kNone) {
    const Slot dropped = inquiry.clocks;
    ClockRecord& clock = clocks_[dropped];
    Disarm(clock);
    if (clock.hours != kNone) lexicon_.calendars.Drop(clock.hours);
    inquiry.clocks = clock.next;
    clocks_.Remove(dropped);
  }
}

void Steps::Served(const Inquiry& inquiry, Target target, bool met) {
  if (target != Target::kFirstResponse && target != Target::kNextResponse) return;
  std::uint32_t& s = facts_[inquiry.queue].service_ppm;
  s = met ? s + (1'000'000 - s) / 16 : s - s / 16;
}

// `before` is the policy by whose calendars the clocks counted until now.
void Steps::RenewClocks(Slot slot, const Policy& before) {
  Inquiry& inquiry = inquiries_[slot];
  if (inquiry.stage == Stage::kScheduled) return;
  Touch(slot);
  for (const Target target : kTargets) {
    const Duration length = LengthOf(inquiry, target);
    ClockRecord* clock = ClockOf(inquiry, target);
    if (clock != nullptr && length == Duration(0)) {
      DropClock(slot, target);
    } else if (clock != nullptr) {
      RenewClock(slot, *clock, length, before);
    } else if ((target == Target::kFirstResponse && !inquiry.answered) ||
               target == Target::kResolution) {
      StartClock(slot, target, inquiry.placed_at);
    }
  }
  if (inquiry.stage == Stage::kPending) Halt(slot);
  FindRuling(slot);
}

void Steps::RenewClock(Slot slot, ClockRecord& clock, Duration length, const Policy& before) {
  const Inquiry& inquiry = inquiries_[slot];
  if (clock.state == ClockState::kMet) return;
  if (clock.target == Target::kFirstResponse && inquiry.answered) return;
  const SlaClass& sla = *SlaOf(inquiry);
  if (clock.state != ClockState::kPaused) {
    clock.used += OpenBetween(CalendarNamed(before, clock.hours), clock.since, now_);
    clock.since = now_;
  }
  clock.length = length;
  const Slot hours_before = clock.hours;
  clock.hours = sla.hours.none() ? kNone : lexicon_.calendars.Add(sla.hours);
  if (hours_before != kNone) lexicon_.calendars.Drop(hours_before);
  clock.warned = Behind(sla, length, clock.used);
  if (clock.state == ClockState::kPaused) return;

  Disarm(clock);
  const Instant due = length > clock.used ? AfterOpen(CalendarNamed(rules_.policy(), clock.hours),
                                                      now_, length - clock.used)
                                          : now_ - (clock.used - length);
  if (due <= now_ && clock.state == ClockState::kBreached) return;
  clock.due = due;
  clock.state = clock.warned > 0 ? ClockState::kWarned : ClockState::kRunning;
  if (due <= now_) {
    clock.breach = SetTimerAt(TimerKind::kBreach, slot, due, Duration(0));
  } else {
    Arm(slot, clock);
  }
}

const ClockRecord* Steps::RulingClock(const Inquiry& inquiry) const {
  const ClockRecord* ruling = nullptr;  // the first of the list, unless the next response rules
  for (Slot each = inquiry.clocks; each != kNone; each = clocks_[each].next) {
    const ClockRecord& clock = clocks_[each];
    if (!Runs(clock) && clock.state != ClockState::kBreached) continue;
    if (clock.target == Target::kFirstResponse && inquiry.answered) continue;
    if (clock.target == Target::kUpdate) continue;
    if (clock.target == Target::kNextResponse) return &clock;
    if (ruling == nullptr) ruling = &clock;
  }
  return ruling;
}

// Requires: touched, if it waits.
void Steps::FindRuling(Slot slot) {
  inquiry_rows_.Mark(slot);
  Inquiry& inquiry = inquiries_[slot];
  const ClockRecord* clock = RulingClock(inquiry);
  inquiry.due = clock == nullptr ? kNever : clock->due;
  inquiry.late = clock != nullptr && clock->state == ClockState::kBreached;
}

}  // namespace usher::engine
