// Board: all that the metrics show of one partition: what was counted, and how its queues and
// agents are.
//
// Threads: one.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <utility>

#include "core/time.h"
#include "insights/live.h"
#include "insights/tally.h"
#include "insights/view.h"

namespace usher::insights {

struct QueueNow {
  std::array<std::uint32_t, kPriorities> waiting{};
  std::array<Instant, kPriorities> oldest;  // kNever: none
  std::array<bool, kPriorities> known{};    // there was one with that priority
  Instant earliest_due = kNever;
  std::uint32_t foretold = 0;
  std::uint32_t assigned = 0;
  std::uint32_t pending = 0;
  std::uint32_t scheduled = 0;

  QueueNow() { oldest.fill(kNever); }
  void Set(const LiveQueue& queue);
  void Merge(const QueueNow& other);
};

struct DeskNow {
  std::array<std::uint64_t, 5> presences{};  // agents by Presence
  std::uint64_t units = 0;
  std::map<ChannelName, ChannelLoad> loads;
};

struct Board {
  explicit Board(std::int32_t partitions) : tally(partitions) {}

  // What the view's last batch touched, or all of it.
  void Follow(const View& view);
  void FollowAll(const View& view);

  Tally tally;
  std::map<std::pair<DeskName, QueueName>, QueueNow> queues;
  std::map<DeskName, DeskNow> desks;
};

}  // namespace usher::insights
