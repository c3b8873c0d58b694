// Scenario: a shop to simulate. Plain values, as the file says them; libs/simulate/README.md
// explains each key.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/time.h"
#include "model/command.h"
#include "model/limits.h"
#include "model/policy.h"
#include "simulate/arrivals.h"
#include "simulate/laws.h"

namespace usher::simulate {

// How long a part of a run is: so many arrivals, or so much time. Exactly one is set.
struct Extent {
  std::uint64_t inquiries = 0;
  Duration time{0};

  friend bool operator==(const Extent&, const Extent&) = default;
};

// Which waiting inquiry a free agent takes; kDefault: as the engine does.
enum class Order : std::uint8_t { kDefault, kFifo, kPriority, kDue, kInTimeFirst, kAgentLevel };

// Which free agent gets an inquiry; kDefault: as the engine does.
enum class Pick : std::uint8_t { kDefault, kLongestIdle, kRarestFirst, kBestLevel, kLeastLoaded };

// What agents do with what is offered to them.
struct Offers {
  bool instant = true;     // accepted at once
  Law accept;              // else: how long an agent takes to accept
  double ignore = 0;       // share of the offers that nobody answers
  Duration timeout = 20s;  // then an offer is taken back

  friend bool operator==(const Offers&, const Offers&) = default;
};

struct ClassSpec {
  std::string name;
  ArrivalLaw arrivals;
  std::vector<Need> needs;                       // sorted by skill, each once
  std::vector<std::vector<std::size_t>> groups;  // agent groups by place; empty: all alike
  ChannelName channel;
  std::optional<std::uint8_t> priority;
  std::optional<Duration> first_response;
  std::optional<Law> patience;  // absent: waits for ever
  Law handling;
  Features features;  // for a policy's routes; the channel is in it, too

  friend bool operator==(const ClassSpec&, const ClassSpec&) = default;
};

struct AgentGroup {
  // From `from` to `to` of each day.
  struct Shift {
    Duration from{0};
    Duration to{0};
    friend bool operator==(const Shift&, const Shift&) = default;
  };

  std::string name;
  std::uint32_t count = 0;
  std::vector<Need> skills;             // sorted by skill, each once
  std::vector<Attribute> attributes;    // for a policy's expressions; sorted
  std::map<std::size_t, Law> handling;  // by class: instead of the class's own law
  std::uint32_t units = 1;
  std::map<ChannelName, std::uint32_t> limits;  // inquiries of a channel at once
  std::map<ChannelName, std::uint32_t> costs;   // units that one of a channel takes; absent: 1
  std::vector<Shift> shifts;                    // rising, apart from one another; empty: always

  friend bool operator==(const AgentGroup&, const AgentGroup&) = default;
};

struct Scenario {
  std::string name;
  std::uint64_t seed = 1;
  std::uint32_t replications = 1;
  Extent warmup;
  Extent stop;
  Order order = Order::kDefault;
  Pick pick = Pick::kDefault;
  std::uint32_t places = Limits().inquiries_max;
  Offers offers;
  Duration wrap_up{0};
  std::optional<Policy> policy;
  std::vector<ClassSpec> classes;
  std::vector<AgentGroup> agents;
  std::vector<Duration> thresholds;
  std::vector<Duration> busy_at;
  Duration busy_period = kDay;  // in which the times of `busy_at` come back

  friend bool operator==(const Scenario&, const Scenario&) = default;
};

}  // namespace usher::simulate
