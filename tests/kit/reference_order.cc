// ReferenceDesk: the chapter "Order: which inquiry" of libs/engine/README.md.
#include <algorithm>
#include <bit>
#include <cstddef>
#include <limits>

#include "kit/reference_desk.h"

namespace usher::kit {
namespace {

// Higher numbers first, without an overflow at either end.
std::int64_t Falling(std::int64_t number) { return ~number; }

// Lower numbers first, for a counter that may use all its bits.
std::int64_t Rising(std::uint64_t number) {
  return static_cast<std::int64_t>(number ^ (std::uint64_t{1} << 63));
}

// placed_at - priority * age_credit.
std::int64_t AgedKey(const InquiryState& i, Duration age_credit) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  const std::int64_t priority = i.priority;
  const bool too_much = priority > 0 && age_credit.count() > kMost / priority;
  return ToMicros(i.placed_at) - (too_much ? kMost : priority * age_credit.count());
}

}  // namespace

bool ReferenceDesk::KnowsLate() const {
  return desk_.policy.order == Order::kDefault || desk_.policy.order == Order::kInTimeFirst;
}

ReferenceDesk::Slack ReferenceDesk::SlackOf(const InquiryState& i) const {
  if (Late(i)) return Slack::kLate;
  if (Due(i) == kNever) return Slack::kAhead;
  if (Due(i) <= Sum(desk_.now, desk_.policy.urgent)) return Slack::kUrgent;
  if (Due(i) <= Sum(desk_.now, desk_.policy.near)) return Slack::kNear;
  return Slack::kAhead;
}

std::int64_t ReferenceDesk::ClassOf(const InquiryState& i) const {
  if (desk_.policy.order == Order::kFifo || i.starving) return 0;
  if (desk_.policy.order == Order::kDefault) return static_cast<std::int64_t>(SlackOf(i));
  return desk_.policy.order == Order::kInTimeFirst && Late(i) ? 2 : 1;
}

std::size_t ReferenceDesk::CrowdOf(const InquiryState& i) const {
  const std::vector<Need> needs = NeedsAt(i, i.step);
  const auto belongs = [&](const InquiryState& other) {
    return other.stage == Stage::kWaiting && !other.reserved.set() &&
           SlackOf(other) != Slack::kAhead && IsOpenNow(QueueOf(other)) &&
           WhoAt(other, other.step) == WhoAt(i, i.step) && NeedsAt(other, other.step) == needs;
  };
  return static_cast<std::size_t>(
      std::count_if(desk_.inquiries.begin(), desk_.inquiries.end(), belongs));
}

std::int64_t ReferenceDesk::LiftOf(const InquiryState& i) const {
  const std::uint32_t least = desk_.policy.crowd;
  const std::size_t crowd = least == 0 ? 0 : CrowdOf(i);
  return least == 0 || crowd < least
             ? 0
             : 64 + static_cast<std::int64_t>(std::bit_width(crowd)) - i.size;
}

// All keys of a class are made alike, so members that an order has no use for are 0 in each of
// them.
ReferenceDesk::Key ReferenceDesk::KeyOf(const InquiryState& i, const AgentState* looking) const {
  const Policy& policy = desk_.policy;
  const bool fifo = policy.order == Order::kFifo;
  const std::int64_t priority = i.priority;
  Key key{};
  key[0] = ClassOf(i);
  key[8] = ToMicros(i.placed_at);
  key[9] = Rising(i.arrival);
  if (i.starving) return key;
  if (!fifo) key[1] = -std::int64_t{QueueOf(i).rank};
  switch (policy.order) {
    case Order::kDefault:
      if (SlackOf(i) == Slack::kLate) break;
      if (SlackOf(i) != Slack::kAhead) key[2] = -LiftOf(i);
      key[3] = -priority;
      key[4] = ToMicros(Due(i));
      break;
    case Order::kFifo:
      break;
    case Order::kPriority:
      key[2] = -priority;
      break;
    case Order::kDue:
      key[2] = ToMicros(Due(i));
      break;
    case Order::kInTimeFirst:
      key[2] = Late(i) ? 0 : ToMicros(Due(i));
      break;
    case Order::kAged:
      key[2] = AgedKey(i, policy.age_credit);
      break;
    case Order::kAgentLevel:
      key[2] = looking == nullptr ? 0 : -Level(*looking, i);
      break;
  }
  std::size_t next = 5;
  for (const SortField field : policy.then) {
    if (fifo) break;
    if (field == SortField::kValue) key[next] = Falling(i.features.value);
    if (field == SortField::kOnSite) key[next] = i.features.on_site ? 0 : 1;
    if (field == SortField::kRepeat) key[next] = i.repeat ? 0 : 1;
    ++next;
  }
  return key;
}

}  // namespace usher::kit
