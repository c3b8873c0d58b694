// Watch: asks usher every moment what it did and who waits, over all desks of the day.
//
// Threads: one, that of the Loop.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "usher/play_client.h"
#include "usher/play_loop.h"
#include "usher/play_totals.h"
#include "usher/play_view.h"

namespace usher::play {

class Watch {
 public:
  // Borrows all.
  Watch(const std::vector<std::string>& desks, Loop& loop, Client& client);

  // Asks until Stop(). The first round of answers is what was there before the day.
  void Begin();
  void Stop() { stopped_ = true; }

  // Whole rounds of answers so far.
  std::uint64_t rounds() const { return rounds_; }

  // Since the first round.
  const Totals& totals() const { return totals_; }
  const std::map<std::string, QueueScene>& queues() const { return queues_; }
  bool nobody_waits() const;

 private:
  void Ask();
  void Took();

  const std::vector<std::string>& desks_;
  Loop& loop_;
  Client& client_;
  std::size_t missing_ = 0;  // answers of this round
  bool failed_ = false;      // one of them did not come
  bool stopped_ = false;
  std::uint64_t rounds_ = 0;
  Totals before_;
  Totals asked_;  // of this round, so far
  Totals totals_;
  std::map<std::string, QueueScene> asked_queues_;
  std::map<std::string, QueueScene> queues_;
};

}  // namespace usher::play
