#include "engine/waiting_room.h"

#include <algorithm>
#include <functional>

namespace usher::engine {
namespace {

constexpr std::uint32_t kLanesMost = 24;  // of one cell; the rest is sorted

}  // namespace

bool WaitingRoom::Add(const Entry& entry) {
  const std::uint32_t slot = LaneFor(entry);
  Lane& lane = lanes_[slot];
  const bool told = lane.tree == kNone || entry.ripens == kNotRipening;
  Inquiry& inquiry = inquiries_[entry.inquiry];
  inquiry.lane = slot;
  if (lane.tree != kNone) {
    trees_[lane.tree].sorted.insert({entry.place, entry.inquiry});
    trees_[lane.tree].places[entry.inquiry] = entry.place;
  } else {
    Link(lane, entry.inquiry);
    if (lane.head != entry.inquiry) return told;
    Watch(slot);
  }
  if (!(entry.place < lane.best)) return told;
  lane.best = entry.place;
  const Place key = KeyOf(lane);
  Cells& cells = ranks_[lane.rank].cells[lane.kind];
  if (key < cells.key(lane.set)) cells.SetKey(lane.set, key);
  return told;
}

// New ones belong at the tail; where an older one belongs is looked for from both ends.
void WaitingRoom::Link(Lane& lane, std::uint32_t slot) {
  Inquiry& inquiry = inquiries_[slot];
  const std::pair age(ToMicros(inquiry.placed_at), inquiry.arrival);
  const auto is_older = [&](std::uint32_t other) {
    return std::pair(ToMicros(inquiries_[other].placed_at), inquiries_[other].arrival) < age;
  };
  std::uint32_t after = lane.tail;
  if (age > lane.newest) {
    lane.newest = age;
  } else {
    std::uint32_t before = lane.head;
    while (after != kNone && !is_older(after)) {
      if (before == kNone || !is_older(before)) {
        after = before == kNone ? kNone : inquiries_[before].previous;
        break;
      }
      before = inquiries_[before].next;
      after = inquiries_[after].previous;
    }
  }
  inquiry.previous = after;
  if (after == lane.tail) {
    inquiry.next = kNone;  // as the tail would tell, which is seldom at hand
  } else {
    inquiry.next = after == kNone ? lane.head : inquiries_[after].next;
  }
  (inquiry.next == kNone ? lane.tail : inquiries_[inquiry.next].previous) = slot;
  (after == kNone ? lane.head : inquiries_[after].next) = slot;
}

void WaitingRoom::Remove(std::uint32_t slot) {
  Inquiry& inquiry = inquiries_[slot];
  const std::uint32_t lane_slot = inquiry.lane;
  Lane& lane = lanes_[lane_slot];
  inquiry.lane = kNone;
  if (lane.tree != kNone) {
    Tree& tree = trees_[lane.tree];
    const auto place = tree.places.find(slot);
    const bool was_first = tree.sorted.begin()->second == slot;
    tree.sorted.erase({place->second, slot});
    tree.places.erase(place);
    if (tree.sorted.empty()) return RemoveLane(lane_slot);
    if (!was_first) return;
    lane.best = tree.sorted.begin()->first;
    return Rekey(lane.rank, lane.kind, lane.set);
  }
  (inquiry.previous == kNone ? lane.head : inquiries_[inquiry.previous].next) = inquiry.next;
  (inquiry.next == kNone ? lane.tail : inquiries_[inquiry.next].previous) = inquiry.previous;
  const bool was_head = inquiry.previous == kNone;
  inquiry.previous = inquiry.next = kNone;
  if (lane.head == kNone) return RemoveLane(lane_slot);
  if (!was_head) return;
  lane.best = PlaceIn(lane, lane.head);
  Rekey(lane.rank, lane.kind, lane.set);
}

// The oldest of a lane ripens first.
void WaitingRoom::Watch(std::uint32_t slot) {
  Lane& lane = lanes_[slot];
  if (lane.ripens_after == kNotRipening) return;
  const std::int64_t at = ToMicros(inquiries_[lane.head].placed_at) + lane.ripens_after;
  if (lane.watched_from <= at) return;
  lane.watched_from = at;
  ripening_.emplace_back(at, slot);
  std::push_heap(ripening_.begin(), ripening_.end(), std::greater<>());
}

std::uint32_t WaitingRoom::Ripe(std::int64_t now) {
  while (!ripening_.empty() && ripening_.front().first <= now) {
    const auto [from, slot] = ripening_.front();
    if (lanes_.used(slot) && lanes_[slot].watched_from == from) {
      const std::uint32_t head = lanes_[slot].head;
      if (ToMicros(inquiries_[head].placed_at) + lanes_[slot].ripens_after <= now) return head;
      lanes_[slot].watched_from = kNotRipening;
    }
    std::pop_heap(ripening_.begin(), ripening_.end(), std::greater<>());
    ripening_.pop_back();
    if (lanes_.used(slot)) Watch(slot);
  }
  return kNone;
}

void WaitingRoom::Clear() {
  ripening_.clear();
  lanes_ = Slab<Lane>();
  trees_ = Slab<Tree>();
  lifts_.clear();
  ranks_ = {};
  filled_ = 0;
}

void WaitingRoom::SetLift(std::uint32_t set, std::uint32_t lift) {
  if (LiftOf(set) == lift) return;
  if (set >= lifts_.size()) lifts_.resize(set + std::size_t{1});
  lifts_[set] = lift;
  ForEachBit(filled_, [&](std::uint32_t rank) {
    ForEachBit(ranks_[rank].kinds, [&](std::uint32_t kind) {
      if (ranks_[rank].cells[kind].Has(set)) Rekey(rank, kind, set);
    });
  });
}

// As in a lane that is not a tree.
Place WaitingRoom::PlaceIn(const Lane& lane, std::uint32_t slot) const {
  const Inquiry& inquiry = inquiries_[slot];
  const std::int64_t placed_at = ToMicros(inquiry.placed_at);
  Place place;
  place.first = lane.first;
  place.second = lane.spans ? lane.span + placed_at : lane.span;
  place.value = lane.value;
  place.before = lane.before;
  place.after = lane.after;
  place.placed_at = placed_at;
  place.arrival = inquiry.arrival;
  return place;
}

void WaitingRoom::Rekey(std::uint32_t rank, std::uint32_t kind, std::uint32_t set) {
  Cells& cells = ranks_[rank].cells[kind];
  Place best;
  for (std::uint32_t each = cells[set]; each != kNone; each = lanes_[each].next) {
    best = std::min(best, KeyOf(lanes_[each]));
  }
  cells.SetKey(set, best);
}

// The lane in which it belongs, made if there is none.
std::uint32_t WaitingRoom::LaneFor(const Entry& entry) {
  const Place& place = entry.place;
  const std::int64_t span = entry.spans ? place.second - place.placed_at : place.second;
  Rank& rank = ranks_[entry.rank];
  if (entry.kind >= rank.cells.size()) rank.cells.resize(entry.kind + std::size_t{1});
  Cells& cells = rank.cells[entry.kind];
  std::uint32_t first = kNone;
  std::uint32_t count = 0;
  if (cells.Has(entry.set)) {
    first = cells[entry.set];
    for (std::uint32_t each = first; each != kNone; each = lanes_[each].next) {
      const Lane& lane = lanes_[each];
      ++count;
      if (lane.strict != entry.strict || lane.size != entry.size) continue;
      if (lane.tree != kNone) {
        if (count > kLanesMost) return each;
        continue;
      }
      if (lane.span == span && lane.spans == entry.spans && lane.first == place.first &&
          lane.value == place.value && lane.before == place.before && lane.after == place.after) {
        return each;
      }
    }
    for (std::uint32_t each = first; each != kNone; each = lanes_[each].next) {
      const Lane& lane = lanes_[each];
      if (lane.tree != kNone && lane.strict == entry.strict && lane.size == entry.size) return each;
    }
  } else {
    rank.kinds |= std::uint64_t{1} << entry.kind;
    filled_ |= std::uint64_t{1} << entry.rank;
    cells.Put(entry.set, Place());
  }
  const std::uint32_t slot = lanes_.Add();
  Lane& lane = lanes_[slot];
  lane.span = span;
  lane.first = place.first;
  lane.value = place.value;
  lane.next = first;
  lane.set = entry.set;
  lane.strict = entry.strict;
  lane.rank = entry.rank;
  lane.kind = entry.kind;
  lane.size = entry.size;
  lane.before = place.before;
  lane.after = place.after;
  lane.lifts = entry.lifts;
  lane.spans = entry.spans;
  if (count >= kLanesMost) {
    lane.tree = trees_.Add();
  } else if (entry.ripens != kNotRipening) {
    lane.ripens_after = entry.ripens - place.placed_at;
  }
  cells[entry.set] = slot;
  return slot;
}

// The lane has just lost its last inquiry.
void WaitingRoom::RemoveLane(std::uint32_t slot) {
  const Lane lane = lanes_[slot];
  if (lane.tree != kNone) trees_.Remove(lane.tree);
  lanes_.Remove(slot);
  Rank& rank = ranks_[lane.rank];
  Cells& cells = rank.cells[lane.kind];
  if (cells[lane.set] == slot) {
    cells[lane.set] = lane.next;
  } else {
    std::uint32_t before = cells[lane.set];
    while (lanes_[before].next != slot) before = lanes_[before].next;
    lanes_[before].next = lane.next;
  }
  if (cells[lane.set] != kNone) return Rekey(lane.rank, lane.kind, lane.set);
  cells.Remove(lane.set);
  if (cells.size() > 0) return;
  rank.kinds &= ~(std::uint64_t{1} << lane.kind);
  if (rank.kinds == 0) filled_ &= ~(std::uint64_t{1} << lane.rank);
}

}  // namespace usher::engine
