#include "intake/json_event.h"

#include <string>

#include "google/protobuf/util/json_util.h"

namespace usher::intake {
namespace {

constexpr std::size_t kFieldBytesMax = 100;

// The library begins what it says with the place: "(value_cents): invalid value ...", or, of a list
// or map that does not belong there, "desk: Proto field is not ...".
std::string FieldIn(std::string_view message) {
  const bool inside = message.starts_with('(');
  const std::size_t begin = inside ? 1 : 0;
  const std::size_t end = message.find(inside ? "):" : ": Proto field");
  if (end == std::string_view::npos || end > kFieldBytesMax) return "";
  return std::string(message.substr(begin, end - begin));
}

}  // namespace

std::optional<Refusal> RefusalOf(const Json& json) {
  switch (json.fault()) {
    case JsonFault::kNone:
      if (json.root().kind == JsonValue::Kind::kMap) return std::nullopt;
      return Refusal{RefusalReason::kBadJson, ""};
    case JsonFault::kTooDeep:
    case JsonFault::kTooMany:
    case JsonFault::kTooLong:
      return Refusal{RefusalReason::kTooComplex, "byte " + std::to_string(json.fault_at())};
    case JsonFault::kSyntax:
    case JsonFault::kNotUtf8:
    case JsonFault::kSurrogate:
    case JsonFault::kKeyTwice:
      break;
  }
  return Refusal{RefusalReason::kBadJson, "byte " + std::to_string(json.fault_at())};
}

std::optional<Refusal> ReadJsonEvent(std::string_view bytes, google::protobuf::Message& event) {
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  const auto status = google::protobuf::util::JsonStringToMessage(
      google::protobuf::StringPiece(bytes.data(), bytes.size()), &event, options);
  if (status.ok()) return std::nullopt;
  const auto message = status.message();
  return Refusal{RefusalReason::kBadJson, FieldIn({message.data(), message.size()})};
}

}  // namespace usher::intake
