// Plants: six classic bugs, put in at the ports, so that what ships has no switch for them. Each
// makes the log or the store of a process answer as it would if the process had the bug. They show
// that the checker finds such bugs; ../README.md says how each is made.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "log/log.h"
#include "sim/world/workload.h"
#include "store/store.h"

namespace usher::sim {

// What the spoiled processes of a world share.
struct Planted {
  Plant plant = Plant::kNone;
  // Decisions that were said to be in the log: (partition, offset) → bytes.
  std::map<std::pair<std::int32_t, std::int64_t>, std::string> said;
  // Copies of states that were spoiled: (desk, copy) → size and hash.
  std::map<std::pair<std::string, std::uint64_t>, std::pair<std::uint64_t, std::uint64_t>> states;
};

// The log of a router or an intake, or the stores of an insights, with the bug. Nothing: it is not
// one of theirs.
std::unique_ptr<log::Log> PlantLog(log::Log& inner, Planted& planted, bool of_intake,
                                   std::function<Instant()> clock);
std::unique_ptr<store::Stores> PlantStores(store::Stores& inner, const Planted& planted);

}  // namespace usher::sim
