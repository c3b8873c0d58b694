// Json: a JSON text as a flat tree of values, read strictly (RFC 8259) and within bounds. Safe on
// hostile bytes: what is not taken is a fault with its place.
//
// Stricter than many readers: valid UTF-8 only, no lone surrogate, no key twice in one map, no
// number longer than its bound, nothing after the value. Numbers stay as they are written.
//
// Threads: any once read; one while reading.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace usher {

struct JsonLimits {
  std::uint32_t depth = 32;       // of lists and maps in one another
  std::uint32_t values = 20'000;  // in all
  std::size_t key_bytes = 200;    // of one key
  std::size_t text_bytes = 128 * 1024;
  std::size_t number_bytes = 40;
};

enum class JsonFault : std::uint8_t {
  kNone,
  kSyntax,
  kNotUtf8,
  kSurrogate,  // half of a pair
  kKeyTwice,
  kTooDeep,
  kTooMany,  // values
  kTooLong,  // a key, a text or a number
};

struct JsonValue {
  enum class Kind : std::uint8_t { kNull, kTruth, kNumber, kText, kList, kMap };

  Kind kind = Kind::kNull;
  bool truth = false;        // kTruth
  std::uint32_t first = 0;   // kList, kMap: the first value inside; 0: none
  std::uint32_t next = 0;    // the next value of the same list or map; 0: none
  std::uint32_t count = 0;   // kList, kMap: values inside
  std::string_view key;      // of a value of a map
  std::string_view text;     // kText: what it says; kNumber: as written
  std::string_view written;  // the bytes that it is in the source
};

class Json {
 public:
  // Reads `source`, which is borrowed and must outlive this.
  //
  // Cost:   O(bytes * log(keys of a map)). Memory: within `limits`, and as much as `source` again.
  // Errors: none but in fault(); then there is no root.
  explicit Json(std::string_view source, const JsonLimits& limits = {});

  Json(const Json&) = delete;
  Json& operator=(const Json&) = delete;

  JsonFault fault() const { return fault_; }
  std::size_t fault_at() const { return fault_at_; }  // byte offset

  // Requires: fault() == kNone.
  const JsonValue& root() const { return values_[0]; }

  // The value inside that follows; null: there is none.
  const JsonValue* First(const JsonValue& of) const { return At(of.first); }
  const JsonValue* Next(const JsonValue& of) const { return At(of.next); }

  // Of a map; null: it has no such key, or `of` is no map. Cost: O(keys).
  const JsonValue* Member(const JsonValue& of, std::string_view key) const;

  // Of a list, from 0; null: it has no such place, or `of` is no list. Cost: O(index).
  const JsonValue* Item(const JsonValue& of, std::uint32_t index) const;

 private:
  class Parser;

  const JsonValue* At(std::uint32_t index) const { return index == 0 ? nullptr : &values_[index]; }

  std::vector<JsonValue> values_;  // the root first
  std::vector<char> unescaped_;    // texts with escapes; never grows beyond what is reserved
  JsonFault fault_ = JsonFault::kNone;
  std::size_t fault_at_ = 0;
};

const char* ToText(JsonFault fault);  // "too_deep"

}  // namespace usher
