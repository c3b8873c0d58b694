// Identities: Id (128 bits), Serial (64 bits, counted), Name (short text). One distinct type a tag.
//
// All are values of fixed size without allocation, ordered, and equal only within their own type.
// The zero Id, the zero Serial and the empty Name mean "none".
#pragma once

#include <array>
#include <bit>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/hash.h"

namespace usher {

// A 128-bit identity, by nature a hash of what makes the thing unique; written as 32 hex digits.
template <class Tag>
struct Id {
  Bits128 bits;

  static constexpr Id Of(std::string_view unique) { return Id{Hash128(unique)}; }
  static constexpr Id FromNumber(std::uint64_t number) { return Id{{0, number}}; }

  constexpr bool none() const { return bits.high == 0 && bits.low == 0; }

  std::string ToString() const {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string text(32, '0');
    for (int i = 0; i < 16; ++i) {
      text[15 - i] = kDigits[(bits.high >> (4 * i)) & 15];
      text[31 - i] = kDigits[(bits.low >> (4 * i)) & 15];
    }
    return text;
  }

  // Nothing unless `text` is exactly 32 lower-case hex digits.
  static std::optional<Id> Parse(std::string_view text) {
    if (text.size() != 32) return std::nullopt;
    Id id;
    for (int i = 0; i < 32; ++i) {
      const char c = text[i];
      std::uint64_t digit = 0;
      if (c >= '0' && c <= '9') {
        digit = c - '0';
      } else if (c >= 'a' && c <= 'f') {
        digit = c - 'a' + 10;
      } else {
        return std::nullopt;
      }
      std::uint64_t& half = i < 16 ? id.bits.high : id.bits.low;
      half = (half << 4) | digit;
    }
    return id;
  }

  friend constexpr bool operator==(const Id&, const Id&) = default;
  friend constexpr auto operator<=>(const Id&, const Id&) = default;
};

// A counted identity: 1, 2, 3, ... within one desk.
template <class Tag>
struct Serial {
  std::uint64_t number = 0;

  constexpr bool none() const { return number == 0; }

  friend constexpr bool operator==(const Serial&, const Serial&) = default;
  friend constexpr auto operator<=>(const Serial&, const Serial&) = default;
};

// A short name given by people or systems, at most kMaxBytes (a UUID fits).
template <class Tag>
class Name {
 public:
  static constexpr std::size_t kMaxBytes = 39;

  constexpr Name() = default;

  // Nothing if `text` is longer than kMaxBytes or holds a control character.
  static constexpr std::optional<Name> Parse(std::string_view text) {
    if (text.size() > kMaxBytes) return std::nullopt;
    Name name;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (static_cast<unsigned char>(text[i]) < 0x20 || text[i] == 0x7f) return std::nullopt;
      name.bytes_[i] = text[i];
    }
    name.size_ = static_cast<std::uint8_t>(text.size());
    return name;
  }

  // For names known to fit (literals, tests): cuts what does not.
  static constexpr Name Of(std::string_view text) {
    return Parse(text.substr(0, kMaxBytes)).value_or(Name());
  }

  constexpr std::string_view view() const { return {bytes_.data(), size_}; }
  std::string ToString() const { return std::string(view()); }
  constexpr bool none() const { return size_ == 0; }

  // All bytes: what is not used is zero.
  static constexpr std::size_t kWords = 5;
  constexpr std::array<std::uint64_t, kWords> words() const {
    return std::bit_cast<std::array<std::uint64_t, kWords>>(*this);
  }

  friend constexpr bool operator==(const Name& a, const Name& b) {
    const auto x = a.words();
    const auto y = b.words();
    return ((x[0] ^ y[0]) | (x[1] ^ y[1]) | (x[2] ^ y[2]) | (x[3] ^ y[3]) | (x[4] ^ y[4])) == 0;
  }
  friend constexpr std::strong_ordering operator<=>(const Name& a, const Name& b) {
    const int order = a.view().compare(b.view());
    return order < 0   ? std::strong_ordering::less
           : order > 0 ? std::strong_ordering::greater
                       : std::strong_ordering::equal;
  }

 private:
  std::array<char, kMaxBytes> bytes_{};
  std::uint8_t size_ = 0;
};

}  // namespace usher

template <class Tag>
struct std::hash<usher::Id<Tag>> {
  std::size_t operator()(const usher::Id<Tag>& id) const noexcept {
    return usher::Mix64(id.bits.high ^ usher::Mix64(id.bits.low));
  }
};

template <class Tag>
struct std::hash<usher::Serial<Tag>> {
  std::size_t operator()(const usher::Serial<Tag>& serial) const noexcept {
    return usher::Mix64(serial.number);
  }
};

template <class Tag>
struct std::hash<usher::Name<Tag>> {
  std::size_t operator()(const usher::Name<Tag>& name) const noexcept {
    return usher::Hash64(name.view());
  }
};
