// History: what came, how long it took and who was there, by hours of the desk's own clock.
//
// Threads: none of its own; plain values.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/time.h"
#include "model/expression.h"
#include "model/names.h"

namespace usher::staffing {

constexpr int kHoursOfWeek = 7 * 24;  // Monday 0:00 is hour 0
constexpr int kHoursOfDay = 24;

// Hours since Thursday, 1970-01-01, 0:00 as the desk's clocks show it.
using LocalHour = std::int64_t;

constexpr int HourOfWeek(LocalHour hour) {
  constexpr LocalHour kThursday = 3 * kHoursOfDay;
  const LocalHour rest = (hour + kThursday) % kHoursOfWeek;
  return static_cast<int>(rest < 0 ? rest + kHoursOfWeek : rest);
}

// What is alike in how it is routed, how long it takes and when it comes.
struct Kind {
  QueueName queue;
  ChannelName channel;
  LanguageName language;  // empty: unknown
  TopicName topic;        // empty: unknown

  friend bool operator==(const Kind&, const Kind&) = default;
  friend auto operator<=>(const Kind&, const Kind&) = default;
};

struct Came {
  std::uint64_t placed = 0;
  std::uint64_t handled = 0;    // accepted and ended
  std::uint64_t abandoned = 0;  // before somebody accepted
  Duration handling{0};         // of the handled ones, together
  Duration waited{0};           // of all, until somebody accepted or they left, together

  friend bool operator==(const Came&, const Came&) = default;
};

// An agent as registered last.
struct Member {
  AgentName name;
  Profile profile;
  std::uint32_t units = 1;
  std::map<LocalHour, Duration> present;  // logged in and taking work, of each hour

  friend bool operator==(const Member&, const Member&) = default;
};

struct History {
  LocalHour from = 0;  // from here
  LocalHour to = 0;    // to just before this one
  std::map<std::pair<LocalHour, Kind>, Came> came;
  std::vector<Member> members;
  // How much was seen of each hour of which it is not just the whole: at the ends, and where clocks
  // are changed.
  std::map<LocalHour, Duration> seen;

  friend bool operator==(const History&, const History&) = default;
};

}  // namespace usher::staffing
