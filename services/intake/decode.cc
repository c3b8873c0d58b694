#include "intake/decode.h"

#include <cstdint>
#include <optional>
#include <string_view>

#include "google/protobuf/util/json_util.h"

namespace usher::intake {
namespace {

constexpr char kFramingMagic = 0;
constexpr std::size_t kFramingSchemaBytes = 4;
constexpr std::int64_t kFramingIndexesMax = 64;  // deeper than any message is nested

// A zigzag varint at the front of `bytes`, which moves behind it.
std::optional<std::int64_t> TakeVarint(std::string_view& bytes) {
  std::uint64_t raw = 0;
  for (int shift = 0; shift < 35 && !bytes.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    raw |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if ((byte & 0x80) == 0) {
      return static_cast<std::int64_t>(raw >> 1) ^ -static_cast<std::int64_t>(raw & 1);
    }
  }
  return std::nullopt;
}

// What is behind the framing. Which message type the indexes name is not looked at: the topic says
// what it holds.
std::optional<std::string_view> Unframe(std::string_view bytes) {
  bytes.remove_prefix(1);
  if (bytes.size() < kFramingSchemaBytes) return std::nullopt;
  bytes.remove_prefix(kFramingSchemaBytes);
  if (!bytes.empty() && bytes.front() == '{') return bytes;  // framed JSON has no indexes
  const auto count = TakeVarint(bytes);
  if (!count || *count < 0 || *count > kFramingIndexesMax) return std::nullopt;
  for (std::int64_t i = 0; i < *count; ++i) {
    const auto index = TakeVarint(bytes);
    if (!index || *index < 0) return std::nullopt;
  }
  return bytes;
}

bool SaysJson(const log::Record& record) {
  for (const log::Header& header : record.headers) {
    if (header.key == "content-type") return header.value.rfind("application/json", 0) == 0;
  }
  return false;
}

// Nothing: decoded.
template <class Event>
std::optional<Refusal> Decode(const log::Record& record, Event& event) {
  std::string_view bytes = record.value;
  if (bytes.size() > kEventBytesMax) return Refusal{RefusalReason::kOversize, ""};
  if (bytes.empty()) return Refusal{RefusalReason::kEmpty, ""};
  if (bytes.front() == kFramingMagic) {
    const auto inner = Unframe(bytes);
    if (!inner) return Refusal{RefusalReason::kBadFraming, ""};
    bytes = *inner;
  }
  if ((!bytes.empty() && bytes.front() == '{') || SaysJson(record)) {
    google::protobuf::util::JsonParseOptions options;
    options.ignore_unknown_fields = true;
    const auto status = google::protobuf::util::JsonStringToMessage(
        google::protobuf::StringPiece(bytes.data(), bytes.size()), &event, options);
    if (!status.ok()) return Refusal{RefusalReason::kBadJson, ""};
    return std::nullopt;
  }
  if (!event.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Refusal{RefusalReason::kBadProtobuf, ""};
  }
  return std::nullopt;
}

}  // namespace

MessageOrRefusal DecodeMessage(const log::Record& record) {
  v1::MessageEvent event;
  if (auto refusal = Decode(record, event)) return *refusal;
  return CheckMessage(event);
}

OrderOrRefusal DecodeOrder(const log::Record& record) {
  v1::OrderEvent event;
  if (auto refusal = Decode(record, event)) return *refusal;
  return CheckOrder(event);
}

}  // namespace usher::intake
