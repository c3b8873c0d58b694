#include "router/snapshots.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/check.h"
#include "core/hash.h"
#include "model/state.h"
#include "model/state_copy.h"
#include "support/status.h"
#include "usher/v1/snapshot.pb.h"
#include "wire/fields.h"

namespace usher::router {
namespace {

constexpr int kManifestDesksMax = 100'000;
constexpr std::uint32_t kChunksMax = 1'000'000;
constexpr std::uint32_t kPagesMax = 100'000;
constexpr std::size_t kPageHeadBytes = 256;  // of a page, besides its desks

DeskEntry TakeDesk(const v1::DeskSnapshot& from, wire::FieldCheck& check) {
  DeskEntry to;
  to.desk = check.TakeName<DeskName>("desk", from.desk());
  if (to.desk.none()) check.Refuse("desk", "empty");
  if (from.offset() < 0) check.Refuse("offset", "below 0");
  if (from.place() < 0) check.Refuse("place", "below 0");
  if (from.chunks() == 0) check.Refuse("chunks", "none");
  if (from.slot() > 1) check.Refuse("slot", "0 or 1");
  to.ref = {from.offset(), check.TakeNumber("chunks", from.chunks(), kChunksMax),
            from.bytes(),  from.hash(),
            from.slot(),   from.copy(),
            from.place()};
  return to;
}

template <class Proto>
std::string Bytes(const Proto& proto) {
  std::string bytes;
  USHER_CHECK(proto.SerializeToString(&bytes));
  return bytes;
}

// Of a page as it is without its sum.
std::uint64_t SumOf(v1::Manifest page) {
  page.clear_sum();
  return Hash64(Bytes(page));
}

template <class Proto>
bool Parse(std::string_view bytes, Proto& proto) {
  return proto.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

}  // namespace

std::string ManifestKey(std::uint64_t number, std::uint32_t page) {
  return page == 0 ? absl::StrCat("manifest/", number % 2)
                   : absl::StrCat("manifest/", number % 2, "/", page);
}

std::string ChunkKey(const DeskName& desk, std::uint32_t slot, std::uint32_t chunk) {
  return absl::StrCat("desk/", desk.ToString(), "/", slot, "/", chunk);
}

std::vector<log::Entry> EncodeManifest(const log::TopicPartition& to, const Snapshot& snapshot,
                                       std::size_t page_bytes) {
  std::vector<v1::Manifest> pages(1);
  std::size_t bytes = kPageHeadBytes;
  for (const DeskEntry& entry : snapshot.desks) {
    v1::DeskSnapshot desk;
    desk.set_desk(entry.desk.ToString());
    desk.set_offset(entry.ref.offset);
    desk.set_chunks(entry.ref.chunks);
    desk.set_bytes(entry.ref.bytes);
    desk.set_hash(entry.ref.hash);
    desk.set_slot(entry.ref.slot);
    desk.set_copy(entry.ref.copy);
    desk.set_place(entry.ref.place);
    const std::size_t more = desk.ByteSizeLong() + 3;
    const bool full = bytes + more > page_bytes || pages.back().desks_size() >= kManifestDesksMax;
    if (full && pages.back().desks_size() > 0) {
      pages.emplace_back();
      bytes = kPageHeadBytes;
    }
    bytes += more;
    *pages.back().add_desks() = std::move(desk);
  }
  std::vector<log::Entry> entries;
  for (v1::Manifest& page : pages) {
    page.set_log_id(wire::IdBytes(snapshot.log));
    page.set_offset(snapshot.offset);
    page.set_format(kStateFormat);
    page.set_logic(snapshot.logic);
    page.set_last_offset(snapshot.last.offset);
    page.set_last_index(snapshot.last.index);
    page.set_number(snapshot.number);
    page.set_decisions_offset(snapshot.decisions_offset);
    page.set_draw(snapshot.draw);
    page.set_pages(static_cast<std::uint32_t>(pages.size()));
    page.set_page(static_cast<std::uint32_t>(entries.size()));
    page.set_sum(SumOf(page));
    entries.push_back({to, ManifestKey(snapshot.number, page.page()), Bytes(page), {}});
  }
  return entries;
}

absl::StatusOr<Page> DecodePage(std::string_view bytes, std::int32_t partition) {
  v1::Manifest from;
  if (!Parse(bytes, from)) return absl::InvalidArgumentError("the bytes are not a Manifest");
  // The states have hashes, but a manifest that names another place replays them from there.
  if (from.sum() != 0 && from.sum() != SumOf(from))
    return absl::DataLossError("its sum is another");
  wire::FieldCheck check;
  const wire::FieldCheck::Inside inside(check, "manifest");
  if (from.format() != kStateFormat) check.Refuse("format", "another one");
  if (from.logic() == 0) check.Refuse("logic", "none");
  if (from.offset() < 0) check.Refuse("offset", "below 0");
  if (from.last_offset() < 0) check.Refuse("last_offset", "below 0");
  if (from.decisions_offset() < 0) check.Refuse("decisions_offset", "below 0");
  if (from.page() >= from.pages()) check.Refuse("page", "beyond the last one");
  Page page;
  page.page = from.page();
  page.pages = check.TakeNumber("pages", from.pages(), kPagesMax);
  Snapshot& to = page.part;
  to.number = from.number();
  to.logic = from.logic();
  to.draw = from.draw();
  to.log = check.TakeId<LogId>("log_id", from.log_id(), wire::Field::kRequired);
  to.offset = from.offset();
  to.last = {to.log, partition, from.last_offset(), from.last_index()};
  to.decisions_offset = from.decisions_offset();
  if (check.CheckCount("desks", from.desks_size(), kManifestDesksMax)) {
    to.desks.reserve(static_cast<std::size_t>(from.desks_size()));
    for (int i = 0; i < from.desks_size(); ++i) {
      const wire::FieldCheck::Inside entry(check, "desks", i);
      to.desks.push_back(TakeDesk(from.desks(i), check));
    }
  }
  if (!check.ok()) return check.status();
  return page;
}

std::optional<Snapshot> PageJoiner::Take(Page page) {
  const auto key = std::pair(page.part.number, page.part.draw);
  std::map<std::uint32_t, Page>& pages = begun_[key];
  const std::uint32_t wanted = page.pages;
  pages[page.page] = std::move(page);
  if (pages.size() < wanted) return std::nullopt;
  Snapshot whole = std::move(pages.begin()->second.part);
  for (auto each = std::next(pages.begin()); each != pages.end(); ++each) {
    std::vector<DeskEntry>& desks = each->second.part.desks;
    whole.desks.insert(whole.desks.end(), desks.begin(), desks.end());
    whole.at = std::max(whole.at, each->second.part.at);
    whole.place = std::min(whole.place, each->second.part.place);
  }
  begun_.erase(key);
  return whole;
}

log::Entry EncodeChunk(const log::TopicPartition& to, std::uint32_t slot, const Chunk& chunk) {
  v1::SnapshotChunk record;
  record.set_desk(chunk.desk.ToString());
  record.set_offset(chunk.offset);
  record.set_chunk(chunk.chunk);
  record.set_copy(chunk.copy);
  record.set_data(chunk.data);
  return {to, ChunkKey(chunk.desk, slot, chunk.chunk), Bytes(record), {}};
}

absl::StatusOr<Chunk> DecodeChunk(std::string_view bytes) {
  v1::SnapshotChunk from;
  if (!Parse(bytes, from)) return absl::InvalidArgumentError("the bytes are not a SnapshotChunk");
  const auto desk = DeskName::Parse(from.desk());
  if (!desk) return absl::InvalidArgumentError("chunk.desk: not a name");
  return Chunk{*desk, from.offset(), from.chunk(), from.copy(), std::move(*from.mutable_data())};
}

absl::StatusOr<engine::Engine> RestoreEngine(const DeskRef& ref, std::string_view copy,
                                             const Limits& limits) {
  if (copy.size() != ref.bytes) return absl::DataLossError("its size is another");
  const std::optional<CopyRows> rows = ReadCopy(copy);
  if (!rows) return absl::DataLossError("its bytes are not a copy of a state");
  if (HashOf(rows->sum) != ref.hash) return absl::DataLossError("its hash is another");
  engine::Engine engine(limits);
  if (!engine.Restore(*rows)) return absl::DataLossError("the engine refuses the state");
  return engine;
}

}  // namespace usher::router
