// LoopGuard: how often the same thing came lately; two machines that answer each other are found by
// that.
//
// Threads: one.
// Memory:  bounded: of two things that fall on the same place the older is forgotten, so a loop may
//          be found late, and nothing is ever taken for one that is none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/time.h"
#include "model/automatic_rules.h"

namespace usher::intake {

class LoopGuard {
 public:
  // Counts it. True: more than the cap have come within the window, from the first of them on. It
  // stays so until none comes for a window.
  bool IsOver(std::uint64_t key, const MessageCap& cap, Instant now);

 private:
  static constexpr std::size_t kPlaces = 8'192;

  struct Place {
    std::uint64_t key = 0;
    Instant since;
    std::uint32_t count = 0;
  };

  std::vector<Place> places_;  // made when it is first needed
};

}  // namespace usher::intake
