// MappingRules: how a shop's own JSON becomes events, by a desk's policy. Made by libs/policy, used
// by intake; the engine never sees it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace usher {

// A place in a JSON value. A step is the name of a key; of a list it is the number of an item, or
// `*`: each.
struct JsonPath {
  struct Step {
    std::string name;
    std::optional<std::uint32_t> index;  // the name as a number, if it is one
    bool each = false;

    friend bool operator==(const Step&, const Step&) = default;
  };

  std::vector<Step> steps;
  std::string text;  // as written

  friend bool operator==(const JsonPath&, const JsonPath&) = default;
};

inline constexpr char kAnyText[] = "*";  // in a table: every text that is not in it

// Where a text comes from.
struct MappingSource {
  enum class Kind : std::uint8_t {
    kPath,    // what is at `path`
    kHeader,  // of the record; names in any case
    kKey,     // of the record
    kText,    // always `text`
    kFirst,   // the first of `parts` that is there
    kJoin,    // those of `parts` that are there, with `text` between them
    kCount,   // how many items the list at `path` has
  };

  Kind kind = Kind::kText;
  JsonPath path;
  std::string text;
  std::vector<MappingSource> parts;
  // What a text means. One that is not in a table that is not empty has no meaning, if `otherwise`
  // gives it none.
  std::vector<std::pair<std::string, std::string>> table;
  std::optional<std::string> otherwise;

  friend bool operator==(const MappingSource&, const MappingSource&) = default;
};

// How a text is read.
enum class ValueForm : std::uint8_t {
  kText,
  kIso,           // 2026-05-01T10:00:00+02:00
  kIsoUtc,        // the same without a zone, which is UTC
  kSeconds,       // since 1970
  kMilliseconds,  // since 1970
  kDecimal,       // 129.90, in units of the currency
  kCents,         // 12990
  kSwitch,        // true or false
  kNumber,        // 3
};

// The fields of events that a mapping can fill: `name` is that of event.proto. The desk is none of
// them: it is told with the record.
struct MappableField {
  enum class Type : std::uint8_t {
    kText,
    kTime,
    kMoney,
    kSwitch,
    kNumber,
    kStatus,
    kAuthor,
    kMailHeader  // the name goes on with that of the header
  };

  std::string_view name;
  Type type;
  bool required;
};

inline constexpr std::array<MappableField, 24> kMessageFields = {{
    {"event_id", MappableField::Type::kText, true},
    {"conversation_id", MappableField::Type::kText, true},
    {"customer_id", MappableField::Type::kText, true},
    {"channel", MappableField::Type::kText, true},
    {"text", MappableField::Type::kText, false},
    {"order_id", MappableField::Type::kText, false},
    {"language", MappableField::Type::kText, false},
    {"topic", MappableField::Type::kText, false},
    {"sent_at", MappableField::Type::kTime, false},
    {"arrived_at", MappableField::Type::kTime, false},
    {"starts_at", MappableField::Type::kTime, false},
    {"on_site", MappableField::Type::kSwitch, false},
    {"value_cents", MappableField::Type::kMoney, false},
    {"author", MappableField::Type::kAuthor, false},
    {"agent", MappableField::Type::kText, false},
    {"headers.subject", MappableField::Type::kMailHeader, false},
    {"headers.from", MappableField::Type::kMailHeader, false},
    {"headers.return-path", MappableField::Type::kMailHeader, false},
    {"headers.auto-submitted", MappableField::Type::kMailHeader, false},
    {"headers.precedence", MappableField::Type::kMailHeader, false},
    {"headers.x-auto-response-suppress", MappableField::Type::kMailHeader, false},
    {"headers.list-id", MappableField::Type::kMailHeader, false},
    {"headers.content-type", MappableField::Type::kMailHeader, false},
    {"headers.x-loop", MappableField::Type::kMailHeader, false},
}};
inline constexpr std::array<MappableField, 10> kOrderFields = {{
    {"event_id", MappableField::Type::kText, true},
    {"order_id", MappableField::Type::kText, true},
    {"customer_id", MappableField::Type::kText, true},
    {"status", MappableField::Type::kStatus, true},
    {"happened_at", MappableField::Type::kTime, true},
    {"promised_at", MappableField::Type::kTime, false},
    {"carrier", MappableField::Type::kText, false},
    {"value_cents", MappableField::Type::kMoney, false},
    {"tier", MappableField::Type::kText, false},
    {"items_count", MappableField::Type::kNumber, false},
}};

struct MappedField {
  std::string name;  // of the event's field
  MappingSource from;
  ValueForm form = ValueForm::kText;

  friend bool operator==(const MappedField&, const MappedField&) = default;
};

// What must hold for a record. All that is said of it: it is there or not, and its text is (or is
// not) one of these.
struct MappingCondition {
  MappingSource of;  // kPath, kHeader or kKey, without a table
  bool there = true;
  std::vector<std::string> is;      // empty: any
  std::vector<std::string> is_not;  // empty: none; then it may also be absent

  friend bool operator==(const MappingCondition&, const MappingCondition&) = default;
};

enum class MappedInput : std::uint8_t { kMessages, kOrders };

inline std::span<const MappableField> FieldsOf(MappedInput input) {
  if (input == MappedInput::kMessages) return kMessageFields;
  return kOrderFields;
}

struct Mapping {
  std::string name;
  MappedInput input = MappedInput::kMessages;
  bool ignore = false;  // what fits is no event, and dropped
  std::vector<MappingCondition> when;
  std::vector<JsonPath> single;  // lists that hold more than one event if they hold more than one
  std::vector<MappedField> fields;

  friend bool operator==(const Mapping&, const Mapping&) = default;
};

struct MappingRules {
  std::vector<Mapping> mappings;  // the first that fits holds

  friend bool operator==(const MappingRules&, const MappingRules&) = default;
};

}  // namespace usher
