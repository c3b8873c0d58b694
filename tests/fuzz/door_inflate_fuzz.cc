// The first byte names the codec, the others are what it is to inflate: never beyond the bounds.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "intake/facts.h"
#include "intake/inflate.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace usher::intake;
  if (size == 0) return 0;
  const char* const codecs[] = {"gzip", "zstd", "lz4"};
  const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  std::string out;
  if (Inflate(codecs[data[0] % 3], bytes, kEventBytesMax, out) != Inflated::kDone) return 0;
  if (out.size() > kEventBytesMax) std::abort();
  if (out.size() > kInflateFreeBytes && out.size() > bytes.size() * kInflateRatioMax) std::abort();
  return 0;
}
