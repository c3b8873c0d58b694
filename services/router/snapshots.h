// Snapshots of a partition as records of `usher.snapshots`.
//
// A manifest lists every desk with the last command in its saved state; pieces hold the states.
// Manifests take turns in two slots by the parity of their number; a desk's pieces take turns in
// two slots of their own, so that writing never touches what the newest manifest in the log refers
// to. A desk that has not changed is listed again with its old pieces.
//
// Replay begins after Manifest.offset, the smallest place that all saved states reach to: a desk
// whose state is newer skips its own commands up to DeskSnapshot.offset.
//
// Threads: any.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "log/log.h"
#include "model/limits.h"
#include "model/stamp.h"
#include "router/desk.h"
#include "router/logic.h"

namespace usher::router {

struct DeskEntry {
  DeskName desk;
  DeskRef ref;
};

struct Snapshot {
  std::uint64_t number = 0;
  LogId log;
  std::int64_t offset = 0;             // replay begins after this command
  std::uint32_t logic = kFirstLogic;   // of the rules that hold there
  Stamp last;                          // in `usher.decisions`, at or after all that was saved
  std::int64_t decisions_offset = -1;  // where `last` is
  std::vector<DeskEntry> desks;
  std::uint64_t draw = 0;  // tells it from another of the same number
  Instant at;              // when the log took it; not in the bytes
  std::int64_t place = 0;  // where its first page is in `usher.snapshots`; not in the bytes
};

std::string ManifestKey(std::uint64_t number, std::uint32_t page);
std::string ChunkKey(const DeskName& desk, std::uint32_t slot, std::uint32_t chunk);

// The pages of a manifest, at least one, of at most `page_bytes` each.
std::vector<log::Entry> EncodeManifest(const log::TopicPartition& to, const Snapshot& snapshot,
                                       std::size_t page_bytes);

struct Page {
  Snapshot part;  // with the desks of this page
  std::uint32_t page = 0;
  std::uint32_t pages = 1;
};

// Errors: kInvalidArgument: not a page of a manifest, or of another format or logic.
absl::StatusOr<Page> DecodePage(std::string_view bytes, std::int32_t partition);

// Puts pages together, as they come.
class PageJoiner {
 public:
  // The manifest of which this was the last page to come.
  std::optional<Snapshot> Take(Page page);

 private:
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::map<std::uint32_t, Page>> begun_;
};

// One piece of a copy.
struct Chunk {
  DeskName desk;
  std::int64_t offset = 0;
  std::uint32_t chunk = 0;
  std::uint64_t copy = 0;
  std::string data;
};
log::Entry EncodeChunk(const log::TopicPartition& to, std::uint32_t slot, const Chunk& chunk);
absl::StatusOr<Chunk> DecodeChunk(std::string_view bytes);

// The engine that `copy` is a copy of. Errors: kDataLoss says what does not agree with `ref`.
absl::StatusOr<engine::Engine> RestoreEngine(const DeskRef& ref, std::string_view copy,
                                             const Limits& limits);

}  // namespace usher::router
