// Random histories for the engine: seeded, weighted, made to collide.
//
// Few inquiries, conversations, agents, skills and queues, times in whole seconds: so that ids
// meet, messages join, stale offers race, timers tie. Every choice comes from the seed, on every
// machine. Threads: any.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "kit/scenario.h"
#include "model/policy.h"

namespace usher::kit {

// A small random source with a fixed sequence (splitmix64: Steele, Lea, Flood 2014).
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}

  std::uint64_t Next();
  std::uint64_t Below(std::uint64_t bound) { return Next() % bound; }
  bool Chance(std::uint64_t percent) { return Below(100) < percent; }
  template <class T, std::size_t N>
  const T& Pick(const T (&list)[N]) {
    return list[Below(N)];
  }
  template <class T>
  const T& Pick(const std::vector<T>& list) {
    return list[Below(list.size())];
  }

 private:
  std::uint64_t state_;
};

// How many names there are of each kind: few make ids meet, many fill the engine's tables.
struct Pools {
  std::uint64_t agents = 6;
  std::uint64_t skills = 5;
  std::uint64_t queues = 5;
  std::uint64_t inquiries = 64;
};
constexpr Pools kSmallPools;
constexpr Pools kLargePools{.agents = 150, .skills = 14, .queues = 90, .inquiries = 600};

// A policy over the pools; about one in twenty breaks a rule and must be refused.
Policy RandomPolicy(Dice& dice, const Pools& pools);

// `steps` commands and restores. The reference engine is played along, so that most commands make
// sense.
Scenario RandomHistory(std::uint64_t seed, std::size_t steps, const Pools& pools = kSmallPools);

// Smaller histories that might show the same: without some steps, or with one step made plainer.
// Each is made when it is asked for.
std::vector<std::function<Scenario()>> Simpler(const Scenario& scenario);

}  // namespace usher::kit
