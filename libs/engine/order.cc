// The chapter "Order: which inquiry".
#include <bit>

#include "engine/steps.h"

namespace usher::engine {
namespace {

constexpr std::uint32_t kQueueRanks = 10;

// placed_at - priority * age_credit, as far as numbers go.
std::int64_t Aged(std::int64_t placed_at, std::int64_t priority, std::int64_t credit) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  const bool too_much = priority > 0 && credit > kMost / priority;
  return placed_at - (too_much ? kMost : priority * credit);
}

}  // namespace

bool Steps::KnowsLate() const {
  const Order order = rules_.policy().order;
  return order == Order::kDefault || order == Order::kInTimeFirst;
}

// Starving aside.
Steps::Slack Steps::SlackOf(const Inquiry& inquiry) const {
  if (inquiry.late) return Slack::kLate;
  if (inquiry.due == kNever) return Slack::kAhead;
  const Policy& policy = rules_.policy();
  if (inquiry.due <= After(now_, policy.urgent)) return Slack::kUrgent;
  return inquiry.due <= After(now_, policy.near) ? Slack::kNear : Slack::kAhead;
}

// When its slack changes next by itself.
Instant Steps::RipensAt(const Inquiry& inquiry) const {
  const Policy& policy = rules_.policy();
  const Slack slack = SlackOf(inquiry);
  if (slack == Slack::kNear) return inquiry.due - policy.urgent;
  const bool ripens = slack == Slack::kAhead && inquiry.due != kNever;
  return ripens ? inquiry.due - std::max(policy.urgent, policy.near) : kNever;
}

// As it would stand in the room; all but the crowd.
WaitingRoom::Entry Steps::EntryOf(Slot slot) const {
  const Inquiry& i = inquiries_[slot];
  const Policy& policy = rules_.policy();
  const QueueRule& rule = RuleOf(i);
  WaitingRoom::Entry entry;
  entry.inquiry = slot;
  entry.set = AskedOf(i).set;
  entry.strict = rule.expected_work > Duration(0) ? i.queue : kNone;
  entry.kind = i.kind;
  Place& place = entry.place;
  place = {0, 0, 0, ToMicros(i.placed_at), i.arrival, 0, 0};
  if (policy.order == Order::kFifo || i.starving) return entry;
  const std::int64_t falling = 9 - std::int64_t{i.priority};
  const auto by_due = [&] {
    place.second = ToMicros(i.due);
    entry.spans = i.due != kNever;
  };
  std::uint32_t number = 1;
  switch (policy.order) {
    case Order::kDefault: {
      const Slack slack = SlackOf(i);
      number = static_cast<std::uint32_t>(slack);
      if (number == static_cast<std::uint32_t>(Slack::kLate)) break;
      entry.lifts = number == static_cast<std::uint32_t>(Slack::kUrgent) ||
                    number == static_cast<std::uint32_t>(Slack::kNear);
      if (entry.lifts) entry.size = i.size;
      entry.ripens = ToMicros(RipensAt(i));
      place.first = falling;
      by_due();
      break;
    }
    case Order::kFifo:
    case Order::kAgentLevel:
      break;
    case Order::kPriority:
      place.first = falling;
      break;
    case Order::kDue:
      by_due();
      break;
    case Order::kInTimeFirst:
      if (i.late) {
        number = 2;
      } else {
        by_due();
      }
      break;
    case Order::kAged:
      place.second = Aged(ToMicros(i.placed_at), i.priority, policy.age_credit.count());
      entry.spans = true;
      break;
  }
  entry.rank = static_cast<std::uint8_t>(number * kQueueRanks + 9 - rule.rank);
  bool behind = false;
  for (const SortField field : policy.then) {
    std::uint8_t& flags = behind ? place.after : place.before;
    if (field == SortField::kValue) {
      place.value = ~AboutOf(i).value;
      behind = true;
    } else {
      const bool first = field == SortField::kOnSite ? i.on_site : i.repeat;
      flags = static_cast<std::uint8_t>(flags * 2 + (first ? 0 : 1));
    }
  }
  return entry;
}

WaitingRoom::Found Steps::KeyOf(Slot slot, Slot looking_agent) const {
  const WaitingRoom::Entry entry = EntryOf(slot);
  const Asked& asked = AskedOf(inquiries_[slot]);
  WaitingRoom::Found key{slot, entry.rank, entry.place};
  if (entry.lifts) {
    key.place.first = WaitingRoom::Lifted(key.place.first, LiftOf(asked.base), entry.size);
  }
  if (looking_agent != kNone && rules_.policy().order == Order::kAgentLevel &&
      !inquiries_[slot].starving) {
    key.place.first -= coverage_.LevelOf(agents_[looking_agent].group, asked.base);
  }
  return key;
}

// 64 + bit_width(crowd), or 0 if it is no crowd.
std::uint32_t Steps::LiftOf(Slot base) const {
  const std::uint32_t least = rules_.policy().crowd;
  const std::uint32_t crowd = base < crowds_.size() ? crowds_[base] : 0;
  if (least == 0 || crowd < least) return 0;
  return 64 + static_cast<std::uint32_t>(std::bit_width(crowd));
}

}  // namespace usher::engine
