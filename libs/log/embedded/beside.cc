// The embedded log read from beside the process that writes it (a secondary instance of RocksDB).
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "log/embedded/disk.h"
#include "log/embedded/embedded_log.h"
#include "support/status.h"

namespace usher::log {
namespace {

// A folder for the notes of RocksDB, which must not lie in the writer's. It goes with its owner.
class Scratch {
 public:
  static absl::StatusOr<std::unique_ptr<Scratch>> Make() {
    std::error_code error;
    std::string path =
        (std::filesystem::temp_directory_path(error) / "usher-beside-XXXXXX").string();
    if (error || mkdtemp(path.data()) == nullptr) {
      return absl::UnavailableError("embedded log: cannot make a folder " + path);
    }
    return std::unique_ptr<Scratch>(new Scratch(std::move(path)));
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }

 private:
  explicit Scratch(std::string path) : path_(std::move(path)) {}
  const std::string path_;
};

absl::Status ReadOnly() {
  return absl::FailedPreconditionError("embedded log: it is open to read ranges only");
}

// Threads: any.
class BesideLog : public Log {
 public:
  BesideLog(std::unique_ptr<Scratch> scratch, std::unique_ptr<Disk> disk)
      : scratch_(std::move(scratch)), disk_(std::move(disk)) {}

  absl::Status CreateTopic(const TopicSpec&) override { return ReadOnly(); }
  absl::StatusOr<std::vector<std::string>> CheckTopic(const TopicSpec&) override {
    return ReadOnly();
  }

  absl::StatusOr<std::int32_t> Partitions(const std::string& topic) override {
    absl::MutexLock lock(&mutex_);
    USHER_TRY(const TopicRow row, Find(topic));
    return row.spec.partitions;
  }

  absl::StatusOr<std::int64_t> EndOffset(const TopicPartition& partition) override {
    absl::MutexLock lock(&mutex_);
    USHER_RETURN_IF_ERROR(disk_->CatchUp());
    USHER_TRY(const Place place, PlaceOf(partition));
    USHER_TRY(const PartitionRow row, disk_->Partition(place));
    return row.end;
  }

  absl::StatusOr<std::vector<Record>> ReadRange(const TopicPartition& partition, std::int64_t from,
                                                std::size_t most) override {
    absl::MutexLock lock(&mutex_);
    USHER_TRY(const Place place, PlaceOf(partition));
    USHER_TRY(PartitionRow row, disk_->Partition(place));
    if (from + static_cast<std::int64_t>(most) > row.end) {
      USHER_RETURN_IF_ERROR(disk_->CatchUp());
      USHER_TRY(const PartitionRow now, disk_->Partition(place));
      row = now;
    }
    std::vector<Record> records;
    USHER_RETURN_IF_ERROR(
        disk_->Scan(place, partition, std::max(from, row.begin), row.end, most, records));
    return records;
  }

  absl::StatusOr<std::unique_ptr<Appender>> OpenAppender() override { return ReadOnly(); }
  absl::StatusOr<std::unique_ptr<Reader>> OpenReader(const ReaderOptions&) override {
    return ReadOnly();
  }
  std::size_t entry_bytes_max() const override { return kEntryBytesMax; }
  std::map<std::string, double> Stats() const override { return {}; }

 private:
  // Topics are never removed, and few: what is not known is looked for again.
  absl::StatusOr<TopicRow> Find(const std::string& topic) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (!topics_.contains(topic)) {
      USHER_RETURN_IF_ERROR(disk_->CatchUp());
      USHER_TRY(const std::vector<TopicRow> rows, disk_->Topics());
      for (const TopicRow& row : rows) topics_[row.spec.name] = row;
    }
    const auto found = topics_.find(topic);
    if (found == topics_.end()) return absl::NotFoundError("no topic " + topic);
    return found->second;
  }

  absl::StatusOr<Place> PlaceOf(const TopicPartition& partition)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    USHER_TRY(const TopicRow row, Find(partition.topic));
    if (partition.partition < 0 || partition.partition >= row.spec.partitions) {
      return absl::NotFoundError("no partition " + ToText(partition));
    }
    return Place{row.id, partition.partition};
  }

  const std::unique_ptr<Scratch> scratch_;
  absl::Mutex mutex_;
  const std::unique_ptr<Disk> disk_;
  std::map<std::string, TopicRow> topics_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

absl::StatusOr<std::unique_ptr<Log>> OpenEmbeddedLogBeside(const std::string& dir) {
  std::error_code error;
  if (!std::filesystem::exists(dir + "/CURRENT", error)) {
    return absl::NotFoundError("embedded log: there is none in " + dir);
  }
  USHER_TRY(std::unique_ptr<Scratch> scratch, Scratch::Make());
  USHER_TRY(std::unique_ptr<Disk> disk, Disk::OpenBeside(dir, scratch->path()));
  return std::make_unique<BesideLog>(std::move(scratch), std::move(disk));
}

}  // namespace usher::log
