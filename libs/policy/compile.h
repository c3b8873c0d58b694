// Compile: the YAML of a desk's policy becomes what the engine and the intake take, or a full list
// of what is wrong with it. deploy/policies/README.md explains the file, key by key.
//
// Threads: any; all functions here are pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "model/acting_rules.h"
#include "model/automatic_rules.h"
#include "model/mapping_rules.h"
#include "model/policy.h"
#include "model/understanding_rules.h"

namespace usher::policy {

constexpr std::size_t kYamlBytesMax = 512 * 1024;
constexpr std::size_t kProblemsMax = 1'000;  // more are counted, not listed
constexpr int kDepthMax = 32;                // of lists and maps in one another
constexpr Duration kDurationMax = std::chrono::hours(24 * 31);
constexpr Duration kCalendarMax = std::chrono::hours(24 * 731);
constexpr Duration kMemoryMax = std::chrono::hours(24 * 90);  // of who had which customer

// Line and column count from 1, in characters; 0: the file (or the line) as a whole.
struct Problem {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::string message;  // what is wrong, and what would be right

  friend bool operator==(const Problem&, const Problem&) = default;
};

struct Compiled {
  Policy policy;  // the engine takes it: within Limits, all references resolve
  UnderstandingRules understanding;
  ActingRules acting;
  AutomaticRules automatic;
  MappingRules mappings;
};

struct CompileResult {
  std::optional<Compiled> compiled;  // there if and only if there are no problems
  std::vector<Problem> problems;     // by place in the file
};

// `now` matters to calendars alone: they are written out from the day before it until kCalendarMax
// after it, and closed beyond. Who applies a policy gives the time; the router renews them in time.
//
// Ensures: equal texts, instants and time zones of the machine give equal results; any bytes at all
//          give a result.
CompileResult Compile(std::string_view yaml, Instant now = Instant());

struct MappingsResult {
  std::optional<MappingRules> rules;  // there if and only if there are no problems
  std::vector<Problem> problems;
};

// The same for a file that holds the section `mappings` alone. The channels, topics and tiers that
// it names are those of a policy that is not here: they are not looked up.
MappingsResult CompileMappings(std::string_view yaml);

// "12:5: no queue 'paymnt' (is 'payment' meant?)", as compilers write it.
std::string ToString(const Problem& problem);

// Each distinct first-response target once, rising: the edges that response times are measured by.
std::vector<Duration> SlaTargets(const Policy& policy);

// All durations divided by `divisor` and cut to whole milliseconds, at least 1 ms; zero stays zero.
// A shop's day can then be played in minutes. The hours of calendars stay as they are.
//
// Requires: divisor >= 1.
Policy ScaleDurations(const Policy& policy, std::int64_t divisor);

// The same on the text: comments and order stay; built-in durations that the file relies on are put
// in. A text that does not compile comes back as it is.
//
// Requires: divisor >= 1.
// Ensures:  what compiled still does, to what ScaleDurations() makes of it.
std::string ScaleYamlDurations(std::string_view yaml, std::int64_t divisor);

}  // namespace usher::policy
