// WaitingRoom: the waiting inquiries, so that an agent's next one is found without a scan.
//
// Inquiries with the same needs, kind, priority, lateness and target stand in a lane, in order of
// arrival; since a target is the same span for all of them, that is the order of due, too. The
// lanes of the same needs, kind, priority and lateness are a cell, whose key is the best of their
// heads. Cells of one kind, priority and lateness are one SubsetMin over need sets, to be met with
// what a group serves.
//
// Threads: one.
// Cost:    Add at an end and Remove O(1); an inquiry that comes back walks past those before it.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/bits.h"
#include "engine/records.h"
#include "engine/slab.h"
#include "engine/subset_min.h"
#include "model/limits.h"

namespace usher::engine {

class WaitingRoom {
 public:
  // Borrows the inquiries.
  explicit WaitingRoom(Slab<Inquiry>& inquiries) : inquiries_(inquiries) {}

  // By its needs, kind, priority, clock, due and arrival, none of which may change while it is
  // here.
  void Add(std::uint32_t inquiry);
  void Remove(std::uint32_t inquiry);

  // All leave at once.
  void Clear();

  // Who looks for an inquiry.
  struct Taker {
    std::uint32_t slot;  // the agent's
    const Agent& agent;
    const Bits& served;     // what its group serves
    std::uint64_t fitting;  // the kinds it has room for
  };

  // The first by key of those late, or of those in time, that the taker is able to take; kNone if
  // there is none.
  std::uint32_t First(bool late, const Taker& taker);

 private:
  struct Place {
    Instant due = kNever;
    std::uint64_t arrival = ~std::uint64_t{0};
    friend bool operator<(const Place& a, const Place& b) {
      return a.due != b.due ? a.due < b.due : a.arrival < b.arrival;
    }
  };
  struct Lane {
    Duration target{0};
    std::uint32_t head = kNone;
    std::uint32_t tail = kNone;
    std::uint32_t next = kNone;  // lane of the same cell
    std::uint32_t needs = kNone;
    std::uint64_t newest = 0;  // no arrival in it is above this
    std::uint8_t priority = 0;
    std::uint8_t kind = 0;
    bool late = false;
  };
  using Cells = SubsetMin<Place, std::uint32_t>;  // by need set: the cell's first lane
  struct Rank {                                   // one priority, late or in time
    std::uint64_t kinds = 0;                      // with anybody waiting
    std::vector<Cells> cells;                     // by kind
  };

  Place PlaceOf(std::uint32_t inquiry) const {
    return {inquiries_[inquiry].due, inquiries_[inquiry].arrival};
  }
  Rank& RankOf(bool late, std::uint8_t priority) { return ranks_[late ? 1 : 0][priority]; }
  std::uint32_t LaneFor(const Inquiry& inquiry);
  void RemoveLane(std::uint32_t lane);
  template <class Visit>
  void Search(Rank& rank, const Taker& taker, Place& best, Visit&& visit);
  std::uint32_t FirstOfCell(std::uint32_t lane, const Place& key) const;
  std::uint32_t LookCloser(Rank& rank, const Taker& taker);
  bool MayTake(const Taker& taker, std::uint32_t slot) const;

  Slab<Inquiry>& inquiries_;
  Slab<Lane> lanes_;
  std::array<std::array<Rank, kPriorities>, 2> ranks_;
};

}  // namespace usher::engine
