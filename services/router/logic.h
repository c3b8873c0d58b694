// Logic: which versions of the rules of deciding this binary knows, and the one call by which a
// desk's engine decides.
//
// The version of a partition is in its log: 1 from the beginning, and what a SwitchLogic record
// says from there on. So a new binary keeps to the old rules until the switch, and one that is too
// old stops there.
#pragma once

#include <cstdint>
#include <functional>

#include "engine/engine.h"

namespace usher::router {

constexpr std::uint32_t kFirstLogic = 1;  // of a log without a switch

struct Logic {
  std::uint32_t oldest = 1;
  std::uint32_t newest = 1;

  // Lets `engine` decide by the rules of `version`, which is one of those. None: engine.Apply().
  // Tests put engines with other rules here, and such as crash.
  std::function<void(std::uint32_t version, engine::Engine& engine, const Command& command,
                     DecisionList& decided)>
      decide;

  bool Knows(std::uint32_t version) const { return oldest <= version && version <= newest; }
};

}  // namespace usher::router
