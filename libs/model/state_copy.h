// A copy of a state that was taken in slices, while the state went on changing: the rows of a desk,
// each as it was when a slice came by, and again after it changed; the rest comes last. What is
// read back is the state as it was at the end.
//
//   copy  = format (2 bytes), entry..., the rest
//   entry = kind (1 byte), slot (4), size (4), the row's encoding; size 0: nothing is there now
//   rest  = kRest (1 byte), 0 (4), size (4), the encoding of the rest; nothing comes after it
//
// A slot is where an engine happens to keep a row; of the entries of one slot the last one holds.
//
// Threads: any.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/state.h"

namespace usher {

enum class CopyKind : std::uint8_t { kAgent, kInquiry, kRest };

constexpr std::size_t kCopyEntryHead = 9;         // bytes before the encoding
constexpr std::uint32_t kCopySlotsMax = 1 << 22;  // of a kind

// Appends what every copy begins with.
void BeginCopy(std::string& out);

// Appends an entry whose encoding is what `encode(out)` appends. Returns where the encoding begins.
template <class Encode>
std::size_t PutEntry(CopyKind kind, std::uint32_t slot, std::string& out, Encode&& encode) {
  const auto put = [&out](std::uint32_t value, std::size_t at) {
    for (std::size_t i = 0; i < 4; ++i) out[at + i] = static_cast<char>(value >> (8 * i));
  };
  out.push_back(static_cast<char>(kind));
  const std::size_t head = out.size();
  out.resize(head + kCopyEntryHead - 1);
  put(slot, head);
  const std::size_t begin = out.size();
  encode(out);
  put(static_cast<std::uint32_t>(out.size() - begin), head + 4);
  return begin;
}

// What the bytes of a copy hold, its rows as bytes. Borrows the bytes.
struct CopyRows {
  std::vector<std::string_view> agents;     // by name
  std::vector<std::string_view> inquiries;  // by arrival
  std::string_view rest;
  StateSum sum;
};

// Nothing unless `bytes` are entries as above; safe on hostile bytes. The rows may be of any kind.
std::optional<CopyRows> ReadCopy(std::string_view bytes);

// All but the inquiries; nothing unless each part is an encoding.
std::optional<DeskState> DecodeAllButInquiries(const CopyRows& rows);

// The whole of it; nothing unless each part is an encoding.
std::optional<DeskState> DecodeCopy(const CopyRows& rows);

}  // namespace usher
