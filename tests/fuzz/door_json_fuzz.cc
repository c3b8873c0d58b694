// Bytes become JSON: every text and number of a tree lies within the bounds, and what is read is
// read again from its own bytes alike.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/json.h"

namespace {

void Check(const usher::Json& json, const usher::JsonValue& value, std::uint32_t depth) {
  const usher::JsonLimits limits;
  if (depth > limits.depth) std::abort();
  if (value.key.size() > limits.key_bytes || value.text.size() > limits.text_bytes) std::abort();
  std::uint32_t count = 0;
  for (const auto* inner = json.First(value); inner != nullptr; inner = json.Next(*inner)) {
    Check(json, *inner, depth + 1);
    ++count;
  }
  if (count != value.count) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const usher::Json json(bytes);
  if (json.fault() != usher::JsonFault::kNone) {
    if (json.fault_at() > size) std::abort();
    return 0;
  }
  Check(json, json.root(), 0);
  const usher::Json again(json.root().written);
  if (again.fault() != usher::JsonFault::kNone) std::abort();
  if (again.root().kind != json.root().kind || again.root().text != json.root().text) std::abort();
  return 0;
}
