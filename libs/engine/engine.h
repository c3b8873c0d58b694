// Engine holds the routing state of one desk: who waits, who is free, what is on offer.
//
// What it decides, step by step, is written in libs/engine/README.md; the reference engine in
// tests/kit follows the same page, and the two must agree on every history.
//
// Threads: one. The partition's loop owns it for its whole life; there are no locks inside.
// Time:    moves only with `command.at`; the Engine has no clock.
// Memory:  bounded by `limits`; grows with what is open, never with what has ended.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/time.h"
#include "model/command.h"
#include "model/decision.h"
#include "model/limits.h"
#include "model/policy.h"
#include "model/state.h"
#include "model/state_copy.h"

namespace usher::engine {

class Engine {
 public:
  explicit Engine(const Limits& limits);  // the policy arrives as a command, like all else
  ~Engine();
  Engine(Engine&&) noexcept;
  Engine& operator=(Engine&&) noexcept;

  // Applies one command and appends what was decided to `out`, oldest first.
  //
  // Ensures:  equal command sequences give equal decision sequences, byte for byte. A command whose
  // time
  //           lies before now() is taken at now().
  // Errors:   none; a command that cannot be honoured yields a decision with its reason.
  // Cost:     O(log waiting) per decision; ApplyPolicy costs O(open inquiries).
  void Apply(const Command& command, DecisionList& out);

  // A hint: `command` is to be applied soon, after those that were expected before it; what it
  // touches comes near meanwhile. Six or so ahead is far enough. Changes nothing that is decided.
  void Expect(const Command& command);

  // The latest time the engine knows.
  Instant now() const;

  // When the next timer is due; kNever if none runs. A Tick at or after it makes it fire.
  Instant next_timer() const;

  // The state as plain values, and back. Restore() refuses (false, and the engine is as new) a
  // state that breaks a bound of `limits` or contradicts itself; after true the engine goes on as
  // the saved one would.
  DeskState Save() const;
  bool Restore(const DeskState& state);
  bool Restore(const CopyRows& copy);

  // Covers the whole state: HashState(Save()).
  // Cost: what changed since it was last asked, and the rest of the state.
  std::uint64_t StateHash() const;

  // A copy of the state in slices, between which the engine goes on: BeginCopy(), CopySome() as
  // often as one likes, EndCopy(); all that they append is one copy (model/state_copy.h), of the
  // state as it is at EndCopy(). Beginning anew forgets what was begun.
  void BeginCopy(std::string& out);
  // At most so many rows. Returns how many are left, those that changed again among them.
  std::size_t CopySome(std::size_t most, std::string& out);
  std::size_t rows_to_copy() const;
  std::size_t rest_entries() const;  // beside the rows: what EndCopy() writes in one go
  // Requires: a copy was begun. Cost: the rows that are left, and the rest of the state.
  void EndCopy(std::string& out);

  // The policy in force; as made by its constructor before the first one.
  const Policy& policy() const;

  // Open inquiries and registered agents.
  std::uint64_t inquiries() const;
  std::uint64_t agents() const;

 private:
  class Desk;
  std::unique_ptr<Desk> desk_;
};

}  // namespace usher::engine
