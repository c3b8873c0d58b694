#include "intake/framing.h"

#include <cstddef>
#include <cstdint>

namespace usher::intake {
namespace {

constexpr char kIdMagic = 0;
constexpr char kGuidMagic = 1;
constexpr std::size_t kIdBytes = 4;
constexpr std::size_t kGuidBytes = 16;
constexpr std::int64_t kIndexesMax = 64;  // deeper than any message is nested

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

bool TakeSchema(std::string_view& bytes) {
  const std::size_t size = 1 + (bytes.front() == kIdMagic ? kIdBytes : kGuidBytes);
  if (bytes.size() < size) return false;
  bytes.remove_prefix(size);
  return true;
}

bool TakeIndexes(std::string_view& bytes) {
  const auto count = TakeVarint(bytes);
  if (!count || *count < 0 || *count > kIndexesMax) return false;
  for (std::int64_t i = 0; i < *count; ++i) {
    const auto index = TakeVarint(bytes);
    if (!index || *index < 0) return false;
  }
  return true;
}

}  // namespace

bool IsFramed(std::string_view bytes) {
  return !bytes.empty() && (bytes.front() == kIdMagic || bytes.front() == kGuidMagic);
}

std::optional<std::string_view> Unframe(std::string_view bytes) {
  if (!TakeSchema(bytes)) return std::nullopt;
  if (!bytes.empty() && bytes.front() == '{') return bytes;  // framed JSON has no indexes
  if (!TakeIndexes(bytes)) return std::nullopt;
  return bytes;
}

bool IsSchemaId(std::string_view header) {
  if (!IsFramed(header) || !TakeSchema(header)) return false;
  return header.empty() || (TakeIndexes(header) && header.empty());
}

}  // namespace usher::intake
