// Where those who wait stand: in the waiting room, with the agents that they prefer, or apart while
// their queue is closed. Whoever changes an inquiry touches it first; it is listed anew when
// somebody looks.
#include "engine/steps.h"

namespace usher::engine {

void Steps::Touch(Slot slot) {
  inquiry_rows_.Mark(slot);
  Inquiry& inquiry = inquiries_[slot];
  if (inquiry.listed) Unlist(slot);
  if (inquiry.dirty) return;
  inquiry.dirty = true;
  dirty_.push_back(slot);
}

void Steps::Flush() {
  for (const Slot slot : dirty_) {
    if (!inquiries_.used(slot)) continue;
    Inquiry& inquiry = inquiries_[slot];
    inquiry.dirty = false;
    if (inquiry.stage != Stage::kWaiting || inquiry.listed) continue;
    if (inquiry.reserved != kNone || RuleOf(inquiry).steps > 0) suspects_.push_back(slot);
    List(slot);
  }
  dirty_.clear();
}

void Steps::List(Slot slot) {
  Inquiry& inquiry = inquiries_[slot];
  inquiry.listed = true;
  inquiry.kind = rules_.kinds().Of(inquiry.channel, RuleOf(inquiry).interrupts, inquiry.units);
  if (inquiry.late) ++facts_[inquiry.queue].late;
  if (inquiry.reserved != kNone) {
    for (const Slot agent : extras_[inquiry.extra].preferred)
      agents_[agent].reserved.push_back(slot);
    return;
  }
  if (!facts_[inquiry.queue].is_open) {
    inquiry.parked = true;
    return;
  }
  const bool by_slack = rules_.policy().order == Order::kDefault;
  if (by_slack && SlackOf(inquiry) != Slack::kAhead) Crowd(slot, true);
  const bool is_told = waiting_.Add(EntryOf(slot));
  if (!by_slack || (is_told && !inquiry.starving)) return;
  const Instant ripens = RipensAt(inquiry);
  if (ripens == kNever) return;
  inquiry.ripens = ripening_.Set(TimerKind::kRipening, slot, ripens, ripens - inquiry.placed_at,
                                 inquiry.arrival);
}

void Steps::Unlist(Slot slot) {
  Inquiry& inquiry = inquiries_[slot];
  inquiry.listed = false;
  if (inquiry.late) --facts_[inquiry.queue].late;
  if (inquiry.reserved != kNone) {
    for (const Slot agent : extras_[inquiry.extra].preferred)
      std::erase(agents_[agent].reserved, slot);
    return;
  }
  if (inquiry.parked) {
    inquiry.parked = false;
    return;
  }
  waiting_.Remove(slot);
  if (inquiry.crowds) Crowd(slot, false);
  if (inquiry.ripens == kNone) return;
  ripening_.Clear(inquiry.ripens);
  inquiry.ripens = kNone;
}

// The crowd grows or shrinks by one; where that moves the lift, keys move.
void Steps::Crowd(Slot slot, bool joins) {
  const Inquiry& inquiry = inquiries_[slot];
  const Slot base = AskedOf(inquiry).base;
  if (base >= crowds_.size()) crowds_.resize(base + std::size_t{1});
  const std::uint32_t before = LiftOf(base);
  crowds_[base] += joins ? 1 : static_cast<std::uint32_t>(-1);
  inquiries_[slot].crowds = joins;
  const std::uint32_t after = LiftOf(base);
  waiting_.SetLift(AskedOf(inquiry).set, after);  // it may be the first of its set
  if (before == after) return;
  keys_stale_ = true;
  waiting_.SetLift(base, after);
  for (std::uint32_t tag = 1; tag <= rules_.last_tag(); ++tag) {
    waiting_.SetLift(coverage_.Tagged(base, tag), after);
  }
}

}  // namespace usher::engine
