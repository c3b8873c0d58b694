#include "log/embedded/core.h"

#include <algorithm>
#include <chrono>

#include "absl/strings/str_cat.h"
#include "support/note.h"
#include "support/status.h"
#include "support/stepper.h"

namespace usher::log {
namespace {

constexpr Duration kTrimEvery = 1min;
constexpr Duration kLookForRoomEvery = 1s;
constexpr Duration kLookForRoomEveryWhenFull = 100ms;
constexpr std::size_t kTrimMost =
    10'000;  // records looked at by one trim, so that no group waits long for it

}  // namespace

absl::StatusOr<std::unique_ptr<Core>> Core::Open(const EmbeddedOptions& options) {
  std::unique_ptr<Core> core(new Core(options));
  USHER_RETURN_IF_ERROR(core->Load());
  core->writer_ = std::thread([&core = *core] { core.Run(); });
  return core;
}

Core::~Core() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    work_.SignalAll();
  }
  if (writer_.joinable()) writer_.join();
}

absl::Status Core::Load() {
  USHER_TRY(disk_, Disk::Open(options_));
  USHER_TRY(const std::vector<TopicRow> rows, disk_->Topics());
  USHER_TRY(const std::vector<CommitRow> commits, disk_->Commits());
  absl::MutexLock lock(&mutex_);
  LookForRoom({});
  for (const TopicRow& row : rows) USHER_RETURN_IF_ERROR(AddLoaded(row));
  for (const CommitRow& row : commits) {
    groups_.RestoreCommit(row.group, row.partition, row.offset);
  }
  return absl::OkStatus();
}

absl::Status Core::AddLoaded(const TopicRow& row) {
  TopicState topic{row, {}};
  for (std::int32_t p = 0; p < row.spec.partitions; ++p) {
    auto state = std::make_unique<PartitionState>();
    state->place = {row.id, p};
    state->name = {row.spec.name, p};
    state->compacted = row.spec.compacted;
    state->trimmed = !row.spec.compacted && !row.spec.kept_for_ever;
    USHER_TRY(state->seen, disk_->Partition(state->place));
    state->writing = state->seen;
    topic.partitions.push_back(std::move(state));
  }
  next_topic_ = std::max(next_topic_, row.id + 1);
  topics_.insert_or_assign(row.spec.name, std::move(topic));
  return absl::OkStatus();
}

absl::Status Core::CreateTopic(const TopicSpec& spec) {
  if (spec.name.empty() || spec.partitions < 1) {
    return absl::InvalidArgumentError("a topic needs a name and at least one partition");
  }
  absl::MutexLock lock(&mutex_);
  if (topics_.contains(spec.name)) return absl::OkStatus();
  const TopicRow row{next_topic_, spec};
  USHER_RETURN_IF_ERROR(disk_->AddTopic(row));
  return AddLoaded(row);
}

absl::StatusOr<TopicSpec> Core::Topic(const std::string& name) const {
  absl::MutexLock lock(&mutex_);
  const auto found = topics_.find(name);
  if (found == topics_.end()) return absl::NotFoundError("no topic " + name);
  return found->second.row.spec;
}

PartitionState* Core::Find(const TopicPartition& partition) const {
  const auto found = topics_.find(partition.topic);
  if (found == topics_.end() || partition.partition < 0) return nullptr;
  const Partitions& partitions = found->second.partitions;
  const auto index = static_cast<std::size_t>(partition.partition);
  return index < partitions.size() ? partitions[index].get() : nullptr;
}

absl::StatusOr<const PartitionState*> Core::Partition(const TopicPartition& partition) const {
  absl::MutexLock lock(&mutex_);
  const PartitionState* const state = Find(partition);
  if (state == nullptr) return absl::NotFoundError("no partition " + ToText(partition));
  return state;
}

PartitionRow Core::Seen(const PartitionState& state) const {
  absl::MutexLock lock(&mutex_);
  return state.seen;
}

absl::Status Core::Append(Entry entry, std::uint64_t token, const std::shared_ptr<AckBox>& box) {
  USHER_RETURN_IF_ERROR(CheckEntryBytes(entry, options_.entry_bytes_max));
  const std::size_t bytes = EntryBytes(entry);
  absl::MutexLock lock(&mutex_);
  if (full_) LookForRoom(kLookForRoomEveryWhenFull);
  if (full_) {
    stats_["append_refused_total"] += 1;
    return absl::ResourceExhaustedError(absl::StrCat(
        "embedded log: the disk of ", options_.dir, " is full: ", free_bytes_ >> 20,
        " MiB are free, the last ", options_.keep_free_bytes >> 20, " MiB are not used"));
  }
  if (pending_entries_ >= options_.pending_entries_max ||
      (pending_entries_ > 0 && pending_bytes_ + bytes > options_.pending_bytes_max)) {
    stats_["append_refused_total"] += 1;
    return absl::ResourceExhaustedError("embedded log: the disk is behind, the buffer is full");
  }
  PartitionState* const partition = Find(entry.to);
  absl::Status status = failed_;
  if (status.ok() && partition == nullptr) {
    status = absl::NotFoundError("no partition " + ToText(entry.to));
  }
  if (!status.ok()) {
    box->ready.push_back({token, std::move(status), entry.to, -1});
    news_.SignalAll();
    return absl::OkStatus();
  }
  ++box->pending;
  ++pending_entries_;
  pending_bytes_ += bytes;
  staged_.entries.push_back(
      {partition, std::move(entry), token, bytes, std::chrono::steady_clock::now(), box});
  work_.SignalAll();
  return absl::OkStatus();
}

void Core::TakeAcks(AckBox& box, std::vector<Ack>& acks) {
  absl::MutexLock lock(&mutex_);
  acks.insert(acks.end(), std::make_move_iterator(box.ready.begin()),
              std::make_move_iterator(box.ready.end()));
  box.ready.clear();
}

absl::Status Core::Flush(AckBox& box, Duration wait) {
  const auto deadline = std::chrono::steady_clock::now() + wait;
  absl::MutexLock lock(&mutex_);
  while (box.pending > 0) {
    if (!news_.WaitUntil(mutex_, deadline) && box.pending > 0) {
      return absl::DeadlineExceededError(
          absl::StrCat("embedded log: ", box.pending, " entries are not written yet"));
    }
  }
  return absl::OkStatus();
}

GroupTable::Member Core::Join(const std::string& group, std::vector<TopicPartition> wanted) {
  absl::MutexLock lock(&mutex_);
  const GroupTable::Member member = groups_.Join(group, std::move(wanted));
  ++version_;
  news_.SignalAll();
  return member;
}

void Core::Leave(GroupTable::Member member) {
  absl::MutexLock lock(&mutex_);
  groups_.Leave(member);
  ++version_;
  news_.SignalAll();
}

Glance Core::Look(GroupTable::Member member) {
  absl::MutexLock lock(&mutex_);
  Glance glance;
  for (const GroupTable::Change& change : groups_.TakeChanges(member)) {
    if (change.kind == GroupTable::Change::Kind::kAssigned) {
      const PartitionRow& seen = Find(change.partition)->seen;
      glance.changes.push_back(Assigned{
          change.partition, groups_.Committed(member, change.partition), seen.begin, seen.end});
    } else {
      glance.changes.push_back(
          Revoked{change.partition, change.kind == GroupTable::Change::Kind::kLost});
      glance.revoked_any = true;
    }
  }
  if (glance.revoked_any) {  // others may be waiting for just these
    ++version_;
    news_.SignalAll();
  }
  glance.version = version_;
  return glance;
}

void Core::Await(std::uint64_t version, Duration wait) {
  const auto deadline = std::chrono::steady_clock::now() + wait;
  absl::MutexLock lock(&mutex_);
  while (version_ == version && news_.WaitUntil(mutex_, deadline)) {
  }
}

void Core::Commit(GroupTable::Member member, const TopicPartition& partition, std::int64_t offset) {
  absl::MutexLock lock(&mutex_);
  if (!groups_.Commit(member, partition, offset)) return;
  const std::string& group = groups_.GroupOf(member);
  if (group.empty()) return;
  staged_.commits.push_back({group, partition, offset});
  work_.SignalAll();
}

void Core::Run() {
  while (true) {
    Work work;
    {
      absl::MutexLock lock(&mutex_);
      while (staged_.entries.empty() && staged_.commits.empty() && !stopping_) work_.Wait(mutex_);
      if (staged_.entries.empty() && staged_.commits.empty()) return;
      std::swap(work, staged_);
    }
    const auto began = std::chrono::steady_clock::now();
    const Outcome outcome = Write(work);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    Publish(work, outcome, took.count());
  }
}

Core::Outcome Core::Write(Work& work) {
  Outcome outcome;
  {
    absl::MutexLock lock(&mutex_);
    outcome.status = failed_;
  }
  if (!outcome.status.ok()) return outcome;
  Disk::Group group(*disk_);
  outcome.status = Fill(work, group, outcome);
  if (!outcome.status.ok()) return outcome;
  // A lost commit costs a repeated read, no more: no sync for commits alone.
  outcome.status = disk_->Write(group, options_.sync && !work.entries.empty());
  return outcome;
}

absl::Status Core::Fill(Work& work, Disk::Group& group, Outcome& outcome) {
  const Instant now = options_.clock ? options_.clock() : WallNow();
  std::map<std::pair<Place, std::string>, std::int64_t> last_of_key;  // within this group
  for (const Staged& staged : work.entries) {
    PartitionState& state = *staged.partition;
    const std::int64_t offset = state.writing.end++;
    state.writing.last_at = std::max(state.writing.last_at, now);
    outcome.offsets.push_back(offset);
    if (std::find(outcome.touched.begin(), outcome.touched.end(), &state) ==
        outcome.touched.end()) {
      outcome.touched.push_back(&state);
    }
    group.PutRecord(state.place, offset, state.writing.last_at, staged.entry);
    if (!state.compacted) continue;
    const auto [last, fresh] = last_of_key.try_emplace({state.place, staged.entry.key}, offset);
    if (fresh) {
      USHER_TRY(const auto before, disk_->OffsetOfKey(state.place, staged.entry.key));
      if (before) group.DropRecord(state.place, *before);
    } else {
      group.DropRecord(state.place, last->second);
      last->second = offset;
    }
  }
  for (const auto& [key, offset] : last_of_key) {
    group.PutOffsetOfKey(key.first, key.second, offset);
  }
  for (PartitionState* const state : outcome.touched) {
    if (state->trimmed) USHER_RETURN_IF_ERROR(Trim(*state, now, group));
    group.PutPartition(state->place, state->writing);
  }
  for (const CommitRow& commit : work.commits) group.PutCommit(commit);
  return absl::OkStatus();
}

absl::Status Core::Trim(PartitionState& state, Instant now, Disk::Group& group) {
  if (now - state.trimmed_at < kTrimEvery) return absl::OkStatus();
  state.trimmed_at = now;
  PartitionRow& row = state.writing;
  // The disk knows the records up to those of this very group.
  const std::int64_t lasting = Seen(state).end;
  USHER_TRY(const std::int64_t begin, disk_->FirstSince(state.place, row.begin, lasting,
                                                        now - options_.retention, kTrimMost));
  if (begin == row.begin) return absl::OkStatus();
  group.DropRecords(state.place, row.begin, begin);
  row.begin = begin;
  return absl::OkStatus();
}

void Core::LookForRoom(Duration at_most_every) {
  const auto now = std::chrono::steady_clock::now();
  if (now - looked_for_room_ < at_most_every) return;
  looked_for_room_ = now;
  free_bytes_ = disk_->FreeBytes();
  const bool full = free_bytes_ < options_.keep_free_bytes;
  if (full != full_) {
    const auto tell = full ? &note::Error : &note::Info;
    tell(full ? "log.disk_full" : "log.disk_has_room",
         {{"dir", options_.dir}, {"free_mib", free_bytes_ >> 20}});
  }
  full_ = full;
}

void Core::Publish(Work& work, const Outcome& outcome, double seconds) {
  absl::MutexLock lock(&mutex_);
  LookForRoom(kLookForRoomEvery);
  if (!outcome.status.ok() && failed_.ok()) failed_ = outcome.status;
  for (PartitionState* const state : outcome.touched) {
    if (outcome.status.ok()) state->seen = state->writing;
  }
  const auto now = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < work.entries.size(); ++i) {
    Staged& staged = work.entries[i];
    if (outcome.status.ok()) {
      appends_.Take(std::chrono::duration_cast<Duration>(now - staged.since));
    }
    --staged.box->pending;
    --pending_entries_;
    pending_bytes_ -= staged.bytes;
    staged.box->ready.push_back({staged.token, outcome.status, std::move(staged.entry.to),
                                 outcome.status.ok() ? outcome.offsets[i] : -1});
    stats_["append_bytes_total"] += static_cast<double>(staged.bytes);
  }
  stats_["append_total"] += static_cast<double>(work.entries.size());
  stats_["write_groups_total"] += 1;
  stats_["write_seconds_total"] += seconds;
  ++version_;
  news_.SignalAll();
}

AppendTimes Core::TimesOfAppends() const {
  absl::MutexLock lock(&mutex_);
  return appends_;
}

std::map<std::string, double> Core::Stats() const {
  absl::MutexLock lock(&mutex_);
  std::map<std::string, double> stats = stats_;
  stats["pending_entries"] = static_cast<double>(pending_entries_);
  stats["pending_bytes"] = static_cast<double>(pending_bytes_);
  stats["failed"] = failed_.ok() ? 0 : 1;
  stats["disk_free_bytes"] = static_cast<double>(free_bytes_);
  stats["disk_full"] = full_ ? 1 : 0;
  return stats;
}

}  // namespace usher::log
