// What the engine remembers and counts of each queue of the policy, and how long its work takes.
//
// Threads: one.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "core/hash.h"
#include "core/time.h"
#include "engine/slot_index.h"

namespace usher::engine {

struct QueueRecord {
  std::uint32_t turn = kNone;  // agent
  std::uint32_t service_ppm = 1'000'000;
  std::uint32_t gates = 0;
  std::uint32_t queued = 0;  // waiting or offered
  std::uint32_t late = 0;    // listed and late
  bool is_open = true;
};

// The means of (queue, topic); places of queues, numbers of topics (kNone: all of the queue).
class Handlings {
 public:
  struct Entry {
    std::uint32_t queue = kNone;
    std::uint32_t topic = kNone;
    Duration mean{0};
    std::uint32_t finished = 0;
  };

  const Entry* Find(std::uint32_t queue, std::uint32_t topic) const {
    const std::uint32_t place = PlaceOf(queue, topic);
    return place == kNone ? nullptr : &entries_[place];
  }

  // True if a pair was added (whose topic is to be held).
  bool Learn(std::uint32_t queue, std::uint32_t topic, Duration handled, std::uint32_t most) {
    const std::uint32_t place = PlaceOf(queue, topic);
    if (place != kNone) {
      Entry& entry = entries_[place];
      entry.mean += (handled - entry.mean) / 32;
      entry.finished = std::min(entry.finished + 1, kFinishedMost);
      return false;
    }
    if (entries_.size() >= most) return false;
    Put({queue, topic, handled, 1});
    return true;
  }
  void Put(const Entry& entry) {
    places_.Insert(KeyOf(entry.queue, entry.topic), static_cast<std::uint32_t>(entries_.size()));
    entries_.push_back(entry);
  }
  const std::vector<Entry>& entries() const { return entries_; }  // as they were learned

 private:
  static constexpr std::uint32_t kFinishedMost = 1'000'000;
  struct KeyHash {
    std::uint64_t operator()(std::uint64_t key) const { return Mix64(key); }
  };
  static std::uint64_t KeyOf(std::uint32_t queue, std::uint32_t topic) {
    return std::uint64_t{queue} << 32 | topic;
  }
  std::uint32_t PlaceOf(std::uint32_t queue, std::uint32_t topic) const {
    return places_.Find(KeyOf(queue, topic), [this](std::uint32_t place) {
      return KeyOf(entries_[place].queue, entries_[place].topic);
    });
  }

  std::vector<Entry> entries_;
  SlotIndex<std::uint64_t, KeyHash> places_;
};

}  // namespace usher::engine
