#include "router/round.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "core/hash.h"
#include "journal/topics.h"
#include "router/snapshots.h"
#include "support/note.h"
#include "support/status.h"

namespace usher::router {
namespace {

constexpr std::size_t kKeyBytes = 128;  // of an entry, besides its value

// So little is done in a step that no decision waits for it.
constexpr std::size_t kRowsACommand = 8;    // more are copied than change, so that a copy ends
constexpr std::size_t kAskedMost = 10'000;  // rows left of desks whose Checkpoint is on its way
constexpr std::size_t kDeskCost = 50;       // in rows, of a desk that has none
constexpr std::size_t kRestCost = 8;        // entries of the rest cost as much as a row
constexpr std::size_t kBulkBytesMax = 8 << 20;

}  // namespace

absl::Status Partition::TendSnapshot(Instant now) {
  if (round_ == nullptr) {
    if (commands_since_round_ == 0) return absl::OkStatus();
    const bool due = commands_since_round_ >= shared_.options.checkpoint_commands ||
                     now - *round_at_ >= shared_.options.checkpoint_every;
    if (!due) return absl::OkStatus();
    StartRound(now);
  }
  Round& round = *round_;
  USHER_RETURN_IF_ERROR(CopyDesks());
  if (!round.to_begin.empty() || !round.copies.empty() || !outbox_.handed_over()) {
    return absl::OkStatus();
  }
  if (!round.manifest_put) {
    if (!round.settle) {
      round.settle = outbox_.next_number();
      round.least = last_;
    }
    // The place of a decision at or after all that was saved must be known as well.
    if (outbox_.settled_number() < *round.settle || round.least.After(outbox_.settled_stamp())) {
      return absl::OkStatus();
    }
    PutManifest();
    round.manifest_put = true;
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
  round_->draw =
      Mix64(Hash64(shared_.options.member_id) + static_cast<std::uint64_t>(ToMicros(now)));
  round_at_ = now;
  commands_since_round_ = 0;
  copied_at_ = next_;
  for (std::size_t i = 0; i < desks_.size(); ++i) {
    // What an abandoned round saved is referred to by nothing.
    if (desks_[i]->underway) desks_[i]->changed = true;
    desks_[i]->underway.reset();
    if (desks_[i]->changed) round_->to_begin.push_back(i);
  }
}

// True while a step has something to copy, and the log takes what was.
bool Partition::copying() const {
  return round_ != nullptr && outbox_.bulk_bytes() < kBulkBytesMax &&
         (!round_->to_begin.empty() || !round_->copies.empty());
}

// Some rows of the desks whose copies are under way; copies are begun and Checkpoints asked for
// as long as what is left of all that is asked for stays small.
absl::Status Partition::CopyDesks() {
  if (!copying()) return absl::OkStatus();
  Round& round = *round_;
  std::size_t rows =
      shared_.options.copy_rows + kRowsACommand * static_cast<std::size_t>(std::max<std::int64_t>(
                                                      0, next_ - std::exchange(copied_at_, next_)));
  std::size_t asked = 0;
  for (auto each = round.copies.begin(); each != round.copies.end();) {
    const auto [index, copy] = std::tie(each->first, each->second);
    CutCopy(*desks_[index], copy);
    if (copy.ended && copy.bytes.empty()) {
      desks_[index]->underway = copy.ref;
      round.bytes += copy.ref.bytes;
      ++round.desks;
      each = round.copies.erase(each);
      continue;
    }
    if (!copy.ended) {
      rows -= CopyRows(*desks_[index], copy, rows);
      if (copy.asked) asked += CostOf(*desks_[index], copy);
    }
    ++each;
  }
  while (rows > 0 && !round.to_begin.empty() && asked < kAskedMost) {
    const std::size_t index = round.to_begin.back();
    if (const auto last = round.copies.find(index); last == round.copies.end()) {
      BeginCopy(*desks_[index], round.copies[index]);
      rows -= CopyRows(*desks_[index], round.copies[index], rows);
    }
    DeskCopy& copy = round.copies[index];
    const std::size_t cost = CostOf(*desks_[index], copy);
    if (copy.left > shared_.options.copy_rows || (asked > 0 && asked + cost > kAskedMost)) break;
    const absl::Status status = AppendCommand(*desks_[index], Checkpoint{});
    if (absl::IsResourceExhausted(status)) break;  // the next step goes on
    USHER_RETURN_IF_ERROR(status);
    copy.asked = true;
    asked += cost;
    round.to_begin.pop_back();
  }
  return absl::OkStatus();
}

std::size_t Partition::CostOf(const Desk& desk, const DeskCopy& copy) {
  return copy.left + desk.engine.rest_entries() / kRestCost + kDeskCost;
}

void Partition::BeginCopy(Desk& desk, DeskCopy& copy) {
  copy.ref.slot = desk.saved ? 1 - desk.saved->slot : 0;
  copy.ref.copy = round_->draw;
  desk.engine.BeginCopy(copy.bytes);
  copy.left = desk.engine.rows_to_copy();
}

std::size_t Partition::CopyRows(Desk& desk, DeskCopy& copy, std::size_t most) {
  const std::size_t left_before = desk.engine.rows_to_copy();
  copy.left = desk.engine.CopySome(most, copy.bytes);
  return std::min(most, left_before - copy.left);
}

// The Checkpoint that was asked for is applied, and nothing after it.
void Partition::EndCopy(Desk& desk, DeskCopy& copy, std::uint64_t hash) {
  desk.engine.EndCopy(copy.bytes);
  copy.ref.offset = desk.included;
  copy.ref.hash = hash;
  copy.ended = true;
  desk.changed = false;
}

void Partition::CutCopy(Desk& desk, DeskCopy& copy) {
  const std::size_t chunk_bytes =
      std::min(shared_.options.chunk_bytes, shared_.log.entry_bytes_max() - kKeyBytes);
  std::size_t cut = 0;
  while (outbox_.bulk_bytes() < kBulkBytesMax) {
    const std::size_t left = copy.bytes.size() - cut;
    if (left < chunk_bytes && !(copy.ended && left > 0)) break;
    const std::size_t size = std::min(left, chunk_bytes);
    outbox_.PutBulk(EncodeChunk({journal::kSnapshots, number_}, copy.ref.slot,
                                {desk.name, desk.included, copy.ref.chunks, copy.ref.copy,
                                 copy.bytes.substr(cut, size)}),
                    !std::exchange(round_->put, true));
    ++copy.ref.chunks;
    copy.ref.bytes += size;
    cut += size;
  }
  copy.bytes.erase(0, cut);
}

void Partition::PutManifest() {
  Snapshot snapshot;
  snapshot.number = ++snapshot_number_;
  snapshot.draw = round_->draw;
  snapshot.log = log_id_;
  snapshot.offset = round_->base;
  snapshot.logic = round_->logic;
  snapshot.last = outbox_.settled_stamp();
  snapshot.decisions_offset = outbox_.settled_offset();
  for (const std::unique_ptr<Desk>& desk : desks_) {
    // One partition's entries land in order: the round's first piece is before all others.
    if (desk->underway) desk->underway->place = std::max<std::int64_t>(0, outbox_.bulk_place());
    const std::optional<DeskRef>& ref = desk->underway ? desk->underway : desk->saved;
    if (ref) snapshot.desks.push_back({desk->name, *ref});
  }
  const std::size_t page_bytes =
      std::min(shared_.options.chunk_bytes, shared_.log.entry_bytes_max() - kKeyBytes);
  for (log::Entry& page : EncodeManifest({journal::kSnapshots, number_}, snapshot, page_bytes)) {
    outbox_.PutBulk(std::move(page));
  }
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
