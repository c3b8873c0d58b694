// Append and wait: for the few records whose writer can do nothing before they are in the log.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "core/time.h"
#include "log/log.h"

namespace usher::journal {

// Appends `entries` by an appender of their own and waits, at most `wait`, until they are in the
// log. Returns their offsets, in their order (-1 where the log does not tell).
// Threads: any; blocks. Errors: kDeadlineExceeded; kUnavailable: the log did not say what became of
// them; what the log says of the first that failed.
absl::StatusOr<std::vector<std::int64_t>> AppendAndWait(log::Log& log,
                                                        std::vector<log::Entry> entries,
                                                        Duration wait);

}  // namespace usher::journal
