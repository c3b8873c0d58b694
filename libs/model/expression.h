// Expression: a yes or no on an agent's skills and attributes. Score: a whole number from the same.
//
// Both are data of the policy, in orders that need no brackets: an Expression stands in prefix
// order (all[2], skill(a, 60), not, attribute(site=kyiv)), a Score in postfix order (level(a),
// idle, +).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/names.h"

namespace usher {

struct Need {
  SkillName skill;
  std::uint8_t level = 0;  // minimum for a queue, held for an agent; 0 to 100

  friend bool operator==(const Need&, const Need&) = default;
  friend auto operator<=>(const Need&, const Need&) = default;
};

struct Attribute {
  AttributeName name;
  ValueName value;

  friend bool operator==(const Attribute&, const Attribute&) = default;
  friend auto operator<=>(const Attribute&, const Attribute&) = default;
};

// What of an agent is known to expressions; both sorted, skills each once.
struct Profile {
  std::vector<Need> skills;
  std::vector<Attribute> attributes;  // a name may be there with several values

  friend bool operator==(const Profile&, const Profile&) = default;
  friend auto operator<=>(const Profile&, const Profile&) = default;
};

// The level at which the profile holds the skill; nothing if it does not.
std::optional<std::uint8_t> LevelOf(const Profile& profile, const SkillName& skill);

enum class ClauseOp : std::uint8_t {
  kAll,       // of the next `count` expressions; all of none is true
  kAny,       // of the next `count` expressions; any of none is false
  kNot,       // the next expression
  kSkill,     // holds `skill` at `level` or higher
  kAttribute  // has the attribute
};

struct Clause {
  ClauseOp op = ClauseOp::kAll;
  std::uint16_t count = 0;
  Need skill;
  Attribute attribute;

  friend bool operator==(const Clause&, const Clause&) = default;
  friend auto operator<=>(const Clause&, const Clause&) = default;
};

using Expression = std::vector<Clause>;  // empty: true

// Is `expression` exactly one expression (or empty), with levels up to 100?
bool IsWellFormed(const Expression& expression);

// Requires: well formed.
bool Holds(const Expression& expression, const Profile& profile);

enum class ScoreOp : std::uint8_t {
  kNumber,     // `number`
  kLevel,      // the agent's level of `skill`; 0 without it
  kAttribute,  // 1 with the attribute, else 0
  kSkills,     // how many skills the agent holds
  kLoad,       // thousandths of the agent's units in use
  kIdle,       // whole seconds since the agent's work last changed
  kPriority,   // of the inquiry
  kWaited,     // whole seconds since the inquiry was placed
  kAdd,        // these take the last two values, the earlier one first
  kSubtract,
  kMultiply,
  kDivide,  // towards zero; by zero gives 0
  kMin,
  kMax,
  kLess,  // 1 if the earlier is less than the later, else 0
  kEqual
};

struct ScoreStep {
  ScoreOp op = ScoreOp::kNumber;
  std::int64_t number = 0;
  SkillName skill;
  Attribute attribute;

  friend bool operator==(const ScoreStep&, const ScoreStep&) = default;
};

using Score = std::vector<ScoreStep>;  // empty: none

// What a Score may ask of an agent and an inquiry beside the profile.
struct ScoreFacts {
  std::int64_t load_permille = 0;
  std::int64_t idle_seconds = 0;
  std::int64_t priority = 0;
  std::int64_t waited_seconds = 0;
};

// Does it leave exactly one value (or is it empty), without asking for more than is there?
bool IsWellFormed(const Score& score);

// Requires: well formed, not empty. Every step's result is cut to +-10^15.
std::int64_t Evaluate(const Score& score, const Profile& profile, const ScoreFacts& facts);

}  // namespace usher
