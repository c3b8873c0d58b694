// Texts of a shop's JSON as what the fields of events hold: instants, money, truth values.
//
// Threads: any.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "google/protobuf/timestamp.pb.h"
#include "model/mapping_rules.h"

namespace usher::intake {

// `form` is one of the times: see ValueForm. Nothing: no such instant.
std::optional<google::protobuf::Timestamp> TimeOf(std::string_view text, ValueForm form);

// `form` is kDecimal or kCents. More than two decimals are rounded, halves away from zero.
std::optional<std::int64_t> CentsOf(std::string_view text, ValueForm form);

std::optional<std::uint32_t> NumberOf(std::string_view text);  // "3"

std::optional<bool> SwitchOf(std::string_view text);  // "true", "false"

bool IsUtf8(std::string_view text);

}  // namespace usher::intake
