// Inflate: the bytes of a value that its sender has compressed (header `content-encoding`), within
// bounds. What Kafka's own clients compress, in batches, never comes here: the client undoes it.
//
// Threads: any; safe on hostile bytes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace usher::intake {

// A value may grow freely up to here; beyond, no value of a shop grows more than so many times.
constexpr std::size_t kInflateFreeBytes = 32 * 1024;
constexpr std::size_t kInflateRatioMax = 200;

enum class Inflated {
  kDone,
  kUnknown,   // no such encoding
  kBroken,    // cut, not of this encoding, or more behind it
  kTooLarge,  // over `bytes_max`
  kBomb,      // over the ratio
};

// `encoding` as in the header: gzip (x-gzip), zstd, lz4 (its frame format) or identity, in any
// case. `out` is whole only if it is done.
//
// Memory: at most `bytes_max`, twice, and 8 MiB for lz4.
Inflated Inflate(std::string_view encoding, std::string_view bytes, std::size_t bytes_max,
                 std::string& out);

}  // namespace usher::intake
