#include "router/recovery.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "journal/topics.h"
#include "support/note.h"
#include "support/status.h"
#include "wire/records.h"

namespace usher::router {
namespace {

constexpr std::size_t kSnapshotRecordsMax = 64;      // a call: 32 MiB of pieces at most
constexpr std::uint64_t kWindowBytes = 64 << 20;     // a look back that meets less goes on doubled
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
    case Stage::kManifests:
      USHER_RETURN_IF_ERROR(ReadManifests());
      return false;
    case Stage::kPlaces:
      USHER_RETURN_IF_ERROR(CheckPlaces());
      stage_ = NextCandidate();
      if (stage_ == Stage::kChunks) WantChunks(/*from_begin=*/false);
      return false;
    case Stage::kChunks: {
      USHER_TRY(const bool read,
                ReadSnapshots(chunks_from_, candidates_.front().place, &Recovery::TakeChunk));
      if (read) stage_ = Stage::kRestore;
      return false;
    }
    case Stage::kRestore:
      if (result_.desks.size() == candidates_.front().desks.size()) {
        pieces_of_.clear();
        stage_ = Stage::kTail;
      } else {
        RestoreSome();
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

// One call's work of looking for manifests. Pages of one that lie in two stretches are joined, too.
absl::Status Recovery::ReadManifests() {
  if (manifests_from_ < 0) {
    USHER_TRY(manifests_from_, log_.EndOffset({journal::kSnapshots, partition_}));
    window_ = static_cast<std::int64_t>(options_.snapshot_window);
  }
  const std::int64_t from = std::max<std::int64_t>(0, manifests_from_ - window_);
  USHER_TRY(const bool read, ReadSnapshots(from, manifests_from_, &Recovery::TakeManifest));
  if (!read) return absl::OkStatus();
  manifests_from_ = from;
  if (scanned_bytes_ < kWindowBytes) window_ *= 2;
  if (!candidates_.empty() || manifests_from_ == 0) stage_ = Stage::kPlaces;
  return absl::OkStatus();
}

absl::StatusOr<bool> Recovery::ReadSnapshots(std::int64_t from, std::int64_t end,
                                             void (Recovery::*take)(const log::Record&)) {
  if (scan_ == nullptr) {
    USHER_TRY(scan_, log_.OpenScan({journal::kSnapshots, partition_}, from, end));
    scanned_bytes_ = 0;
  }
  USHER_TRY(const std::vector<log::Record> records, scan_->Next(kSnapshotRecordsMax));
  for (const log::Record& record : records) {
    scanned_bytes_ += record.value.size();
    (this->*take)(record);
  }
  if (records.empty()) scan_.reset();
  return records.empty();
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
  page->part.place = record.offset;
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

// What to do after candidates were found, checked or refused.
Recovery::Stage Recovery::NextCandidate() const {
  if (!candidates_.empty()) return Stage::kChunks;
  return manifests_from_ > 0 ? Stage::kManifests : Stage::kTail;
}

void Recovery::WantChunks(bool from_begin) {
  const Snapshot& snapshot = candidates_.front();
  pieces_of_.clear();
  chunks_from_ = snapshot.place;
  for (const DeskEntry& entry : snapshot.desks) {
    pieces_of_[entry.desk].ref = entry.ref;
    chunks_from_ = std::min(chunks_from_, from_begin ? 0 : entry.ref.place);
  }
}

void Recovery::TakeChunk(const log::Record& record) {
  if (record.key.rfind("desk/", 0) != 0) return;
  absl::StatusOr<Chunk> chunk = DecodeChunk(record.value);
  if (!chunk.ok()) return;  // a piece that is wanted will be found missing
  const auto wanted = pieces_of_.find(chunk->desk);
  if (wanted == pieces_of_.end()) return;
  Pieces& pieces = wanted->second;
  if (chunk->copy != pieces.ref.copy) return;
  if (record.key != ChunkKey(chunk->desk, pieces.ref.slot, chunk->chunk)) return;
  if (chunk->chunk >= pieces.ref.chunks) return;
  Join(pieces, chunk->chunk, std::move(chunk->data));
}

// They were written in order, and mostly come so.
void Recovery::Join(Pieces& pieces, std::uint32_t number, std::string data) {
  if (number < pieces.next) return;
  if (number > pieces.next) {
    pieces.early[number] = std::move(data);
    return;
  }
  if (number == 0) {
    // What the manifest says, but no more than the records can hold between which they lie.
    const auto records = static_cast<std::uint64_t>(candidates_.front().place - chunks_from_);
    pieces.joined.reserve(std::min<std::uint64_t>(
        pieces.ref.bytes,
        std::min<std::uint64_t>(records, pieces.ref.chunks) * log_.entry_bytes_max()));
  }
  pieces.joined += data;
  ++pieces.next;
  for (auto next = pieces.early.begin(); next != pieces.early.end() && next->first == pieces.next;
       ++pieces.next) {
    pieces.joined += next->second;
    next = pieces.early.erase(next);
  }
}

void Recovery::RestoreSome() {
  const Snapshot& snapshot = candidates_.front();
  std::uint64_t bytes = 0;
  while (result_.desks.size() < snapshot.desks.size() && bytes < kRestoreBytesMax) {
    const DeskEntry& entry = snapshot.desks[result_.desks.size()];
    Pieces& pieces = pieces_of_[entry.desk];
    if (pieces.next < entry.ref.chunks) {
      if (chunks_from_ == 0) return Refuse("a piece of a desk is missing");
      // Perhaps the topic was copied, and its offsets are others.
      result_.desks.clear();
      WantChunks(/*from_begin=*/true);
      stage_ = Stage::kChunks;
      return;
    }
    absl::StatusOr<engine::Engine> engine =
        RestoreEngine(entry.ref, pieces.joined, options_.limits);
    if (!engine.ok()) return Refuse(std::string(engine.status().message()));
    bytes += pieces.joined.size() + 1;
    std::string().swap(pieces.joined);
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
  pieces_of_.clear();
  stage_ = NextCandidate();
  if (stage_ == Stage::kChunks) WantChunks(/*from_begin=*/false);
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
