#include "engine/waiting_room.h"

#include <algorithm>

#include "engine/kinds.h"

namespace usher::engine {

void WaitingRoom::Add(std::uint32_t slot) {
  Inquiry& inquiry = inquiries_[slot];
  const std::uint32_t lane_slot = LaneFor(inquiry);
  Lane& lane = lanes_[lane_slot];
  inquiry.lane = lane_slot;
  // New ones belong at the tail; those that come back are old, so their place is near the head.
  std::uint32_t after = lane.tail;
  if (inquiry.arrival > lane.newest) {
    lane.newest = inquiry.arrival;
  } else if (after != kNone && inquiries_[after].arrival > inquiry.arrival) {
    after = kNone;
    std::uint32_t before = lane.head;
    while (inquiries_[before].arrival < inquiry.arrival) {
      after = before;
      before = inquiries_[before].next;
    }
  }
  inquiry.previous = after;
  if (after == lane.tail) {
    inquiry.next = kNone;  // as the tail would tell, which is seldom at hand
  } else {
    inquiry.next = after == kNone ? lane.head : inquiries_[after].next;
  }
  (inquiry.next == kNone ? lane.tail : inquiries_[inquiry.next].previous) = slot;
  if (after != kNone) {
    inquiries_[after].next = slot;
    return;
  }
  lane.head = slot;
  Cells& cells = RankOf(lane.late, lane.priority).cells[lane.kind];
  const Place place{inquiry.due, inquiry.arrival};
  if (place < cells.key(lane.needs)) cells.SetKey(lane.needs, place);
}

void WaitingRoom::Remove(std::uint32_t slot) {
  Inquiry& inquiry = inquiries_[slot];
  Lane& lane = lanes_[inquiry.lane];
  (inquiry.previous == kNone ? lane.head : inquiries_[inquiry.previous].next) = inquiry.next;
  (inquiry.next == kNone ? lane.tail : inquiries_[inquiry.next].previous) = inquiry.previous;
  const bool was_head = inquiry.previous == kNone;
  const std::uint32_t lane_slot = inquiry.lane;
  inquiry.lane = inquiry.previous = inquiry.next = kNone;
  if (lane.head == kNone) {
    RemoveLane(lane_slot);
  } else if (was_head) {
    Cells& cells = RankOf(lane.late, lane.priority).cells[lane.kind];
    Place best;
    for (std::uint32_t each = cells[lane.needs]; each != kNone; each = lanes_[each].next) {
      best = std::min(best, PlaceOf(lanes_[each].head));
    }
    cells.SetKey(lane.needs, best);
  }
}

void WaitingRoom::Clear() {
  lanes_ = Slab<Lane>();
  ranks_ = {};
}

// The lane in which `inquiry` belongs, made if there is none; then its head is still kNone.
std::uint32_t WaitingRoom::LaneFor(const Inquiry& inquiry) {
  const Duration target = inquiry.due == kNever ? Duration::max() : inquiry.due - inquiry.placed_at;
  Rank& rank = RankOf(inquiry.late(), inquiry.priority);
  if (inquiry.kind >= rank.cells.size()) rank.cells.resize(inquiry.kind + std::size_t{1});
  Cells& cells = rank.cells[inquiry.kind];
  std::uint32_t first = kNone;
  if (cells.Has(inquiry.needs)) {
    first = cells[inquiry.needs];
    for (std::uint32_t lane = first; lane != kNone; lane = lanes_[lane].next) {
      if (lanes_[lane].target == target) return lane;
    }
  } else {
    rank.kinds |= std::uint64_t{1} << inquiry.kind;
    cells.Put(inquiry.needs, Place());
  }
  const std::uint32_t lane = lanes_.Add();
  lanes_[lane] = {.target = target,
                  .next = first,
                  .needs = inquiry.needs,
                  .priority = inquiry.priority,
                  .kind = inquiry.kind,
                  .late = inquiry.late()};
  cells[inquiry.needs] = lane;
  return lane;
}

// The lane has just lost its last inquiry.
void WaitingRoom::RemoveLane(std::uint32_t slot) {
  const Lane lane = lanes_[slot];
  lanes_.Remove(slot);
  Rank& rank = RankOf(lane.late, lane.priority);
  Cells& cells = rank.cells[lane.kind];
  Place best;
  std::uint32_t before = kNone;
  for (std::uint32_t each = cells[lane.needs]; each != kNone;) {
    const std::uint32_t next = each == slot ? lane.next : lanes_[each].next;
    if (each != slot) {
      best = std::min(best, PlaceOf(lanes_[each].head));
      if (next == slot) before = each;
    }
    each = next;
  }
  (before == kNone ? cells[lane.needs] : lanes_[before].next) = lane.next;
  if (cells[lane.needs] != kNone) {
    cells.SetKey(lane.needs, best);
    return;
  }
  cells.Remove(lane.needs);
  if (cells.size() == 0) rank.kinds &= ~(std::uint64_t{1} << lane.kind);
}

std::uint32_t WaitingRoom::First(bool late, const Taker& taker) {
  for (std::uint8_t priority = kPriorities; priority-- > 0;) {
    Rank& rank = RankOf(late, priority);
    if ((rank.kinds & taker.fitting) == 0) continue;
    Place best;
    std::uint32_t cell = kNone;
    Search(rank, taker, best, [&](const Place& place, std::uint32_t first_lane) {
      best = place;
      cell = first_lane;
    });
    if (cell == kNone) continue;
    const std::uint32_t first = FirstOfCell(cell, best);
    if (MayTake(taker, first)) return first;
    const std::uint32_t closer = LookCloser(rank, taker);
    if (closer != kNone) return closer;
  }
  return kNone;
}

// Calls `visit(key, first lane)` for the cells of a rank that the taker could take from, as
// SubsetMin does.
template <class Visit>
void WaitingRoom::Search(Rank& rank, const Taker& taker, Place& best, Visit&& visit) {
  ForEachBit(rank.kinds & taker.fitting, [&](std::uint32_t kind) {
    Cells& cells = rank.cells[kind];
    const std::size_t blocks = std::min(cells.blocks(), taker.served.words());
    for (std::size_t block = 0; block < blocks; ++block) {
      cells.SearchBlock(block, taker.served.word(block), best, visit);
    }
  });
}

// The inquiry that gave the cell its key.
std::uint32_t WaitingRoom::FirstOfCell(std::uint32_t lane, const Place& key) const {
  while (lanes_[lane].next != kNone && inquiries_[lanes_[lane].head].arrival != key.arrival) {
    lane = lanes_[lane].next;
  }
  return lanes_[lane].head;
}

// Some heads exclude the agent or, strays, don't fit: each lane is walked to the first that will
// do.
std::uint32_t WaitingRoom::LookCloser(Rank& rank, const Taker& taker) {
  Place best;
  std::uint32_t found = kNone;
  Search(rank, taker, best, [&](const Place&, std::uint32_t lane) {
    for (; lane != kNone; lane = lanes_[lane].next) {
      std::uint32_t slot = lanes_[lane].head;
      while (slot != kNone && PlaceOf(slot) < best && !MayTake(taker, slot)) {
        slot = inquiries_[slot].next;
      }
      if (slot == kNone || !(PlaceOf(slot) < best)) continue;
      found = slot;
      best = PlaceOf(slot);
    }
  });
  return found;
}

bool WaitingRoom::MayTake(const Taker& taker, std::uint32_t slot) const {
  const Inquiry& inquiry = inquiries_[slot];
  if (Excludes(inquiry, taker.slot)) return false;
  return inquiry.kind != kStrayKind || Kinds::HasRoom(taker.agent, inquiry);
}

}  // namespace usher::engine
