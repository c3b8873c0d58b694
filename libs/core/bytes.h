// A fixed byte encoding: little-endian integers, length-prefixed text. Hashes and snapshots rest on
// it.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "core/id.h"
#include "core/time.h"

namespace usher {

// The first kBytes of `from`, and the other way round. On little-endian machines one instruction.
template <std::size_t kBytes>
std::uint64_t LoadLittle(const char* from) {
  std::uint64_t value = 0;
  if constexpr (std::endian::native == std::endian::little) {
    std::memcpy(&value, from, kBytes);
  } else {
    for (std::size_t i = 0; i < kBytes; ++i) {
      value |= static_cast<std::uint64_t>(static_cast<unsigned char>(from[i])) << (8 * i);
    }
  }
  return value;
}
template <std::size_t kBytes>
void StoreLittle(std::uint64_t value, char* to) {
  if constexpr (std::endian::native == std::endian::little) {
    std::memcpy(to, &value, kBytes);
  } else {
    for (std::size_t i = 0; i < kBytes; ++i) to[i] = static_cast<char>(value >> (8 * i));
  }
}

// Appends values to a string. Threads: one.
class ByteWriter {
 public:
  void U8(std::uint8_t value) { out_.push_back(static_cast<char>(value)); }
  void U16(std::uint16_t value) { Put(value, 2); }
  void U32(std::uint32_t value) { Put(value, 4); }
  void U64(std::uint64_t value) { Put(value, 8); }
  void I64(std::int64_t value) { Put(static_cast<std::uint64_t>(value), 8); }
  void Bool(bool value) { U8(value ? 1 : 0); }
  void At(Instant value) { I64(ToMicros(value)); }
  void For(Duration value) { I64(value.count()); }
  void Text(std::string_view value) {
    U32(static_cast<std::uint32_t>(value.size()));
    out_.append(value);
  }
  template <class Tag>
  void Put(const Id<Tag>& id) {
    U64(id.bits.high);
    U64(id.bits.low);
  }
  template <class Tag>
  void Put(const Serial<Tag>& serial) {
    U64(serial.number);
  }
  template <class Tag>
  void Put(const Name<Tag>& name) {
    U8(static_cast<std::uint8_t>(name.view().size()));
    out_.append(name.view());
  }

  const std::string& bytes() const { return out_; }
  std::string Take() { return std::move(out_); }

 private:
  void Put(std::uint64_t value, int bytes) {
    char raw[8];
    for (int i = 0; i < bytes; ++i) raw[i] = static_cast<char>(value >> (8 * i));
    out_.append(raw, static_cast<std::size_t>(bytes));
  }

  std::string out_;
};

// Reads what ByteWriter wrote, from bytes that may be hostile: past the end or out of range
// everything reads as zero and ok() stays false from then on. Threads: one. Borrows the bytes.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : left_(bytes) {}

  bool ok() const { return ok_; }
  bool done() const { return ok_ && left_.empty(); }
  std::size_t remaining() const { return left_.size(); }

  std::uint8_t U8() { return static_cast<std::uint8_t>(Get<1>()); }
  std::uint16_t U16() { return static_cast<std::uint16_t>(Get<2>()); }
  std::uint32_t U32() { return static_cast<std::uint32_t>(Get<4>()); }
  std::uint64_t U64() { return Get<8>(); }
  std::int64_t I64() { return static_cast<std::int64_t>(Get<8>()); }
  bool Bool() {
    const std::uint8_t value = U8();
    if (value > 1) ok_ = false;
    return value == 1;
  }
  Instant At() { return FromMicros(I64()); }
  Duration For() { return Duration(I64()); }

  std::string_view Text() { return Bytes(U32()); }

  // A count of elements that each take at least `least_bytes`: refuses what the rest cannot hold.
  std::uint32_t Count(std::size_t least_bytes) {
    const std::uint32_t count = U32();
    if (count * static_cast<std::uint64_t>(least_bytes) > left_.size()) {
      ok_ = false;
      return 0;
    }
    return count;
  }

  template <class IdType>
  IdType GetId() {
    IdType id;
    id.bits.high = U64();
    id.bits.low = U64();
    return id;
  }
  template <class SerialType>
  SerialType GetSerial() {
    return SerialType{U64()};
  }
  template <class NameType>
  NameType GetName() {
    const auto name = NameType::Parse(Bytes(U8()));
    if (!name) {
      ok_ = false;
      return NameType();
    }
    return *name;
  }

  // An enum whose last enumerator is `last`.
  template <class Enum>
  Enum GetEnum(Enum last) {
    const std::uint8_t value = U8();
    if (value > static_cast<std::uint8_t>(last)) {
      ok_ = false;
      return Enum{};
    }
    return static_cast<Enum>(value);
  }

 private:
  std::string_view Bytes(std::size_t count) {
    if (!ok_ || count > left_.size()) {
      ok_ = false;
      return {};
    }
    const std::string_view bytes = left_.substr(0, count);
    left_.remove_prefix(count);
    return bytes;
  }
  template <std::size_t kBytes>
  std::uint64_t Get() {
    const std::string_view raw = Bytes(kBytes);
    return raw.empty() ? 0 : LoadLittle<kBytes>(raw.data());
  }

  std::string_view left_;
  bool ok_ = true;
};

}  // namespace usher
