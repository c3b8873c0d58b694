// Disk: how the embedded log lies in RocksDB. Topics, partitions, group commits; records by offset;
// for compacted topics the offset of each key's last record.
//
// Threads: any; one Group is built and written by one thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "log/embedded/embedded_log.h"
#include "log/log.h"
#include "rocksdb/db.h"
#include "rocksdb/write_batch.h"

namespace usher::log {

struct TopicRow {
  std::uint32_t id = 0;  // stands for the name in keys
  TopicSpec spec;
};

struct PartitionRow {
  std::int64_t begin = 0;
  std::int64_t end = 0;
  Instant last_at;
};

struct CommitRow {
  std::string group;
  TopicPartition partition;
  std::int64_t offset = 0;
};

// A partition as a key of the disk.
struct Place {
  std::uint32_t topic = 0;
  std::int32_t partition = 0;

  friend auto operator<=>(const Place&, const Place&) = default;
};

class Disk {
 public:
  static absl::StatusOr<std::unique_ptr<Disk>> Open(const EmbeddedOptions& options);
  // To read only, while another process may write; `scratch` is a folder of the reader's own.
  static absl::StatusOr<std::unique_ptr<Disk>> OpenBeside(const std::string& dir,
                                                          const std::string& scratch);
  absl::Status CatchUp();  // of OpenBeside(): sees what was written meanwhile
  ~Disk();

  std::uint64_t FreeBytes() const;  // of the disk that the folder is on; all, if it does not say

  absl::StatusOr<std::vector<TopicRow>> Topics() const;
  absl::StatusOr<std::vector<CommitRow>> Commits() const;
  absl::StatusOr<PartitionRow> Partition(const Place& place) const;  // all zero if never written
  absl::Status AddTopic(const TopicRow& row);

  // The offset of the last record of `key`, in a compacted topic.
  absl::StatusOr<std::optional<std::int64_t>> OffsetOfKey(const Place& place,
                                                          const std::string& key) const;

  // The first offset in [from, end) whose record was appended at `at` or later, looking at most at
  // `most` records; `end` if there is none among them and no more to look at.
  absl::StatusOr<std::int64_t> FirstSince(const Place& place, std::int64_t from, std::int64_t end,
                                          Instant at, std::size_t most) const;

  // Appends to `out` the records of [from, end), at most `most`, naming `partition` as their
  // origin.
  absl::Status Scan(const Place& place, const TopicPartition& partition, std::int64_t from,
                    std::int64_t end, std::size_t most, std::vector<Record>& out) const;

  // Changes that become lasting together. Threads: one.
  class Group {
   public:
    explicit Group(Disk& disk) : disk_(disk) {}
    void PutRecord(const Place& place, std::int64_t offset, Instant at, const Entry& entry);
    void DropRecord(const Place& place, std::int64_t offset);
    void DropRecords(const Place& place, std::int64_t from, std::int64_t end);
    void PutOffsetOfKey(const Place& place, const std::string& key, std::int64_t offset);
    void PutPartition(const Place& place, const PartitionRow& row);
    void PutCommit(const CommitRow& row);

   private:
    friend class Disk;
    Disk& disk_;
    rocksdb::WriteBatch batch_;
  };
  absl::Status Write(Group& group, bool sync);

 private:
  Disk() = default;
  void Hold(const std::string& dir, rocksdb::DB* db,
            const std::vector<rocksdb::ColumnFamilyHandle*>& handles);

  std::string dir_;
  std::unique_ptr<rocksdb::DB> db_;
  rocksdb::ColumnFamilyHandle* meta_ = nullptr;     // owned by db_, given back in ~Disk
  rocksdb::ColumnFamilyHandle* records_ = nullptr;  // likewise
  rocksdb::ColumnFamilyHandle* keys_ = nullptr;     // likewise
};

}  // namespace usher::log
