#include "engine/timers.h"

namespace usher::engine {

std::uint32_t Timers::Set(TimerKind kind, std::uint32_t owner, Instant at, Duration length,
                          std::uint64_t order) {
  const std::uint32_t run_slot = RunFor(at, length);
  Run& run = runs_[run_slot];
  const std::uint32_t timer = entries_.Add();
  Entry& entry = entries_[timer];
  entry.at = at;
  entry.order = order;
  entry.owner = owner & 0x7ffffff;
  entry.kind = kind;
  entry.run = run_slot;
  entry.previous = run.tail;
  entry.next = kNone;
  if (run.tail != kNone) {
    entries_[run.tail].next = timer;
  } else {
    run.head = timer;
    heap_.emplace_back();
    SiftUp(static_cast<std::uint32_t>(heap_.size() - 1), {at, order, run_slot});
  }
  run.tail = timer;
  return timer;
}

void Timers::Clear(std::uint32_t timer) {
  const Entry entry = entries_[timer];
  Run& run = runs_[entry.run];
  if (entry.previous != kNone) entries_[entry.previous].next = entry.next;
  if (entry.next != kNone) entries_[entry.next].previous = entry.previous;
  if (run.tail == timer) run.tail = entry.previous;
  if (run.head == timer) {
    run.head = entry.next;
    if (run.head == kNone) {
      RemoveRun(entry.run);
    } else {
      SiftDown(run.place, {entries_[run.head].at, entries_[run.head].order, entry.run});
    }
  }
  entries_.Remove(timer);
}

// The run of that length if `at` may stand at its end (orders only grow), else a new one.
std::uint32_t Timers::RunFor(Instant at, Duration length) {
  const std::uint32_t known =
      run_of_length_.Find(length, [this](std::uint32_t run) { return runs_[run].length; });
  if (known != kNone && entries_[runs_[known].tail].at <= at) return known;
  const std::uint32_t run = runs_.Add();
  runs_[run].length = length;
  runs_[run].shared = known == kNone;
  if (known == kNone) run_of_length_.Insert(length, run);
  return run;
}

void Timers::RemoveRun(std::uint32_t run) {
  const std::uint32_t place = runs_[run].place;
  if (runs_[run].shared) run_of_length_.Erase(runs_[run].length, run);
  runs_.Remove(run);
  const HeapItem last = heap_.back();
  heap_.pop_back();
  if (place < heap_.size()) Settle(place, last);
}

void Timers::Settle(std::uint32_t place, const HeapItem& item) {
  if (place > 0 && item < heap_[(place - 1) / 4]) {
    SiftUp(place, item);
  } else {
    SiftDown(place, item);
  }
}

void Timers::SiftUp(std::uint32_t place, HeapItem item) {
  while (place > 0 && item < heap_[(place - 1) / 4]) {
    heap_[place] = heap_[(place - 1) / 4];
    runs_[heap_[place].run].place = place;
    place = (place - 1) / 4;
  }
  heap_[place] = item;
  runs_[item.run].place = place;
}

void Timers::SiftDown(std::uint32_t place, HeapItem item) {
  for (;;) {
    const std::uint32_t first = place * 4 + 1;
    std::uint32_t least = kNone;
    for (std::uint32_t child = first; child < first + 4 && child < heap_.size(); ++child) {
      if (least == kNone || heap_[child] < heap_[least]) least = child;
    }
    if (least == kNone || !(heap_[least] < item)) break;
    heap_[place] = heap_[least];
    runs_[heap_[place].run].place = place;
    place = least;
  }
  heap_[place] = item;
  runs_[item.run].place = place;
}

}  // namespace usher::engine
