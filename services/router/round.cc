#include "router/round.h"

#include <utility>

#include "journal/topics.h"
#include "model/state.h"
#include "router/snapshots.h"
#include "support/note.h"
#include "support/status.h"

namespace usher::router {
namespace {

constexpr std::size_t kKeyBytes = 128;  // of an entry, besides its value

}  // namespace

absl::Status Partition::TendSnapshot(Instant now) {
  if (round_ == nullptr) {
    const bool due = commands_since_round_ >= shared_.options.checkpoint_commands ||
                     now - round_at_ >= shared_.options.checkpoint_every;
    if (!due || commands_since_round_ == 0) return absl::OkStatus();
    StartRound(now);
  }
  Round& round = *round_;
  USHER_RETURN_IF_ERROR(AskCheckpoints());
  if (!round.waiting.empty() || !outbox_.handed_over()) return absl::OkStatus();
  if (!round.manifest_put) {
    if (!round.settle) {
      round.settle = outbox_.next_number();
      round.least = last_;
    }
    // The place of a decision at or after all that was saved must be known as well.
    if (outbox_.settled_number() < *round.settle || round.least.After(outbox_.settled_stamp())) {
      return absl::OkStatus();
    }
    round.manifest_put = PutManifest();
    if (!round.manifest_put) {
      round_.reset();
      return absl::OkStatus();
    }
    return outbox_.Pump();
  }
  if (!round.manifest) round.manifest = outbox_.next_number();
  if (outbox_.settled_number() >= *round.manifest) EndRound(now);
  return absl::OkStatus();
}

void Partition::StartRound(Instant now) {
  round_ = std::make_unique<Round>();
  round_->base = next_ - 1;
  round_->logic = replica_.logic();
  round_at_ = now;
  commands_since_round_ = 0;
  for (std::size_t i = 0; i < desks_.size(); ++i) {
    // What an abandoned round saved is referred to by nothing.
    if (desks_[i]->underway) desks_[i]->changed = true;
    desks_[i]->underway.reset();
    if (!desks_[i]->changed) continue;
    round_->to_ask.push_back(i);
    round_->waiting.insert(i);
  }
}

absl::Status Partition::AskCheckpoints() {
  while (!round_->to_ask.empty()) {
    const absl::Status status = AppendCommand(*desks_[round_->to_ask.back()], Checkpoint{});
    if (absl::IsResourceExhausted(status)) return absl::OkStatus();  // the next step goes on
    USHER_RETURN_IF_ERROR(status);
    round_->to_ask.pop_back();
  }
  return absl::OkStatus();
}

void Partition::SaveDesk(Desk& desk, std::int64_t offset, std::uint64_t hash) {
  const std::string bytes = EncodeState(desk.engine.Save());
  DeskRef ref;
  ref.offset = offset;
  ref.bytes = bytes.size();
  ref.hash = hash;
  ref.slot = desk.saved ? 1 - desk.saved->slot : 0;
  const std::size_t chunk_bytes =
      std::min(shared_.options.chunk_bytes, shared_.log.entry_bytes_max() - kKeyBytes);
  for (log::Entry& entry : EncodeChunks({journal::kSnapshots, number_}, desk.name, offset, ref.slot,
                                        bytes, chunk_bytes)) {
    outbox_.PutBulk(std::move(entry));
    ++ref.chunks;
  }
  desk.underway = ref;
  desk.changed = false;
  round_->bytes += bytes.size();
  ++round_->desks;
}

bool Partition::PutManifest() {
  Snapshot snapshot;
  snapshot.number = snapshot_number_ + 1;
  snapshot.log = log_id_;
  snapshot.offset = round_->base;
  snapshot.logic = round_->logic;
  snapshot.last = outbox_.settled_stamp();
  snapshot.decisions_offset = outbox_.settled_offset();
  for (const std::unique_ptr<Desk>& desk : desks_) {
    const std::optional<DeskRef>& ref = desk->underway ? desk->underway : desk->saved;
    if (ref) snapshot.desks.push_back({desk->name, *ref});
  }
  log::Entry entry{
      {journal::kSnapshots, number_}, ManifestKey(snapshot.number), EncodeManifest(snapshot), {}};
  if (entry.value.size() + kKeyBytes > shared_.log.entry_bytes_max()) {
    note::Warn("snapshot.abandoned", {{"partition", number_},
                                      {"desks", snapshot.desks.size()},
                                      {"problem", "its manifest is larger than the log takes"}});
    return false;
  }
  snapshot_number_ = snapshot.number;
  outbox_.PutBulk(std::move(entry));
  return true;
}

void Partition::EndRound(Instant now) {
  for (const std::unique_ptr<Desk>& desk : desks_) {
    if (desk->underway) desk->saved = std::exchange(desk->underway, std::nullopt);
  }
  snapshot_at_ = now;
  shared_.gauges.snapshots.Add();
  shared_.gauges.snapshot_bytes.Set(static_cast<double>(round_->bytes));
  note::Info("snapshot.written", {{"partition", number_},
                                  {"number", snapshot_number_},
                                  {"offset", round_->base},
                                  {"desks_saved", round_->desks},
                                  {"desks", desks_.size()},
                                  {"bytes", round_->bytes}});
  round_.reset();
}

}  // namespace usher::router
