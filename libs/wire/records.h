// Records of the two logs as bytes: model ↔ protobuf. Safe on hostile bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

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

// What is said to those who apply commands, and is no command to an engine.

// All desks of the partition decide by the rules of this version from here on.
struct LogicSwitch {
  std::uint32_t version = 0;
  friend bool operator==(const LogicSwitch&, const LogicSwitch&) = default;
};

// The desk is held from here on.
struct DeskHold {
  DeskName desk;
  friend bool operator==(const DeskHold&, const DeskHold&) = default;
};

// The desk decides what was held, but for the commands at these offsets, and goes on.
struct DeskRelease {
  DeskName desk;
  std::vector<std::int64_t> skip;
  friend bool operator==(const DeskRelease&, const DeskRelease&) = default;
};

constexpr int kSkipMax = 1'000;  // offsets of one DeskRelease

using Control = std::variant<LogicSwitch, DeskHold, DeskRelease>;
using AnyCommand = std::variant<LogHeader, CommandRecord, LogicSwitch, DeskHold, DeskRelease>;

struct DecisionRecord {
  Stamp stamp;
  Stamp previous;  // none(): the first of the partition
  DeskName desk;
  Instant command_at;
  Decision decision;
};

std::string EncodeHeader(const LogHeader& header);
std::string EncodeControl(const Control& control);

// Fills in command.digest (Hash64 of the body's bytes) if it is 0.
std::string EncodeCommand(const CommandRecord& record);

// Errors: kInvalidArgument names what is wrong.
absl::StatusOr<AnyCommand> DecodeCommand(std::string_view bytes);

std::string EncodeDecision(const DecisionRecord& record);
absl::StatusOr<DecisionRecord> DecodeDecision(std::string_view bytes);

}  // namespace usher::wire
