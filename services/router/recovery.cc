#include "router/recovery.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "journal/topics.h"
#include "support/note.h"
#include "support/status.h"
#include "wire/records.h"

namespace usher::router {
namespace {

constexpr std::size_t kSnapshotRecordsMax = 64;      // a read: 32 MiB of pieces at most
constexpr std::size_t kTailRecordsMax = 4'096;       // decisions looked at to find the last one
constexpr std::uint64_t kRestoreBytesMax = 1 << 20;  // of states, a call
constexpr std::size_t kCandidatesMax = 2;            // a slot each

bool Better(const Snapshot& a, const Snapshot& b) {
  return a.number != b.number ? a.number > b.number : a.offset > b.offset;
}

}  // namespace

Recovery::Recovery(const Options& options, const journal::CommandLog& commands, log::Log& log,
                   Gauges& gauges, std::int32_t partition, std::int64_t begin)
    : options_(options),
      commands_(commands),
      log_(log),
      gauges_(gauges),
      partition_(partition),
      begin_(begin),
      log_id_(commands.log_ids[static_cast<std::size_t>(partition)]) {}

absl::StatusOr<bool> Recovery::Advance() {
  switch (stage_) {
    case Stage::kHeader:
      USHER_RETURN_IF_ERROR(CheckHeader());
      stage_ = Stage::kManifests;
      return false;
    case Stage::kManifests: {
      USHER_TRY(const bool read, ReadSnapshots(&Recovery::TakeManifest));
      if (read) stage_ = Stage::kPlaces;
      return false;
    }
    case Stage::kPlaces:
      USHER_RETURN_IF_ERROR(CheckPlaces());
      WantChunks();
      read_from_ = 0;
      stage_ = candidates_.empty() ? Stage::kTail : Stage::kChunks;
      return false;
    case Stage::kChunks: {
      USHER_TRY(const bool read, ReadSnapshots(&Recovery::TakeChunk));
      if (read) stage_ = Stage::kRestore;
      return false;
    }
    case Stage::kRestore:
      if (candidates_.empty() || result_.desks.size() == candidates_.front().desks.size()) {
        chunks_.clear();
        stage_ = Stage::kTail;
      } else {
        RestoreOne();
      }
      return false;
    case Stage::kTail:
      USHER_RETURN_IF_ERROR(ReadTail());
      USHER_RETURN_IF_ERROR(CheckEnds());
      stage_ = Stage::kDone;
      return true;
    case Stage::kDone:
      return true;
  }
  return true;
}

absl::Status Recovery::CheckHeader() {
  const log::TopicPartition commands{journal::kCommands, partition_};
  USHER_TRY(const std::vector<log::Record> first, log_.ReadRange(commands, 0, 1));
  const auto decoded = first.empty() || first.front().offset != 0
                           ? absl::StatusOr<wire::AnyCommand>(absl::NotFoundError("no record 0"))
                           : wire::DecodeCommand(first.front().value);
  const auto* header = decoded.ok() ? std::get_if<wire::LogHeader>(&*decoded) : nullptr;
  if (header == nullptr || header->log != log_id_ || header->partitions != commands_.partitions) {
    return absl::FailedPreconditionError(
        absl::StrCat(commands.topic, "/", partition_,
                     ": record 0 is not the header that it was at start-up; the log was replaced"));
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> Recovery::ReadSnapshots(void (Recovery::*take)(const log::Record&)) {
  USHER_TRY(const std::vector<log::Record> records,
            log_.ReadRange({journal::kSnapshots, partition_}, read_from_, kSnapshotRecordsMax));
  for (const log::Record& record : records) {
    (this->*take)(record);
    read_from_ = record.offset + 1;
  }
  return records.size() < kSnapshotRecordsMax;
}

void Recovery::TakeManifest(const log::Record& record) {
  if (record.key.rfind("manifest/", 0) != 0) return;
  absl::StatusOr<Page> page = DecodePage(record.value, partition_);
  if (page.ok() && !options_.logic.Knows(page->part.logic)) {
    page = absl::InvalidArgumentError(absl::StrCat("logic ", page->part.logic, " is unknown"));
  }
  if (!page.ok()) {
    gauges_.snapshots_refused.Add();
    note::Warn("manifest.refused", {{"partition", partition_},
                                    {"offset", record.offset},
                                    {"problem", std::string(page.status().message())}});
    return;
  }
  if (page->part.log != log_id_) return;
  page->part.at = record.at;
  result_.number = std::max(result_.number, page->part.number);
  std::optional<Snapshot> snapshot = pages_.Take(std::move(*page));
  if (!snapshot) return;
  if (snapshot->offset + 1 < begin_) return;  // the commands after it are gone
  candidates_.push_back(std::move(*snapshot));
  std::stable_sort(candidates_.begin(), candidates_.end(), Better);
  if (candidates_.size() > kCandidatesMax) candidates_.pop_back();
}

// A snapshot rests on decisions that are in the log. If the log lost them, they must be decided and
// appended again, from an earlier place.
absl::Status Recovery::CheckPlaces() {
  // All are looked at before any is moved: a log that does not answer is asked again, from here on.
  std::vector<bool> rests;
  for (const Snapshot& candidate : candidates_) {
    absl::StatusOr<std::vector<log::Record>> there =
        log_.ReadRange({journal::kDecisions, partition_}, candidate.decisions_offset, 1);
    if (!there.ok() && !absl::IsOutOfRange(there.status())) return there.status();
    rests.push_back(false);
    if (there.ok() && !there->empty() && there->front().offset == candidate.decisions_offset) {
      const auto decision = wire::DecodeDecision(there->front().value);
      rests.back() = decision.ok() && decision->stamp == candidate.last;
    }
  }
  std::vector<Snapshot> good;
  for (std::size_t i = 0; i < candidates_.size(); ++i) {
    Snapshot& candidate = candidates_[i];
    if (rests[i]) {
      good.push_back(std::move(candidate));
      continue;
    }
    gauges_.snapshots_refused.Add();
    note::Warn("snapshot.refused", {{"partition", partition_},
                                    {"number", candidate.number},
                                    {"problem", "its last decision is not in the log"}});
  }
  candidates_ = std::move(good);
  return absl::OkStatus();
}

void Recovery::WantChunks() {
  for (const Snapshot& candidate : candidates_) {
    for (const DeskEntry& entry : candidate.desks) {
      chunks_.try_emplace(ChunkId{entry.desk, entry.ref.slot, entry.ref.copy});
    }
  }
}

void Recovery::TakeChunk(const log::Record& record) {
  if (record.key.rfind("desk/", 0) != 0) return;
  absl::StatusOr<Chunk> chunk = DecodeChunk(record.value);
  if (!chunk.ok()) return;  // a piece that is wanted will be found missing
  for (std::uint32_t slot = 0; slot < 2; ++slot) {
    if (record.key != ChunkKey(chunk->desk, slot, chunk->chunk)) continue;
    const auto wanted = chunks_.find(ChunkId{chunk->desk, slot, chunk->copy});
    if (wanted != chunks_.end()) wanted->second[chunk->chunk] = std::move(chunk->data);
    return;
  }
}

void Recovery::RestoreOne() {
  const Snapshot& snapshot = candidates_.front();
  std::uint64_t bytes = 0;
  while (result_.desks.size() < snapshot.desks.size() && bytes < kRestoreBytesMax) {
    const DeskEntry& entry = snapshot.desks[result_.desks.size()];
    auto& pieces = chunks_[ChunkId{entry.desk, entry.ref.slot, entry.ref.copy}];
    std::string state;
    for (std::uint32_t i = 0; i < entry.ref.chunks; ++i) {
      const auto piece = pieces.find(i);
      if (piece == pieces.end()) return Refuse("a piece of a desk is missing");
      state += piece->second;
    }
    absl::StatusOr<engine::Engine> engine = RestoreEngine(entry.ref, state, options_.limits);
    if (!engine.ok()) return Refuse(std::string(engine.status().message()));
    bytes += state.size() + 1;
    result_.desks.push_back({.name = entry.desk,
                             .engine = std::move(*engine),
                             .saved = entry.ref,
                             .included = entry.ref.offset});
    result_.desks.back().timer = result_.desks.back().engine.next_timer();
  }
}

void Recovery::Refuse(const std::string& why) {
  gauges_.snapshots_refused.Add();
  note::Warn("snapshot.refused",
             {{"partition", partition_}, {"number", candidates_.front().number}, {"problem", why}});
  candidates_.erase(candidates_.begin());
  result_.desks.clear();
}

absl::Status Recovery::ReadTail() {
  const log::TopicPartition decisions{journal::kDecisions, partition_};
  USHER_TRY(const std::int64_t end, log_.EndOffset(decisions));
  const std::int64_t from = std::max<std::int64_t>(0, end - kTailRecordsMax);
  USHER_TRY(const std::vector<log::Record> tail, log_.ReadRange(decisions, from, kTailRecordsMax));
  for (const log::Record& record : tail) {
    const auto decision = wire::DecodeDecision(record.value);
    if (!decision.ok()) continue;
    if (decision->stamp.log != log_id_ || decision->stamp.partition != partition_) {
      return absl::FailedPreconditionError(
          absl::StrCat(decisions.topic, "/", partition_, " holds at ", record.offset,
                       " a decision on another command log; the log was replaced"));
    }
    result_.told.emplace(decision->stamp.offset, decision->command_at);
    // The greatest, not the last: a router that was taken over may have appended old copies.
    if (decision->stamp.After(result_.last)) result_.last = decision->stamp;
  }
  if (candidates_.empty()) return absl::OkStatus();
  const Snapshot& snapshot = candidates_.front();
  if (snapshot.last.After(result_.last)) result_.last = snapshot.last;
  result_.replay_from = snapshot.offset + 1;
  result_.from_snapshot = true;
  result_.decisions_offset = snapshot.decisions_offset;
  result_.logic = snapshot.logic;
  result_.snapshot_at = snapshot.at;
  return absl::OkStatus();
}

absl::Status Rewritten(std::int32_t partition, std::int64_t offset) {
  return absl::FailedPreconditionError(
      absl::StrCat(journal::kCommands, "/", partition, " holds another command ", offset,
                   " than the one that was decided: the log was rewritten"));
}

absl::Status Recovery::CheckEnds() {
  USHER_TRY(const std::int64_t end, log_.EndOffset({journal::kCommands, partition_}));
  std::int64_t told = std::max(result_.last.offset, result_.replay_from - 1);
  for (const Desk& desk : result_.desks) told = std::max(told, desk.included);
  if (told >= end) {
    return absl::FailedPreconditionError(absl::StrCat(
        journal::kCommands, "/", partition_, " ends at ", end,
        ", but decisions or snapshots speak of command ", told, ": the log lost records"));
  }
  // An unclean election gives offsets again: then the command there is another one.
  if (const auto at = result_.told.find(result_.last.offset); at != result_.told.end()) {
    USHER_TRY(const std::vector<log::Record> there,
              log_.ReadRange({journal::kCommands, partition_}, at->first, 1));
    if (!there.empty() && there.front().offset == at->first && there.front().at != at->second) {
      return Rewritten(partition_, at->first);
    }
  }
  if (result_.replay_from < begin_) {
    return absl::FailedPreconditionError(
        absl::StrCat(journal::kCommands, "/", partition_, " begins at ", begin_,
                     ", and no snapshot that verifies reaches so far: commands were removed"));
  }
  return absl::OkStatus();
}

}  // namespace usher::router
