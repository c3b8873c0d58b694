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
  if (after != kNone && inquiries_[after].arrival > inquiry.arrival) {
    after = kNone;
    std::uint32_t before = lane.head;
    while (inquiries_[before].arrival < inquiry.arrival) {
      after = before;
      before = inquiries_[before].next;
    }
  }
  inquiry.previous = after;
  inquiry.next = after == kNone ? lane.head : inquiries_[after].next;
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
  lanes_[lane] = {target,           kNone,        kNone,         first, inquiry.needs,
                  inquiry.priority, inquiry.kind, inquiry.late()};
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

std::uint32_t WaitingRoom::First(bool late, std::uint32_t self, const Agent& agent,
                                 const Bits& served, std::uint64_t fitting) {
  for (std::uint8_t priority = kPriorities; priority-- > 0;) {
    Rank& rank = RankOf(late, priority);
    Place best;
    std::uint32_t found = kNone;
    ForEachBit(rank.kinds & fitting, [&](std::uint32_t kind) {
      Cells& cells = rank.cells[kind];
      const std::size_t blocks = std::min(cells.blocks(), served.words());
      for (std::size_t block = 0; block < blocks; ++block) {
        cells.SearchBlock(block, served.word(block), best, [&](const Place&, std::uint32_t lane) {
          for (; lane != kNone; lane = lanes_[lane].next) {
            const std::uint32_t first = FirstOfLane(lane, self, agent, best);
            if (first == kNone) continue;
            found = first;
            best = PlaceOf(first);
          }
        });
      }
    });
    if (found != kNone) return found;
  }
  return kNone;
}

// Its first inquiry that the agent may take and that comes before `best`; kNone if there is none.
std::uint32_t WaitingRoom::FirstOfLane(std::uint32_t lane, std::uint32_t self, const Agent& agent,
                                       const Place& best) const {
  const bool stray = lanes_[lane].kind == kStrayKind;
  for (std::uint32_t slot = lanes_[lane].head; slot != kNone; slot = inquiries_[slot].next) {
    if (!(PlaceOf(slot) < best)) return kNone;
    const Inquiry& inquiry = inquiries_[slot];
    if (Excludes(inquiry, self)) continue;
    if (stray && !Kinds::HasRoom(agent, inquiry)) continue;
    return slot;
  }
  return kNone;
}

}  // namespace usher::engine
