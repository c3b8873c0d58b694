// The body of a command: model ↔ protobuf.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "model/command.h"
#include "usher/v1/command.pb.h"
#include "wire/fields.h"

namespace usher::wire {

constexpr std::size_t kPolicyYamlBytesMax = 512 * 1024;

// Fills in the body of `to`; `yaml` is that of an ApplyPolicy.
void ToProto(const CommandBody& from, const std::string& yaml, v1::Command& to);

// Tick when `from` has no body; that, and all else that is wrong, is noted in `check`.
CommandBody BodyFromProto(const v1::Command& from, FieldCheck& check);

// The number by which the records name a kind of body: the field of Command.
std::uint32_t FieldOfBody(std::size_t index);
std::optional<std::uint8_t> BodyOfField(std::uint32_t field);

}  // namespace usher::wire
