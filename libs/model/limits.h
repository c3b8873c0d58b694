// Limits: every bound of a desk's engine, by name. Reaching one is a decision, never a crash or a
// silent drop.
#pragma once

#include <cstdint>

#include "core/time.h"

namespace usher {

constexpr std::uint8_t kPriorities = 10;      // 0 (lowest) to 9
constexpr std::uint8_t kMaxLevel = 100;       // a skill's level is 0 to 100
constexpr std::uint8_t kUnansweredMost = 15;  // of an inquiry's messages; further ones count not
constexpr std::uint32_t kCriteriaMax = 16;    // of a policy, and marks of one review
constexpr std::uint32_t kFirstInquiriesMax = 1'000;  // that an agent is new with
constexpr std::uint8_t kMarkMax = 100;               // a mark is 0 to 100
constexpr std::uint8_t kRatingMax = 5;               // a rating is 1 to 5

struct Limits {
  std::uint32_t inquiries_max = 1'000'000;  // open ones in one desk
  std::uint32_t agents_max = 50'000;
  std::uint32_t queues_max = 10'000;
  std::uint32_t routes_max = 20'000;
  std::uint32_t channels_max = 32;
  std::uint32_t sla_classes_max = 256;
  std::uint32_t names_max = 65'536;  // distinct skill names seen, policy and agents together
  std::uint32_t skills_per_agent_max = 64;
  std::uint32_t attributes_per_agent_max = 64;
  std::uint32_t needs_max = 16;        // of one queue, step or route
  std::uint32_t clauses_max = 64;      // of one expression
  std::uint32_t score_steps_max = 64;  // of one score
  std::uint32_t steps_max = 16;        // of relaxing, of one queue
  std::uint32_t prefer_max = 16;       // expressions of one queue
  std::uint32_t escalations_max = 16;  // of one queue
  std::uint32_t offers_max = 16;       // of one inquiry at once
  std::uint32_t preferred_max = 8;     // agents of one inquiry
  std::uint32_t borrow_max = 8;        // of one queue
  std::uint32_t calendars_max = 64;
  std::uint32_t spans_max = 8'192;  // of one calendar
  std::uint32_t status_raises_max = 64;
  std::uint32_t candidates_max = 50;     // told in one explanation
  std::uint32_t handlings_max = 65'536;  // (queue, topic) pairs; no new ones beyond
  std::uint32_t memories_max = 65'536;   // (customer, topic) pairs remembered; the oldest gives way
  std::uint32_t units_max = 1'000;       // capacity of one agent
  std::uint32_t exclusions_max = 16;     // of one inquiry; the oldest gives way
  std::uint32_t requests_max =
      65'536;  // request ids remembered, by count of commands that carried one
  std::uint32_t sources_max = 1'024;           // (topic, partition) pairs that feed one desk
  Duration jump_max = std::chrono::hours(24);  // farthest that one command may move time ahead

  friend bool operator==(const Limits&, const Limits&) = default;
};

// Offsets remembered of one source partition: intake keeps its unacknowledged span below this.
constexpr std::int64_t kSourceWindow = 4'096;

}  // namespace usher
