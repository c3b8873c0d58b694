// Timers: what is set to fire, earliest first, among equals the one set first.
//
// Timers that wait equally long are set in the order in which they fire, so each such length has a
// run: a list that only its ends touch. A heap orders the runs by their first timers. The few that
// would break the order of their run (a policy moved them) get a run of their own.
//
// Threads: one.
// Cost:    Set and Clear O(1), and O(log runs) if a run's first timer changes.
#pragma once

#include <cstdint>
#include <vector>

#include "core/hash.h"
#include "core/time.h"
#include "engine/slab.h"
#include "engine/slot_index.h"
#include "model/state.h"

namespace usher::engine {

enum class TimerKind : std::uint32_t {
  kWarn,
  kBreach,
  kExpiry,
  kExclusionEnd,
  kWrapUpEnd,
  kRelax,
  kEscalate,
  kStarve,
  kReserved,
  kAnswer,
  kGone,
  kStart,
  kWake,
  kEdge,
  kPace,
  kRipening
};

// One of a saved state, to be set with all others in their order.
struct SavedTimer {
  Instant at;
  std::uint64_t order = 0;
  TimerKind kind = TimerKind::kWarn;
  std::uint32_t owner = kNone;
  std::uint32_t* place = nullptr;  // of its slot, once it is set
};

class Timers {
 public:
  struct alignas(32) Entry {
    Instant at = kNever;
    std::uint64_t order = 0;
    std::uint32_t owner : 27 = 0;  // what it belongs to: mostly an inquiry's slot
    TimerKind kind : 5 = TimerKind::kWarn;
    std::uint32_t run = kNone;
    std::uint32_t previous = kNone;
    std::uint32_t next = kNone;
  };

  // `length` names the run: how long such timers are set for. Any number does, some are faster.
  // Requires: `order` is not in use.
  std::uint32_t Set(TimerKind kind, std::uint32_t owner, Instant at, Duration length,
                    std::uint64_t order);
  void Clear(std::uint32_t timer);

  void Prefetch(std::uint32_t timer) const {
    if (timer != kNone) __builtin_prefetch(&entries_[timer]);
  }

  // The one that fires first; kNone if none is set.
  std::uint32_t first() const { return heap_.empty() ? kNone : runs_[heap_[0].run].head; }

  const Entry& operator[](std::uint32_t timer) const { return entries_[timer]; }
  Timer Plain(std::uint32_t timer) const {
    return timer == kNone ? Timer() : Timer{entries_[timer].at, entries_[timer].order};
  }

 private:
  struct Run {
    std::uint32_t head = kNone;
    std::uint32_t tail = kNone;
    std::uint32_t place = 0;  // in the heap
    Duration length{0};
    bool shared = false;  // found by its length
  };
  struct HeapItem {
    Instant at;
    std::uint64_t order = 0;
    std::uint32_t run = kNone;
    bool operator<(const HeapItem& other) const {
      return at != other.at ? at < other.at : order < other.order;
    }
  };
  struct LengthHash {
    std::uint64_t operator()(Duration length) const {
      return Mix64(static_cast<std::uint64_t>(length.count()));
    }
  };

  std::uint32_t RunFor(Instant at, Duration length);
  void RemoveRun(std::uint32_t run);
  void SiftUp(std::uint32_t place, HeapItem item);
  void SiftDown(std::uint32_t place, HeapItem item);
  void Settle(std::uint32_t place, const HeapItem& item);

  Slab<Entry> entries_;
  Slab<Run> runs_;
  SlotIndex<Duration, LengthHash> run_of_length_;
  std::vector<HeapItem> heap_;
};

}  // namespace usher::engine
