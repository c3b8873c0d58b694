// Bytes become a record of a schema registry's client, in front of the value and in the header.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "intake/framing.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace usher::intake;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const bool header = IsSchemaId(bytes);
  if (!IsFramed(bytes)) {
    if (header) std::abort();
    return 0;
  }
  const auto inner = Unframe(bytes);
  // What is left is an end of what came.
  if (inner && (inner->size() >= size || !bytes.ends_with(*inner))) std::abort();
  return 0;
}
