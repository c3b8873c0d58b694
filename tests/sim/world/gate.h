// Gate: what stands between one simulated process and the log and the store. It counts the calls
// that have an effect or bring something, which are the boundaries at which a process can die; and
// it kills or freezes the process at one of them, in the midst of its step.
//
// A killed process's further calls do nothing: whatever the rest of its step does is seen by
// nobody, as after kill -9. What a frozen process appends is held back until it wakes: it was
// stopped right before these appends.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "log/log.h"
#include "store/store.h"

namespace usher::sim {

struct Gate {
  enum class State { kOpen, kFrozen, kDead };

  State state = State::kOpen;
  std::uint64_t calls = 0;
  std::uint64_t change_at = 0;  // the call at which `change_to` holds; 0: none
  State change_to = State::kDead;
  std::function<bool()> away;  // wanted: does the log not answer this read of a range?

  bool open() const { return state == State::kOpen; }

  // One boundary. Is the process still there after it?
  bool Pass() {
    if (!open()) return false;
    if (++calls == change_at) state = change_to;
    return open();
  }
};

// What the process holds of the log and of the store. Borrow all.
std::unique_ptr<log::Log> GateLog(log::Log& inner, Gate& gate);
std::unique_ptr<store::Stores> GateStores(store::Stores& inner, Gate& gate);

}  // namespace usher::sim
