#include "intake/cloud_event.h"

#include "absl/strings/escaping.h"
#include "core/json.h"
#include "intake/json_event.h"
#include "intake/media_type.h"

namespace usher::intake {
namespace {

constexpr std::size_t kAttributeBytesMax = 1'024;
constexpr std::size_t kAttributesMax = 64;

Refusal Bad(std::string_view field) {
  return Refusal{RefusalReason::kBadEnvelope, std::string(field)};
}

// Attributes are texts, numbers and truth values; what is more is no CloudEvent.
std::optional<Refusal> TakeAttributes(const Json& json, CloudEvent& event) {
  for (const JsonValue* each = json.First(json.root()); each != nullptr; each = json.Next(*each)) {
    if (each->key == "data" || each->key == "data_base64") continue;
    if (event.attributes.size() == kAttributesMax) return Bad("attributes");
    std::string_view value = each->text;
    switch (each->kind) {
      case JsonValue::Kind::kNull:
        continue;  // as if it were not there
      case JsonValue::Kind::kTruth:
        value = each->truth ? "true" : "false";
        break;
      case JsonValue::Kind::kNumber:
      case JsonValue::Kind::kText:
        break;
      case JsonValue::Kind::kList:
      case JsonValue::Kind::kMap:
        return Bad(each->key);
    }
    if (value.size() > kAttributeBytesMax) return Bad(each->key);
    event.attributes.push_back({"ce_" + std::string(each->key), std::string(value)});
  }
  return std::nullopt;
}

std::optional<Refusal> CheckRequired(const Json& json) {
  for (const std::string_view name : {"specversion", "id", "source", "type"}) {
    const JsonValue* value = json.Member(json.root(), name);
    if (value == nullptr || value->kind != JsonValue::Kind::kText || value->text.empty()) {
      return Bad(name);
    }
  }
  if (json.Member(json.root(), "specversion")->text != "1.0") return Bad("specversion");
  return std::nullopt;
}

// Data in JSON stays as it is written; a text of another type is the data itself.
std::optional<Refusal> TakeData(const Json& json, CloudEvent& event) {
  const JsonValue* data = json.Member(json.root(), "data");
  const JsonValue* base64 = json.Member(json.root(), "data_base64");
  if ((data == nullptr) == (base64 == nullptr)) return Bad("data");
  if (base64 != nullptr) {
    event.is_decoded = true;
    const absl::string_view text(base64->text.data(), base64->text.size());
    if (base64->kind != JsonValue::Kind::kText || !absl::Base64Unescape(text, &event.decoded)) {
      return Bad("data_base64");
    }
    return std::nullopt;
  }
  if (data->kind == JsonValue::Kind::kText && !event.content_type.empty() &&
      MediaTypeOf(event.content_type) != MediaType::kJson) {
    event.is_decoded = true;
    event.decoded = data->text;
    return std::nullopt;
  }
  event.data = data->written;
  return std::nullopt;
}

}  // namespace

std::optional<Refusal> TakeCloudEvent(std::string_view bytes, CloudEvent& event) {
  const Json json(bytes, kJsonLimits);
  if (auto refusal = RefusalOf(json)) return refusal;
  if (auto refusal = CheckRequired(json)) return refusal;
  if (auto refusal = TakeAttributes(json, event)) return refusal;
  if (const JsonValue* type = json.Member(json.root(), "datacontenttype")) {
    event.content_type = type->text;
  }
  return TakeData(json, event);
}

}  // namespace usher::intake
