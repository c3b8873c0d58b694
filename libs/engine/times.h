// Sums of times that stop at kNever instead of overflowing.
#pragma once

#include <cstdint>

#include "core/time.h"

namespace usher::engine {

// Requires: base at or after 1970, wait not negative.
constexpr Instant After(Instant base, Duration wait) {
  return wait > kNever - base ? kNever : base + wait;
}

// target * permille / 1000, exact and without overflow. Requires: permille <= 1000.
constexpr Duration Share(Duration target, std::uint16_t permille) {
  return target / 1000 * permille + target % 1000 * permille / 1000;
}

}  // namespace usher::engine
