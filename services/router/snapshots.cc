#include "router/snapshots.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "core/check.h"
#include "model/state.h"
#include "support/status.h"
#include "usher/v1/snapshot.pb.h"
#include "wire/fields.h"

namespace usher::router {
namespace {

constexpr int kManifestDesksMax = 100'000;
constexpr std::uint32_t kChunksMax = 1'000'000;

DeskEntry TakeDesk(const v1::DeskSnapshot& from, wire::FieldCheck& check) {
  DeskEntry to;
  to.desk = check.TakeName<DeskName>("desk", from.desk());
  if (to.desk.none()) check.Refuse("desk", "empty");
  if (from.offset() < 0) check.Refuse("offset", "below 0");
  if (from.chunks() == 0) check.Refuse("chunks", "none");
  if (from.slot() > 1) check.Refuse("slot", "0 or 1");
  to.ref = {from.offset(), check.TakeNumber("chunks", from.chunks(), kChunksMax), from.bytes(),
            from.hash(), from.slot()};
  return to;
}

template <class Proto>
std::string Bytes(const Proto& proto) {
  std::string bytes;
  USHER_CHECK(proto.SerializeToString(&bytes));
  return bytes;
}

template <class Proto>
bool Parse(std::string_view bytes, Proto& proto) {
  return proto.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

}  // namespace

std::string ManifestKey(std::uint64_t number) { return absl::StrCat("manifest/", number % 2); }

std::string ChunkKey(const DeskName& desk, std::uint32_t slot, std::uint32_t chunk) {
  return absl::StrCat("desk/", desk.ToString(), "/", slot, "/", chunk);
}

std::string EncodeManifest(const Snapshot& snapshot) {
  v1::Manifest to;
  to.set_log_id(wire::IdBytes(snapshot.log));
  to.set_offset(snapshot.offset);
  to.set_format(kStateFormat);
  to.set_logic(snapshot.logic);
  to.set_last_offset(snapshot.last.offset);
  to.set_last_index(snapshot.last.index);
  to.set_number(snapshot.number);
  to.set_decisions_offset(snapshot.decisions_offset);
  for (const DeskEntry& entry : snapshot.desks) {
    v1::DeskSnapshot& desk = *to.add_desks();
    desk.set_desk(entry.desk.ToString());
    desk.set_offset(entry.ref.offset);
    desk.set_chunks(entry.ref.chunks);
    desk.set_bytes(entry.ref.bytes);
    desk.set_hash(entry.ref.hash);
    desk.set_slot(entry.ref.slot);
  }
  return Bytes(to);
}

absl::StatusOr<Snapshot> DecodeManifest(std::string_view bytes, std::int32_t partition) {
  v1::Manifest from;
  if (!Parse(bytes, from)) return absl::InvalidArgumentError("the bytes are not a Manifest");
  wire::FieldCheck check;
  const wire::FieldCheck::Inside inside(check, "manifest");
  if (from.format() != kStateFormat) check.Refuse("format", "another one");
  if (from.logic() == 0) check.Refuse("logic", "none");
  if (from.offset() < 0) check.Refuse("offset", "below 0");
  if (from.last_offset() < 0) check.Refuse("last_offset", "below 0");
  if (from.decisions_offset() < 0) check.Refuse("decisions_offset", "below 0");
  Snapshot to;
  to.number = from.number();
  to.logic = from.logic();
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
  return to;
}

std::vector<log::Entry> EncodeChunks(const log::TopicPartition& to, const DeskName& desk,
                                     std::int64_t offset, std::uint32_t slot,
                                     std::string_view state, std::size_t chunk_bytes) {
  USHER_CHECK(chunk_bytes > 0);
  std::vector<log::Entry> entries;
  do {
    const std::string_view data = state.substr(0, chunk_bytes);
    const auto number = static_cast<std::uint32_t>(entries.size());
    v1::SnapshotChunk chunk;
    chunk.set_desk(desk.ToString());
    chunk.set_offset(offset);
    chunk.set_chunk(number);
    chunk.set_data(data.data(), data.size());
    entries.push_back({to, ChunkKey(desk, slot, number), Bytes(chunk), {}});
    state.remove_prefix(data.size());
  } while (!state.empty());
  return entries;
}

absl::StatusOr<Chunk> DecodeChunk(std::string_view bytes) {
  v1::SnapshotChunk from;
  if (!Parse(bytes, from)) return absl::InvalidArgumentError("the bytes are not a SnapshotChunk");
  const auto desk = DeskName::Parse(from.desk());
  if (!desk) return absl::InvalidArgumentError("chunk.desk: not a name");
  return Chunk{*desk, from.offset(), from.chunk(), std::move(*from.mutable_data())};
}

absl::StatusOr<engine::Engine> RestoreEngine(const DeskRef& ref, std::string_view state,
                                             const Limits& limits) {
  if (state.size() != ref.bytes) return absl::DataLossError("its size is another");
  const std::optional<DeskState> decoded = DecodeState(state);
  if (!decoded) return absl::DataLossError("its bytes are not a state");
  if (HashState(*decoded) != ref.hash) return absl::DataLossError("its hash is another");
  engine::Engine engine(limits);
  if (!engine.Restore(*decoded)) return absl::DataLossError("the engine refuses the state");
  return engine;
}

}  // namespace usher::router
