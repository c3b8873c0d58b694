// How the embedded store names things on the disk. Each shape has a first byte of its own, so that
// a value, a table and a list of one name do not meet.
//
//   v key                        the value: expiry, bytes
//   t length(table) table row    one row: bytes
//   m key                        a list: expiry, number of elements
//   l length(key) key index      one element: bytes
//   x expiry v-or-m-key          what is to be looked at then
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/time.h"

namespace usher::store {

inline void PutBig(std::string& out, std::uint64_t value, int bytes) {
  for (int i = bytes - 1; i >= 0; --i) out.push_back(static_cast<char>(value >> (8 * i)));
}

inline std::string ValueKey(const std::string& key) { return "v" + key; }
inline std::string ListKey(const std::string& key) { return "m" + key; }

inline std::string TablePrefix(const std::string& table) {
  std::string key = "t";
  PutBig(key, table.size(), 4);
  return key + table;
}

inline std::string RowKey(const std::string& table, const std::string& row) {
  return TablePrefix(table) + row;
}

inline std::string ElementPrefix(const std::string& list) {
  std::string key = "l";
  PutBig(key, list.size(), 4);
  return key + list;
}

inline std::string ElementKey(const std::string& list, std::uint64_t index) {
  std::string key = ElementPrefix(list);
  PutBig(key, index, 8);
  return key;
}

// Ordered by time; times before 1970 do not occur.
inline std::string ExpiryKey(Instant at, const std::string& of) {
  std::string key = "x";
  PutBig(key, static_cast<std::uint64_t>(ToMicros(at)), 8);
  return key + of;
}

// The first key behind all that begin with `prefix`.
inline std::string AfterPrefix(std::string prefix) {
  while (!prefix.empty() && static_cast<unsigned char>(prefix.back()) == 0xff) prefix.pop_back();
  if (!prefix.empty()) prefix.back() = static_cast<char>(prefix.back() + 1);
  return prefix;
}

struct StoredValue {
  Instant expires = kNever;
  std::string bytes;
};

inline std::string EncodeValue(const StoredValue& value) {
  ByteWriter writer;
  writer.At(value.expires);
  return writer.Take() + value.bytes;
}

struct StoredList {
  Instant expires = kNever;
  std::uint64_t elements = 0;
};

inline std::string EncodeList(const StoredList& list) {
  ByteWriter writer;
  writer.At(list.expires);
  writer.U64(list.elements);
  return writer.Take();
}

}  // namespace usher::store
