// WaitingRoom: the waiting inquiries, so that an agent's next one is found without a scan.
//
// Inquiries that differ in nothing but their age stand in a lane, oldest first; a due that is as
// far from the placing for all of them keeps that order. The lanes of the same need set, kind and
// rank are a cell, whose key is the best of their heads. Cells of one kind and rank are one
// SubsetMin over need sets, to be met with what a group serves. A cell with many lanes has a last
// one for the rest, sorted by a tree.
//
// A need set has a lift, by its crowd: it moves the keys of its cells of the ranks that lift.
//
// Threads: one.
// Cost:    Add at an end and Remove O(1); an inquiry that comes back walks past those before it, or
//          those after it, whichever are fewer.
#pragma once

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "engine/bits.h"
#include "engine/lane.h"
#include "engine/place.h"
#include "engine/records.h"
#include "engine/slab.h"
#include "engine/subset_min.h"

namespace usher::engine {

constexpr std::uint32_t kRanks = 64;            // 5 classes, 10 ranks of queues
constexpr std::uint32_t kRankStarvingEnd = 10;  // below: who starves, by age alone

class WaitingRoom {
 public:
  // Borrows the inquiries.
  explicit WaitingRoom(Slab<Inquiry>& inquiries) : inquiries_(inquiries) {}

  struct Entry {
    std::uint32_t inquiry = kNone;
    std::uint32_t set = kNone;
    std::uint32_t strict = kNone;  // queue whose inquiries not every agent that fits may take
    std::uint8_t rank = 0;
    std::uint8_t kind = 0;
    bool lifts = false;  // the set's lift counts
    bool spans = false;  // `second` is a fixed time after the placing
    std::uint8_t size = 0;
    Place place;  // without the lift
    // When its class changes by itself: a fixed time after the placing, the same for all of the
    // same rank and span.
    std::int64_t ripens = kNotRipening;
  };
  // False if it ripens, and the room can't tell when.
  bool Add(const Entry& entry);
  void Remove(std::uint32_t inquiry);

  // All leave at once.
  void Clear();

  // One whose class has changed by `now` (microseconds), to be taken out and put in anew; kNone if
  // there is none.
  std::uint32_t Ripe(std::int64_t now);

  // 16 times so much is taken from `first` where the set's lift counts, less 16 times the size.
  void SetLift(std::uint32_t set, std::uint32_t lift);
  static std::int64_t Lifted(std::int64_t first, std::uint32_t lift, std::uint8_t size) {
    return lift == 0 ? first : first - 16 * (std::int64_t{lift} - size);
  }

  struct Found {
    std::uint32_t inquiry = kNone;
    std::uint32_t rank = kRanks;
    Place place;
    bool Before(const Found& other) const {
      return rank != other.rank ? rank < other.rank : place < other.place;
    }
  };
  // The first by key among the ranks `from` to `to` (not included), of the kinds `fitting` and the
  // sets `served`. `plain(inquiry)` says of the first of a cell whether it may be had; if it may
  // not, the lanes are walked. `level(set)` is 0, or moves the keys of a cell.
  template <class May, class Level>
  Found First(std::uint32_t from, std::uint32_t to, std::uint64_t fitting, const Bits& served,
              bool by_level, May&& may, Level&& level);

 private:
  using Cells = SubsetMin<Place, std::uint32_t>;  // by need set: the cell's first lane
  struct Rank {
    std::uint64_t kinds = 0;   // with anybody waiting
    std::vector<Cells> cells;  // by kind
  };

  std::uint32_t LiftOf(std::uint32_t set) const { return set < lifts_.size() ? lifts_[set] : 0; }
  Place KeyOf(const Lane& lane) const {
    Place key = lane.best;
    if (lane.lifts) key.first = Lifted(key.first, LiftOf(lane.set), lane.size);
    return key;
  }
  Place PlaceIn(const Lane& lane, std::uint32_t inquiry) const;
  void Watch(std::uint32_t lane);
  std::uint32_t LaneFor(const Entry& entry);
  void Link(Lane& lane, std::uint32_t slot);
  void RemoveLane(std::uint32_t lane);
  void Rekey(std::uint32_t rank, std::uint32_t kind, std::uint32_t set);
  template <class May>
  std::uint32_t FirstOfLane(const Lane& lane, const Place& bound, std::int64_t shift, May&& may,
                            Place& place) const;

  Slab<Inquiry>& inquiries_;
  Slab<Lane> lanes_;
  Slab<Tree> trees_;
  std::vector<std::uint32_t> lifts_;  // by set
  std::array<Rank, kRanks> ranks_;
  std::uint64_t filled_ = 0;  // ranks with anybody
  // (time, lane), a heap, the earliest on top: not before that time does one of the lane ripen. One
  // that its lane does not tell counts for nothing.
  std::vector<std::pair<std::int64_t, std::uint32_t>> ripening_;
};

// The first of the lane below `bound` that may be had; `place` becomes its key.
template <class May>
std::uint32_t WaitingRoom::FirstOfLane(const Lane& lane, const Place& bound, std::int64_t shift,
                                       May&& may, Place& place) const {
  const auto key = [&](Place bare) {
    if (lane.lifts) bare.first = Lifted(bare.first, LiftOf(lane.set), lane.size);
    bare.first += shift;
    return bare;
  };
  if (lane.tree != kNone) {
    for (const auto& [bare, slot] : trees_[lane.tree].sorted) {
      place = key(bare);
      if (!(place < bound)) return kNone;
      if (may(slot)) return slot;
    }
    return kNone;
  }
  for (std::uint32_t slot = lane.head; slot != kNone; slot = inquiries_[slot].next) {
    place = key(PlaceIn(lane, slot));
    if (!(place < bound)) return kNone;
    if (may(slot)) return slot;
  }
  return kNone;
}

template <class May, class Level>
WaitingRoom::Found WaitingRoom::First(std::uint32_t from, std::uint32_t to, std::uint64_t fitting,
                                      const Bits& served, bool by_level, May&& may, Level&& level) {
  const std::uint64_t below = to >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << to) - 1;
  std::uint64_t left = filled_ & below & ~((std::uint64_t{1} << from) - 1);
  for (; left != 0; left &= left - 1) {
    const auto number = static_cast<std::uint32_t>(std::countr_zero(left));
    Rank& rank = ranks_[number];
    Found found;
    found.rank = number;
    const auto look = [&](std::uint32_t set, std::uint32_t first_lane) {
      const std::int64_t shift = by_level && number >= kRankStarvingEnd ? -level(set) : 0;
      for (std::uint32_t each = first_lane; each != kNone; each = lanes_[each].next) {
        Place place = KeyOf(lanes_[each]);
        place.first += shift;
        if (!(place < found.place)) continue;
        const std::uint32_t slot = FirstOfLane(lanes_[each], found.place, shift, may, place);
        if (slot == kNone) continue;
        found.inquiry = slot;
        found.place = place;
      }
    };
    ForEachBit(rank.kinds & fitting, [&](std::uint32_t kind) {
      Cells& cells = rank.cells[kind];
      const std::size_t blocks = std::min(cells.blocks(), served.words());
      for (std::size_t block = 0; block < blocks; ++block) {
        if (!by_level) {
          Place bound = found.place;
          cells.SearchBlock(block, served.word(block), bound,
                            [&](const Place&, std::uint32_t lane) {
                              look(lanes_[lane].set, lane);
                              bound = found.place;
                            });
          continue;
        }
        ForEachBit(cells.filled(block) & served.word(block), [&](std::uint32_t bit) {
          const auto set = static_cast<std::uint32_t>(block * 64 + bit);
          look(set, cells[set]);
        });
      }
    });
    if (found.inquiry != kNone) return found;
  }
  return {};
}

}  // namespace usher::engine
