// Play: one day under one rule, on the engine itself in simulated time.
//
// Threads: one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/time.h"
#include "model/decision.h"
#include "quality/day.h"
#include "quality/rules.h"

namespace usher::quality {

// What became of one inquiry.
struct Outcome {
  Instant answered = kNever;  // kNever: the customer left before
  Instant left = kNever;
  std::uint32_t agent = 0;
  std::uint32_t offers = 0;

  bool Breached(const Inquiry& inquiry) const;
  Duration Wait(const Inquiry& inquiry) const;
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

struct Result {
  std::vector<Outcome> outcomes;  // by inquiry
  std::vector<Duration> worked;   // by agent, to the end of the last inquiry
  std::uint64_t commands = 0;
};

// Ensures: nobody is lost: each inquiry is answered or its customer left.
Result Play(const DaySpec& spec, const std::vector<Inquiry>& day,
            const std::vector<AgentSpec>& staff, const Rule& rule, std::uint64_t seed);

}  // namespace usher::quality
