// Snapshots of a partition as records of `usher.snapshots`.
//
// A manifest lists every desk with the last command in its saved state; pieces hold the states.
// Manifests take turns in two slots by the parity of their number; a desk's pieces take turns in
// two slots of their own, so that writing never touches what the newest manifest in the log refers
// to. A desk that has not changed is listed again with its old pieces.
//
// Replay begins after Manifest.offset, the smallest place that all saved states reach to: a desk
// whose state is newer skips its own commands up to DeskSnapshot.offset.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "log/log.h"
#include "model/limits.h"
#include "model/stamp.h"
#include "router/desk.h"
#include "router/logic.h"

namespace usher::router {

constexpr std::uint32_t kStateFormat = 1;  // of EncodeState()

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
  Instant at;  // when the log took it; not in the bytes
};

std::string ManifestKey(std::uint64_t number);
std::string ChunkKey(const DeskName& desk, std::uint32_t slot, std::uint32_t chunk);

std::string EncodeManifest(const Snapshot& snapshot);

// Errors: kInvalidArgument: not a manifest, or of another format.
absl::StatusOr<Snapshot> DecodeManifest(std::string_view bytes, std::int32_t partition);

// The pieces of a desk's encoded state, at most `chunk_bytes` of it each, at least one.
std::vector<log::Entry> EncodeChunks(const log::TopicPartition& to, const DeskName& desk,
                                     std::int64_t offset, std::uint32_t slot,
                                     std::string_view state, std::size_t chunk_bytes);

// One piece, decoded.
struct Chunk {
  DeskName desk;
  std::int64_t offset = 0;
  std::uint32_t chunk = 0;
  std::string data;
};
absl::StatusOr<Chunk> DecodeChunk(std::string_view bytes);

// The engine that `state` describes. Errors: kDataLoss says what does not agree with `ref`.
absl::StatusOr<engine::Engine> RestoreEngine(const DeskRef& ref, std::string_view state,
                                             const Limits& limits);

}  // namespace usher::router
