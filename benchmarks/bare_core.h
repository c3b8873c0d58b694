// BareCore: a match core and no more, what an engine can be compared with: a deque a queue for who
// waits, one for who is free; no offers, clocks, ids or decisions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

namespace usher::engine {

class BareCore {
 public:
  BareCore(std::uint32_t queues, std::vector<std::vector<std::uint32_t>> queues_of_agent)
      : waiting_(queues),
        free_(queues),
        queues_of_(std::move(queues_of_agent)),
        room_(queues_of_.size(), 0) {}

  // The agent that takes it, or -1.
  std::int64_t Arrive(std::uint32_t queue, std::uint64_t inquiry) {
    while (!free_[queue].empty()) {
      const std::uint32_t agent = free_[queue].front();
      free_[queue].pop_front();
      if (room_[agent] == 0) continue;  // taken for another queue meanwhile
      --room_[agent];
      return agent;
    }
    waiting_[queue].push_back(inquiry);
    return -1;
  }

  // The queue it takes from, or -1.
  std::int64_t Release(std::uint32_t agent) {
    std::int64_t best = -1;
    for (const std::uint32_t queue : queues_of_[agent]) {
      if (waiting_[queue].empty()) continue;
      if (best < 0 || waiting_[queue].front() < waiting_[static_cast<std::size_t>(best)].front()) {
        best = queue;
      }
    }
    if (best >= 0) {
      waiting_[static_cast<std::size_t>(best)].pop_front();
      return best;
    }
    ++room_[agent];
    for (const std::uint32_t queue : queues_of_[agent]) free_[queue].push_back(agent);
    return -1;
  }

 private:
  std::vector<std::deque<std::uint64_t>> waiting_;
  std::vector<std::deque<std::uint32_t>> free_;
  std::vector<std::vector<std::uint32_t>> queues_of_;
  std::vector<std::uint32_t> room_;
};

}  // namespace usher::engine
