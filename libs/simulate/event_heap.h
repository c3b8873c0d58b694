// EventHeap: what is to come in simulated time, earliest first.
//
// At one instant things happen by kind, in the order of the kinds (an agent who gets free is there
// for who comes at that instant), arrivals by class, the rest in the order in which it was put in.
//
// Threads: one.
// Cost:    Put and Take O(log events).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/time.h"

namespace usher::simulate {

enum class EventKind : std::uint8_t {
  kClose,    // nothing is counted from here on
  kOpen,     // the warm-up is over
  kFinish,   // an agent is done with an inquiry
  kShift,    // a group's shift begins or ends
  kReturn,   // an agent who was put away comes back
  kAccept,   // an agent answers an offer
  kAbandon,  // a customer's patience is over
  kSample,   // the number busy is looked at
  kArrival   // an inquiry comes
};

struct Event {
  Instant at;
  std::uint64_t order = 0;    // the kind in the highest byte; the class of an arrival; then counted
  std::uint32_t subject = 0;  // whom it is about: a slot, class, group, agent or sample
  std::uint64_t detail = 0;   // what tells a stale event from a good one; or more about it

  EventKind kind() const { return static_cast<EventKind>(order >> 56); }
  bool operator<(const Event& other) const {
    return at != other.at ? at < other.at : order < other.order;
  }
};

class EventHeap {
 public:
  bool empty() const { return events_.empty(); }
  Instant next() const { return events_.empty() ? kNever : events_.front().at; }

  void Put(Instant at, EventKind kind, std::uint32_t subject, std::uint64_t detail = 0) {
    // A class has one arrival at most in here, so the class says it all.
    const std::uint64_t among = kind == EventKind::kArrival ? subject : ++count_;
    const Event event{at, static_cast<std::uint64_t>(kind) << 56 | among, subject, detail};
    std::size_t place = events_.size();
    events_.emplace_back();
    while (place > 0) {
      const std::size_t parent = (place - 1) / kWidth;
      if (!(event < events_[parent])) break;
      events_[place] = events_[parent];
      place = parent;
    }
    events_[place] = event;
  }

  // Requires: not empty.
  Event Take() {
    const Event first = events_.front();
    const Event last = events_.back();
    events_.pop_back();
    if (!events_.empty()) SiftDown(last);
    return first;
  }

 private:
  static constexpr std::size_t kWidth = 4;

  void SiftDown(const Event& event) {
    std::size_t place = 0;
    for (;;) {
      const std::size_t child = place * kWidth + 1;
      if (child >= events_.size()) break;
      const std::size_t end = child + kWidth < events_.size() ? child + kWidth : events_.size();
      std::size_t least = child;
      for (std::size_t i = child + 1; i < end; ++i) {
        if (events_[i] < events_[least]) least = i;
      }
      if (!(events_[least] < event)) break;
      events_[place] = events_[least];
      place = least;
    }
    events_[place] = event;
  }

  std::vector<Event> events_;
  std::uint64_t count_ = 0;
};

}  // namespace usher::simulate
