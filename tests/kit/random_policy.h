// Random policies for the engine: small, with all features of the model, made to collide.
//
// Every choice comes from the dice. Threads: any.
#pragma once

#include <cstdint>
#include <string>

#include "core/time.h"
#include "kit/dice.h"
#include "model/policy.h"

namespace usher::kit {

// How many names there are of each kind: few make ids meet, many fill the engine's tables.
struct Pools {
  std::uint64_t agents = 6;
  std::uint64_t skills = 5;
  std::uint64_t queues = 5;
  std::uint64_t inquiries = 64;
};
constexpr Pools kSmallPools;
constexpr Pools kLargePools{.agents = 150, .skills = 14, .queues = 90, .inquiries = 600};

// The names that policies and histories share.
constexpr const char* kChannelNames[] = {"chat", "voice", "email"};
constexpr const char* kCriterionNames[] = {"greeting", "solution", "tone"};
constexpr const char* kStatusNames[] = {"late", "lost", "refunded"};
constexpr std::uint8_t kSomeLevels[] = {0, 10, 10, 50, 90, 100};
inline SkillName SkillOf(std::uint64_t number) {
  return SkillName::Of("s" + std::to_string(number));
}
inline AgentName AgentOf(std::uint64_t number) {
  return AgentName::Of("a" + std::to_string(number));
}
Attribute RandomAttribute(Dice& dice);

// A policy over the pools, with calendars around `now`; about one in twenty breaks a rule and must
// be refused.
Policy RandomPolicy(Dice& dice, const Pools& pools, Instant now);

// Its parts. Names are filled in from what `policy` has so far.
Expression RandomExpression(Dice& dice, const Pools& pools);
Score RandomScore(Dice& dice, const Pools& pools);
Requirement RandomRequirement(Dice& dice, const Pools& pools);
Queue RandomQueue(Dice& dice, std::uint64_t number, const Policy& policy, const Pools& pools);
// Where queues lead to others: diversions, escalations, forecasts, borrows. All queues are there.
void LinkQueues(Dice& dice, Policy& policy);

// Breaks one rule of a sound policy.
void SpoilPolicy(Dice& dice, Policy& policy);

}  // namespace usher::kit
