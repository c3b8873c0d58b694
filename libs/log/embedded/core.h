// Core: what the embedded log, its appenders and its readers share: the topics, the queue to the
// one writing thread, the groups, and the news of what became lasting.
//
// Threads: any; the writing thread is its own.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "log/embedded/disk.h"
#include "log/embedded/embedded_log.h"
#include "log/group_table.h"
#include "log/steady_cond_var.h"

namespace usher::log {

// Acks on their way to one appender; guarded by the core's mutex.
struct AckBox {
  std::vector<Ack> ready;
  std::size_t pending = 0;
};

struct PartitionState {
  Place place;
  TopicPartition name;
  bool compacted = false;
  bool trimmed = false;  // retention holds
  PartitionRow seen;     // what readers may see; guarded by the core's mutex
  PartitionRow writing;  // of the writing thread alone
  Instant trimmed_at;    // likewise
};

// What a reader must know before it looks at the disk.
struct Glance {
  std::vector<ReaderEvent> changes;
  std::uint64_t version = 0;  // of the news: Await() returns once it has moved on
  bool revoked_any = false;
};

class Core {
 public:
  static absl::StatusOr<std::unique_ptr<Core>> Open(const EmbeddedOptions& options);
  ~Core();  // writes what is staged

  absl::Status CreateTopic(const TopicSpec& spec);
  absl::StatusOr<TopicSpec> Topic(const std::string& name) const;  // kNotFound
  // kNotFound. Valid as long as the core.
  absl::StatusOr<const PartitionState*> Partition(const TopicPartition& partition) const;
  PartitionRow Seen(const PartitionState& state) const;

  // As Appender's calls of these names.
  absl::Status Append(Entry entry, std::uint64_t token, const std::shared_ptr<AckBox>& box);
  void TakeAcks(AckBox& box, std::vector<Ack>& acks);
  absl::Status Flush(AckBox& box, Duration wait);

  GroupTable::Member Join(const std::string& group, std::vector<TopicPartition> wanted);
  void Leave(GroupTable::Member member);
  Glance Look(GroupTable::Member member);
  void Await(std::uint64_t version, Duration wait);  // until there is news, at most `wait`
  void Commit(GroupTable::Member member, const TopicPartition& partition, std::int64_t offset);

  const Disk& disk() const { return *disk_; }
  const EmbeddedOptions& options() const { return options_; }
  std::map<std::string, double> Stats() const;
  AppendTimes TimesOfAppends() const;

 private:
  struct Staged {
    PartitionState* partition = nullptr;
    Entry entry;
    std::uint64_t token = 0;
    std::size_t bytes = 0;
    std::chrono::steady_clock::time_point since;
    // Shared: the appender may be gone before its entry is written.
    std::shared_ptr<AckBox> box;
  };
  using Partitions = std::vector<std::unique_ptr<PartitionState>>;  // pointers stay valid
  struct TopicState {
    TopicRow row;
    Partitions partitions;
  };
  struct Work {
    std::vector<Staged> entries;
    std::vector<CommitRow> commits;
  };
  struct Outcome {
    absl::Status status;
    std::vector<std::int64_t> offsets;     // one an entry
    std::vector<PartitionState*> touched;  // each once
  };

  explicit Core(const EmbeddedOptions& options) : options_(options) {}

  absl::Status Load();
  absl::Status AddLoaded(const TopicRow& row) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  PartitionState* Find(const TopicPartition& partition) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Run();
  Outcome Write(Work& work);
  absl::Status Fill(Work& work, Disk::Group& group, Outcome& outcome);
  absl::Status Trim(PartitionState& state, Instant now, Disk::Group& group);
  void Publish(Work& work, const Outcome& outcome, double seconds);
  void LookForRoom(Duration at_most_every) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const EmbeddedOptions options_;
  std::unique_ptr<Disk> disk_;

  mutable absl::Mutex mutex_;
  SteadyCondVar work_;  // for the writing thread
  SteadyCondVar news_;  // for appenders and readers
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status failed_ ABSL_GUARDED_BY(mutex_);  // for good
  std::uint64_t version_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<std::string, TopicState> topics_ ABSL_GUARDED_BY(mutex_);
  std::uint32_t next_topic_ ABSL_GUARDED_BY(mutex_) = 1;
  GroupTable groups_ ABSL_GUARDED_BY(mutex_){Sharing::kKeepOwners};
  Work staged_ ABSL_GUARDED_BY(mutex_);
  std::size_t pending_entries_ ABSL_GUARDED_BY(mutex_) = 0;  // staged or being written
  std::size_t pending_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  std::chrono::steady_clock::time_point looked_for_room_ ABSL_GUARDED_BY(mutex_);
  std::uint64_t free_bytes_ ABSL_GUARDED_BY(mutex_) = 0;  // as of then
  bool full_ ABSL_GUARDED_BY(mutex_) = false;             // likewise
  std::map<std::string, double> stats_ ABSL_GUARDED_BY(mutex_);
  AppendTimes appends_ ABSL_GUARDED_BY(mutex_);

  std::thread writer_;
};

}  // namespace usher::log
