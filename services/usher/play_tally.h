// Tally: what a played day saw with its own eyes, to be laid beside what usher says of it.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "core/time.h"

namespace usher::play {

constexpr std::size_t kLastLines = 6;

struct Tally {
  // Customers.
  std::uint64_t messages_sent = 0;     // taken by usher
  std::uint64_t messages_refused = 0;  // refused by intake
  std::uint64_t orders_sent = 0;
  std::uint64_t orders_refused = 0;
  std::uint64_t left = 0;  // customers who gave up
  // Agents.
  std::uint64_t offers = 0;
  std::uint64_t accepted = 0;
  std::uint64_t declined = 0;
  std::uint64_t expired = 0;
  std::uint64_t rescinded = 0;
  std::uint64_t resolved = 0;
  std::uint64_t refused = 0;          // clicks that came too late
  std::uint64_t streams_lost = 0;     // with one of these, offers may have passed unseen
  std::vector<Duration> responses;    // shop time from message to first reply
  std::vector<Duration> acceptances;  // shop time from message to an agent's yes
  // The last things that happened, newest last, for people to read.
  std::deque<std::string> last;

  void Tell(std::string line) {
    if (last.size() == kLastLines) last.pop_front();
    last.push_back(std::move(line));
  }
};

}  // namespace usher::play
