#include "intake/inflate.h"

#include <lz4frame.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <memory>

#include "absl/strings/match.h"

namespace usher::intake {
namespace {

constexpr int kGzipWindow = 15 + 16;  // the largest window, gzip's header and trailer

// Ends what a library has begun.
struct InflateEnd {
  void operator()(z_stream* stream) const { inflateEnd(stream); }
};
struct Lz4End {
  void operator()(LZ4F_dctx* context) const { LZ4F_freeDecompressionContext(context); }
};

// Several members in a row are one value, as gzip has it.
Inflated Gzip(std::string_view bytes, std::string& out) {
  z_stream stream{};
  if (inflateInit2(&stream, kGzipWindow) != Z_OK) return Inflated::kBroken;
  const std::unique_ptr<z_stream, InflateEnd> end(&stream);
  // zlib only reads what next_in points to, but says so only in its newer interface.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::size_t size = 0;
  for (;;) {
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + size);
    stream.avail_out = static_cast<uInt>(out.size() - size);
    const int result = inflate(&stream, Z_NO_FLUSH);
    size = out.size() - stream.avail_out;
    if (result == Z_STREAM_END) {
      if (stream.avail_in == 0) break;
      if (inflateReset(&stream) != Z_OK) return Inflated::kBroken;
    } else if (result != Z_OK || (stream.avail_out > 0 && stream.avail_in == 0)) {
      return stream.avail_out == 0 ? Inflated::kTooLarge : Inflated::kBroken;
    }
  }
  out.resize(size);
  return Inflated::kDone;
}

// In one go: so the window that a frame asks for is never allocated.
Inflated Zstd(std::string_view bytes, std::string& out) {
  const std::size_t size = ZSTD_decompress(out.data(), out.size(), bytes.data(), bytes.size());
  if (ZSTD_isError(size) != 0) {
    return ZSTD_getErrorCode(size) == ZSTD_error_dstSize_tooSmall ? Inflated::kTooLarge
                                                                  : Inflated::kBroken;
  }
  out.resize(size);
  return Inflated::kDone;
}

Inflated Lz4(std::string_view bytes, std::string& out) {
  LZ4F_dctx* raw = nullptr;
  if (LZ4F_isError(LZ4F_createDecompressionContext(&raw, LZ4F_VERSION)) != 0) {
    return Inflated::kBroken;
  }
  const std::unique_ptr<LZ4F_dctx, Lz4End> context(raw);
  std::size_t size = 0;
  while (!bytes.empty()) {
    std::size_t taken = bytes.size();
    std::size_t made = out.size() - size;
    const std::size_t hint =
        LZ4F_decompress(raw, out.data() + size, &made, bytes.data(), &taken, nullptr);
    if (LZ4F_isError(hint) != 0) return Inflated::kBroken;
    size += made;
    bytes.remove_prefix(taken);
    if (hint == 0) {  // the frame is whole
      if (!bytes.empty()) return Inflated::kBroken;
      out.resize(size);
      return Inflated::kDone;
    }
    if (size == out.size()) return Inflated::kTooLarge;
    if (taken == 0 && made == 0) return Inflated::kBroken;
  }
  return Inflated::kBroken;
}

}  // namespace

Inflated Inflate(std::string_view encoding, std::string_view bytes, std::size_t bytes_max,
                 std::string& out) {
  const absl::string_view name(encoding.data(), encoding.size());
  if (absl::EqualsIgnoreCase(name, "identity")) {
    out = bytes;
    return out.size() > bytes_max ? Inflated::kTooLarge : Inflated::kDone;
  }
  const bool gzip = absl::EqualsIgnoreCase(name, "gzip") || absl::EqualsIgnoreCase(name, "x-gzip");
  const bool zstd = absl::EqualsIgnoreCase(name, "zstd");
  if (!gzip && !zstd && !absl::EqualsIgnoreCase(name, "lz4")) return Inflated::kUnknown;
  const std::size_t by_ratio = std::max(kInflateFreeBytes, bytes.size() * kInflateRatioMax);
  const std::size_t room = std::min(bytes_max, by_ratio);
  out.resize(room + 1);  // one more, so that what just fits is told from what does not
  const Inflated done = gzip ? Gzip(bytes, out) : zstd ? Zstd(bytes, out) : Lz4(bytes, out);
  const bool over = done == Inflated::kTooLarge || (done == Inflated::kDone && out.size() > room);
  if (!over) return done;
  return by_ratio < bytes_max ? Inflated::kBomb : Inflated::kTooLarge;
}

}  // namespace usher::intake
