#include "model/state_copy.h"

#include <algorithm>
#include <utility>

#include "core/bytes.h"

namespace usher {
namespace {

// The last entry of each slot.
class LastOfSlot {
 public:
  bool Put(std::uint32_t slot, std::string_view row) {
    if (slot >= kCopySlotsMax) return false;
    if (slot >= rows_.size()) rows_.resize(std::max<std::size_t>(slot + std::size_t{1}, 64));
    rows_[slot] = row;
    return true;
  }
  std::vector<std::string_view> Take() {
    std::erase_if(rows_, [](std::string_view row) { return row.empty(); });
    return std::move(rows_);
  }

 private:
  std::vector<std::string_view> rows_;
};

// An agent's encoding begins with its name, an inquiry's with its arrival.
void SortByName(std::vector<std::string_view>& agents) {
  std::sort(agents.begin(), agents.end(), [](std::string_view a, std::string_view b) {
    return a.substr(1, static_cast<unsigned char>(a[0])) <
           b.substr(1, static_cast<unsigned char>(b[0]));
  });
}

void SortByArrival(std::vector<std::string_view>& inquiries) {
  std::vector<std::pair<std::uint64_t, std::string_view>> sorted;
  sorted.reserve(inquiries.size());
  for (const std::string_view row : inquiries) sorted.emplace_back(ByteReader(row).U64(), row);
  std::sort(sorted.begin(), sorted.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  for (std::size_t i = 0; i < sorted.size(); ++i) inquiries[i] = sorted[i].second;
}

std::uint64_t HashesOf(const std::vector<std::string_view>& rows) {
  std::uint64_t sum = 0;
  for (const std::string_view row : rows) sum += HashBytes(row);
  return sum;
}

}  // namespace

void BeginCopy(std::string& out) {
  out.push_back(static_cast<char>(kStateFormat & 0xff));
  out.push_back(static_cast<char>(kStateFormat >> 8));
}

std::optional<CopyRows> ReadCopy(std::string_view bytes) {
  if (ByteReader(bytes).U16() != kStateFormat) return std::nullopt;
  bytes.remove_prefix(2);
  LastOfSlot agents;
  LastOfSlot inquiries;
  for (;;) {
    ByteReader head(bytes);
    const CopyKind kind = head.GetEnum(CopyKind::kRest);
    const std::uint32_t slot = head.U32();
    const std::uint32_t size = head.U32();
    if (!head.ok() || size > head.remaining()) return std::nullopt;
    const std::string_view part = bytes.substr(kCopyEntryHead, size);
    bytes.remove_prefix(kCopyEntryHead + size);
    if (kind == CopyKind::kAgent ? !agents.Put(slot, part)
                                 : kind == CopyKind::kInquiry && !inquiries.Put(slot, part)) {
      return std::nullopt;
    }
    if (kind != CopyKind::kRest) continue;
    if (slot != 0 || !bytes.empty()) return std::nullopt;
    CopyRows rows{agents.Take(), inquiries.Take(), part, {}};
    SortByName(rows.agents);
    SortByArrival(rows.inquiries);
    rows.sum = {HashBytes(rows.rest), rows.agents.size(), HashesOf(rows.agents),
                rows.inquiries.size(), HashesOf(rows.inquiries)};
    return rows;
  }
}

std::optional<DeskState> DecodeAllButInquiries(const CopyRows& rows) {
  std::optional<DeskState> state(std::in_place);
  if (!DecodeRest(rows.rest, *state)) return std::nullopt;
  state->agents.reserve(rows.agents.size());
  for (const std::string_view row : rows.agents) {
    if (!DecodeRow(row, state->agents.emplace_back())) return std::nullopt;
  }
  return state;
}

std::optional<DeskState> DecodeCopy(const CopyRows& rows) {
  std::optional<DeskState> state = DecodeAllButInquiries(rows);
  if (!state) return std::nullopt;
  state->inquiries.reserve(rows.inquiries.size());
  for (const std::string_view row : rows.inquiries) {
    if (!DecodeRow(row, state->inquiries.emplace_back())) return std::nullopt;
  }
  return state;
}

}  // namespace usher
