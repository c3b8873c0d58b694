// Durations and shares as a policy writes them: 250ms, 20s, 5m, 1h, 1h30m; 75%, 2.5%.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/time.h"

namespace usher::policy {

// Units from large to small, each at most once. Nothing if `text` is anything else, or more than a
// thousand years.
std::optional<Duration> ParseDuration(std::string_view text);

// The largest unit that divides it: "90s", "1500ms".
//
// Requires: whole milliseconds, not negative.
std::string WriteDuration(Duration duration);

// In thousandths, 0 to 1000: "12.5%" is 125.
std::optional<std::uint16_t> ParseShare(std::string_view text);

// Divided and cut to whole milliseconds, at least one; zero stays zero.
Duration Scaled(Duration duration, std::int64_t divisor);

}  // namespace usher::policy
