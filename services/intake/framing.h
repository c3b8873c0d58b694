// Framing: what the clients of a schema registry put in front of a value, or beside it in a header.
//
// In front: the magic byte 0 and 4 bytes of schema id, or the magic byte 1 and 16 bytes of schema
// GUID; for protobuf then the list of message indexes, as zigzag varints behind their count, of
// which [0] is written as the single byte 0; JSON has no list. In the header `__value_schema_id`:
// the same bytes, and the value is bare. The registry is never asked, and which message the indexes
// name is not looked at: the topic says what it holds.
//
// Threads: any; safe on hostile bytes.
#pragma once

#include <optional>
#include <string_view>

namespace usher::intake {

inline constexpr std::string_view kSchemaIdHeader = "__value_schema_id";

// Neither protobuf nor JSON can begin so.
bool IsFramed(std::string_view bytes);

// What is behind the framing. Nothing: it is cut, or not well-formed. Requires: IsFramed(bytes).
std::optional<std::string_view> Unframe(std::string_view bytes);

// Whether `header` is a schema's id, with or without a list of indexes, and nothing else.
bool IsSchemaId(std::string_view header);

}  // namespace usher::intake
