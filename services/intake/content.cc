#include "intake/content.h"

#include <utility>

#include "absl/strings/match.h"
#include "intake/cloud_event.h"
#include "intake/framing.h"
#include "intake/inflate.h"
#include "intake/media_type.h"

namespace usher::intake {
namespace {

std::string HeaderOr(const std::vector<log::Header>& headers, std::string_view name) {
  return std::string(FindHeader(headers, name).value_or(std::string_view()));
}

std::optional<Refusal> TakeInflated(std::string_view encoding, std::string_view bytes,
                                    Content& content) {
  const auto refuse = [](RefusalReason reason) { return Refusal{reason, "content-encoding"}; };
  switch (Inflate(encoding, bytes, kEventBytesMax, content.inflated)) {
    case Inflated::kDone:
      break;
    case Inflated::kTooLarge:
      return refuse(RefusalReason::kOversize);
    case Inflated::kUnknown:
    case Inflated::kBroken:
    case Inflated::kBomb:
      return refuse(RefusalReason::kBadEncoding);
  }
  content.bytes = content.inflated;
  if (content.bytes.empty()) return Refusal{RefusalReason::kEmpty, "content-encoding"};
  return std::nullopt;
}

// What stands in for an event's own fields, from headers or attributes.
void TakeEnvelope(const std::vector<log::Header>& headers, Envelope& envelope) {
  const std::string id = HeaderOr(headers, "ce_id");
  const std::string source = HeaderOr(headers, "ce_source");
  if (!id.empty() && !source.empty()) envelope.event_id = source + "#" + id;
  envelope.time = HeaderOr(headers, "ce_time");
  if (envelope.desk.empty()) envelope.desk = HeaderOr(headers, "ce_usherdesk");
}

std::optional<Refusal> TakeStructured(Content& content, MediaType& type) {
  CloudEvent event;
  if (auto refusal = TakeCloudEvent(content.bytes, event)) return refusal;
  type = event.content_type.empty() ? MediaType::kJson : MediaTypeOf(event.content_type);
  if (type == MediaType::kCloudEventJson || type == MediaType::kCloudEventOther) {
    return Refusal{RefusalReason::kBadEnvelope, "datacontenttype"};  // one in another
  }
  if (event.is_decoded) {
    content.decoded = std::move(event.decoded);
    content.bytes = content.decoded;
  } else {
    content.bytes = event.data;
  }
  content.envelope.attributes = std::move(event.attributes);
  TakeEnvelope(content.envelope.attributes, content.envelope);
  if (content.bytes.empty()) return Refusal{RefusalReason::kEmpty, "data"};
  return std::nullopt;
}

}  // namespace

std::optional<std::string_view> FindHeader(const std::vector<log::Header>& headers,
                                           std::string_view name) {
  const absl::string_view wanted(name.data(), name.size());
  for (auto header = headers.rbegin(); header != headers.rend(); ++header) {
    if (absl::EqualsIgnoreCase(header->key, wanted)) return header->value;
  }
  return std::nullopt;
}

std::optional<Refusal> Unwrap(const log::Record& record, Content& content) {
  if (record.value.size() > kEventBytesMax) return Refusal{RefusalReason::kOversize, ""};
  if (record.value.empty()) return Refusal{RefusalReason::kEmpty, ""};
  content.bytes = record.value;
  if (const auto encoding = FindHeader(record.headers, "content-encoding")) {
    if (auto refusal = TakeInflated(*encoding, record.value, content)) return refusal;
  }
  content.envelope.desk = HeaderOr(record.headers, "usher-desk");
  MediaType type = MediaTypeOf(HeaderOr(record.headers, "content-type"));
  if (type == MediaType::kCloudEventOther) {
    return Refusal{RefusalReason::kBadEnvelope, "content-type"};
  }
  if (type == MediaType::kCloudEventJson) {
    if (auto refusal = TakeStructured(content, type)) return refusal;
  } else {
    TakeEnvelope(record.headers, content.envelope);
  }
  if (const auto schema = FindHeader(record.headers, kSchemaIdHeader)) {
    if (!IsSchemaId(*schema)) {
      return Refusal{RefusalReason::kBadFraming, std::string(kSchemaIdHeader)};
    }
  } else if (IsFramed(content.bytes)) {
    const auto inner = Unframe(content.bytes);
    if (!inner) return Refusal{RefusalReason::kBadFraming, ""};
    content.bytes = *inner;
  }
  const bool looks = !content.bytes.empty() && content.bytes.front() == '{';
  const bool json = type == MediaType::kJson || (type == MediaType::kOther && looks);
  content.form = json ? Form::kJson : Form::kProtobuf;
  return std::nullopt;
}

}  // namespace usher::intake
