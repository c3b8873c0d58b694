// FailingDisk: a file system for RocksDB that loses power and fills up when a test says so.
//
// It writes to the real one, and remembers what a disk would still hold had the power gone: of each
// file what was synced; of new, renamed and deleted names what the folder's sync has made lasting.
// What is not lasting may be kept in part: any length of a file's tail, with its last bytes
// spoilt; of the names' changes any number, in their order, as a journal keeps them.
//
// Threads: any.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "rocksdb/env.h"
#include "rocksdb/file_system.h"

namespace usher::log {

class FailingDisk : public rocksdb::FileSystemWrapper {
 public:
  // Files that are deleted while that is not lasting go to `limbo`, a folder on the same disk.
  FailingDisk(std::uint64_t seed, std::string limbo);

  const char* Name() const override { return "FailingDisk"; }

  // The next `operations` that change something are done; all after them fail, for good.
  void LosePowerAfter(std::int64_t operations);
  bool powerless() const;

  // What the disk holds when the power is back. Requires: nothing has a file open.
  void PowerUp();

  void SetFull(bool full);  // each write fails for want of room
  void SetFreeBytes(std::uint64_t bytes);

  rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus NewDirectory(const std::string& path, const rocksdb::IOOptions& options,
                                 std::unique_ptr<rocksdb::FSDirectory>* directory,
                                 rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to,
                               const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus DeleteFile(const std::string& path, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus GetFreeSpace(const std::string& path, const rocksdb::IOOptions& options,
                                 std::uint64_t* bytes, rocksdb::IODebugContext* debug) override;

 private:
  friend class FailingFile;
  friend class FailingDirectory;

  struct File {
    std::uint64_t size = 0;
    std::uint64_t synced = 0;
  };
  // A name that changed, and is not lasting yet. `kept` holds what was there before, if anything.
  struct Change {
    std::string path;
    std::string from;  // of a rename; empty: made or deleted
    std::string kept;  // in limbo; empty: nothing
    bool made = false;
  };

  rocksdb::IOStatus Begin();  // of an operation that changes something
  std::string Keep(const std::string& path) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Undo(const Change& change) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void CutTail(const std::string& path, const File& file) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::uint64_t UpTo(std::uint64_t most) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Appended(const std::string& path, std::uint64_t bytes);
  void Truncated(const std::string& path, std::uint64_t size);
  void Synced(const std::string& path);
  void FolderSynced(const std::string& path);

  const std::string limbo_;
  mutable absl::Mutex mutex_;
  std::uint64_t random_ ABSL_GUARDED_BY(mutex_);
  std::int64_t operations_left_ ABSL_GUARDED_BY(mutex_);
  bool full_ ABSL_GUARDED_BY(mutex_) = false;
  std::uint64_t free_bytes_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, File> files_ ABSL_GUARDED_BY(mutex_);
  std::vector<Change> changes_ ABSL_GUARDED_BY(mutex_);
  int kept_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace usher::log
