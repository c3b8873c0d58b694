// Tally: what one replication came to, as raw sums. Of inquiries those count that arrive in the
// window between warm-up and stop, each to its end; of time the window itself.
//
// Threads: one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/time.h"

namespace usher::simulate {

// A number that goes up and down, summed over time.
class Level {
 public:
  void Change(Instant now, std::int64_t by) {
    sum_ += value_ * (now - last_).count();
    last_ = now;
    value_ += by;
  }
  void Restart(Instant now) {
    Change(now, 0);
    sum_ = 0;
  }
  std::int64_t value() const { return value_; }
  std::int64_t sum() const { return sum_; }  // number times microseconds, to the last change

 private:
  std::int64_t value_ = 0;
  std::int64_t sum_ = 0;
  Instant last_;
};

struct ClassTally {
  std::uint64_t arrived = 0;
  std::uint64_t blocked = 0;
  std::uint64_t abandoned = 0;
  std::uint64_t served = 0;
  std::uint64_t unserved = 0;  // still waiting when nothing could happen any more
  std::uint64_t targeted = 0;  // admitted ones with a target
  std::uint64_t breached = 0;  // of those, how many waited longer
  std::uint64_t offers = 0;
  std::int64_t lateness_us = 0;  // of the breached ones: waited beyond the target
  std::int64_t served_wait_us = 0;
  std::int64_t abandoned_wait_us = 0;
  std::vector<std::int64_t> waits_us;  // of those served and those who abandoned, as they ended

  // Of the window: of all inquiries, counted or not.
  std::int64_t waiting_sum = 0;
  std::int64_t busy_sum = 0;
};

struct AgentTally {
  std::size_t group = 0;
  std::uint64_t served = 0;
  std::int64_t held_sum = 0;     // units times microseconds
  std::int64_t present_sum = 0;  // units that there were, likewise
};

struct Tally {
  std::vector<ClassTally> classes;
  std::vector<AgentTally> agents;
  Instant opened;
  Instant closed;
  std::vector<std::int64_t> busy_at_sum;  // by time of the report
  std::vector<std::uint64_t> busy_at_count;
  std::uint64_t commands = 0;  // applied to the engine, all of them
  Duration simulated{0};       // from 0 to the end of the last counted one
};

}  // namespace usher::simulate
