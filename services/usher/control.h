// What operators append to the command log, and what they look up before: the versions of logic,
// the desks in quarantine.
//
// Threads: one. Calls block.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "journal/command_log.h"
#include "log/log.h"
#include "router/quarantines.h"
#include "wire/records.h"

namespace usher {

// A SwitchLogic of a partition, and from where it holds.
struct LogicPlace {
  std::int32_t partition = 0;
  std::int64_t offset = 0;  // 0: from the beginning
  std::uint32_t version = 1;
};

// The version that each partition ends with. Reads the whole command log.
absl::StatusOr<std::vector<LogicPlace>> LastLogic(log::Log& log,
                                                  const journal::CommandLog& commands);

// Appends `control` and waits until the log has it. Returns its offset.
absl::StatusOr<std::int64_t> AppendControl(log::Log& log, std::int32_t partition,
                                           const wire::Control& control);

// A desk whose commands are held, and since when.
struct HeldDesk {
  std::int32_t partition = 0;
  DeskName desk;
  std::vector<std::int64_t> places;  // the first command that is held, and releases that crashed
};

// Those that are held at the end of the log. Reads the command log from the first place on.
absl::StatusOr<std::vector<HeldDesk>> HeldDesks(log::Log& log, const journal::CommandLog& commands);

}  // namespace usher
