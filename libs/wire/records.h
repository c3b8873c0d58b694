// Records of the two logs as bytes: model ↔ protobuf. Safe on hostile bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "model/command.h"
#include "model/decision.h"
#include "model/stamp.h"

namespace usher::wire {

// Record 0 of a partition of `usher.commands`.
struct LogHeader {
  LogId log;
  std::int32_t partitions = 0;
  friend bool operator==(const LogHeader&, const LogHeader&) = default;
};

struct CommandRecord {
  DeskName desk;
  Command command;          // `at` is not in the bytes: the log tells it
  std::string policy_yaml;  // of an ApplyPolicy, else empty
  bool renewal = false;     // of an ApplyPolicy: only if it differs in its calendars alone
};

struct DecisionRecord {
  Stamp stamp;
  Stamp previous;  // none(): the first of the partition
  DeskName desk;
  Instant command_at;
  Decision decision;
};

std::string EncodeHeader(const LogHeader& header);

// Fills in command.digest (Hash64 of the body's bytes) if it is 0.
std::string EncodeCommand(const CommandRecord& record);

// Errors: kInvalidArgument names what is wrong.
absl::StatusOr<std::variant<LogHeader, CommandRecord>> DecodeCommand(std::string_view bytes);

std::string EncodeDecision(const DecisionRecord& record);
absl::StatusOr<DecisionRecord> DecodeDecision(std::string_view bytes);

}  // namespace usher::wire
