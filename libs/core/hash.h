// Hashes that mean the same in every process, on every machine, for ever: ids and partitions rest
// on them.
//
// FNV-1a, 64 and 128 bits (Fowler, Noll, Vo; draft-eastlake-fnv). Not for defence against chosen
// input.
#pragma once

#include <cstdint>
#include <string_view>

namespace usher {

constexpr std::uint64_t kFnv64Offset = 0xcbf29ce484222325ULL;
constexpr std::uint64_t kFnv64Prime = 0x100000001b3ULL;

constexpr std::uint64_t Hash64(std::string_view bytes, std::uint64_t seed = kFnv64Offset) {
  std::uint64_t hash = seed;
  for (const char c : bytes) {
    hash ^= static_cast<unsigned char>(c);
    hash *= kFnv64Prime;
  }
  return hash;
}

struct Bits128 {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  friend constexpr bool operator==(const Bits128&, const Bits128&) = default;
  friend constexpr auto operator<=>(const Bits128&, const Bits128&) = default;
};

// The 128-bit hash of `bytes`.
constexpr Bits128 Hash128(std::string_view bytes) {
  __extension__ using Wide = unsigned __int128;
  constexpr Wide kOffset = (Wide{0x6c62272e07bb0142ULL} << 64) | 0x62b821756295c58dULL;
  constexpr Wide kPrime = (Wide{0x0000000001000000ULL} << 64) | 0x000000000000013bULL;
  Wide hash = kOffset;
  for (const char c : bytes) {
    hash ^= static_cast<unsigned char>(c);
    hash *= kPrime;
  }
  return {static_cast<std::uint64_t>(hash >> 64), static_cast<std::uint64_t>(hash)};
}

// Spreads the bits of `value` (the finaliser of MurmurHash3, Austin Appleby, public domain).
constexpr std::uint64_t Mix64(std::uint64_t value) {
  value ^= value >> 33;
  value *= 0xff51afd7ed558ccdULL;
  value ^= value >> 33;
  value *= 0xc4ceb9fe1a85ec53ULL;
  value ^= value >> 33;
  return value;
}

}  // namespace usher
