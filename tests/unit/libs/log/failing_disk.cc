#include "failing_disk.h"

#include <filesystem>
#include <fstream>
#include <limits>
#include <utility>

#include "core/hash.h"

namespace usher::log {
namespace {

namespace fs = std::filesystem;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;

constexpr std::int64_t kForEver = std::numeric_limits<std::int64_t>::max();

std::string FolderOf(const std::string& path) { return fs::path(path).parent_path().string(); }

}  // namespace

class FailingFile : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  FailingFile(std::unique_ptr<rocksdb::FSWritableFile> file, std::string path, FailingDisk& disk)
      : FSWritableFileOwnerWrapper(std::move(file)), path_(std::move(path)), disk_(disk) {}

  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options,
                  IODebugContext* debug) override {
    IOStatus status = disk_.Begin();
    if (status.ok()) status = FSWritableFileOwnerWrapper::Append(data, options, debug);
    if (status.ok()) disk_.Appended(path_, data.size());
    return status;
  }
  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options,
                  const rocksdb::DataVerificationInfo&, IODebugContext* debug) override {
    return Append(data, options, debug);
  }
  IOStatus Truncate(std::uint64_t size, const IOOptions& options, IODebugContext* debug) override {
    IOStatus status = disk_.Begin();
    if (status.ok()) status = FSWritableFileOwnerWrapper::Truncate(size, options, debug);
    if (status.ok()) disk_.Truncated(path_, size);
    return status;
  }
  // The machine's own power stays on: no sync of the real file is wanted.
  IOStatus Sync(const IOOptions&, IODebugContext*) override {
    const IOStatus status = disk_.Begin();
    if (status.ok()) disk_.Synced(path_);
    return status;
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return Sync(options, debug);
  }
  IOStatus RangeSync(std::uint64_t, std::uint64_t, const IOOptions&, IODebugContext*) override {
    return disk_.Begin();  // promises nothing
  }

 private:
  const std::string path_;
  FailingDisk& disk_;
};

class FailingDirectory : public rocksdb::FSDirectoryWrapper {
 public:
  FailingDirectory(std::unique_ptr<rocksdb::FSDirectory> directory, std::string path,
                   FailingDisk& disk)
      : FSDirectoryWrapper(std::move(directory)), path_(std::move(path)), disk_(disk) {}

  IOStatus Fsync(const IOOptions&, IODebugContext*) override {
    const IOStatus status = disk_.Begin();
    if (status.ok()) disk_.FolderSynced(path_);
    return status;
  }
  IOStatus FsyncWithDirOptions(const IOOptions& options, IODebugContext* debug,
                               const rocksdb::DirFsyncOptions&) override {
    return Fsync(options, debug);
  }

 private:
  const std::string path_;
  FailingDisk& disk_;
};

FailingDisk::FailingDisk(std::uint64_t seed, std::string limbo)
    : FileSystemWrapper(rocksdb::FileSystem::Default()),
      limbo_(std::move(limbo)),
      random_(seed),
      operations_left_(kForEver),
      free_bytes_(kForEver) {
  fs::create_directories(limbo_);
}

void FailingDisk::LosePowerAfter(std::int64_t operations) {
  absl::MutexLock lock(&mutex_);
  operations_left_ = operations;
}

bool FailingDisk::powerless() const {
  absl::MutexLock lock(&mutex_);
  return operations_left_ < 0;
}

void FailingDisk::SetFull(bool full) {
  absl::MutexLock lock(&mutex_);
  full_ = full;
}

void FailingDisk::SetFreeBytes(std::uint64_t bytes) {
  absl::MutexLock lock(&mutex_);
  free_bytes_ = bytes;
}

std::uint64_t FailingDisk::UpTo(std::uint64_t most) {
  random_ = Mix64(random_ + 1);
  return random_ % (most + 1);
}

IOStatus FailingDisk::Begin() {
  absl::MutexLock lock(&mutex_);
  if (operations_left_ < 0) return IOStatus::IOError("the power is gone");
  if (operations_left_ != kForEver && --operations_left_ < 0) {
    return IOStatus::IOError("the power goes");
  }
  return full_ ? IOStatus::NoSpace("the disk is full") : IOStatus::OK();
}

void FailingDisk::Appended(const std::string& path, std::uint64_t bytes) {
  absl::MutexLock lock(&mutex_);
  files_[path].size += bytes;
}

void FailingDisk::Truncated(const std::string& path, std::uint64_t size) {
  absl::MutexLock lock(&mutex_);
  File& file = files_[path];
  file.size = size;
  file.synced = std::min(file.synced, size);
}

void FailingDisk::Synced(const std::string& path) {
  absl::MutexLock lock(&mutex_);
  File& file = files_[path];
  file.synced = file.size;
}

void FailingDisk::FolderSynced(const std::string& path) {
  absl::MutexLock lock(&mutex_);
  std::erase_if(changes_, [&](const Change& change) {
    return fs::path(FolderOf(change.path)) == fs::path(path).lexically_normal();
  });
}

std::string FailingDisk::Keep(const std::string& path) {
  if (!fs::exists(path)) return "";
  std::string kept = limbo_ + "/" + std::to_string(++kept_);
  fs::create_hard_link(path, kept);
  return kept;
}

IOStatus FailingDisk::NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSWritableFile>* file,
                                      IODebugContext* debug) {
  IOStatus status = Begin();
  if (!status.ok()) return status;
  {
    absl::MutexLock lock(&mutex_);
    if (!fs::exists(path)) changes_.push_back({path, "", "", true});
    files_[path] = {};
  }
  std::unique_ptr<rocksdb::FSWritableFile> real;
  status = FileSystemWrapper::NewWritableFile(path, options, &real, debug);
  if (status.ok()) *file = std::make_unique<FailingFile>(std::move(real), path, *this);
  return status;
}

IOStatus FailingDisk::NewDirectory(const std::string& path, const IOOptions& options,
                                   std::unique_ptr<rocksdb::FSDirectory>* directory,
                                   IODebugContext* debug) {
  std::unique_ptr<rocksdb::FSDirectory> real;
  const IOStatus status = FileSystemWrapper::NewDirectory(path, options, &real, debug);
  if (status.ok()) *directory = std::make_unique<FailingDirectory>(std::move(real), path, *this);
  return status;
}

IOStatus FailingDisk::RenameFile(const std::string& from, const std::string& to,
                                 const IOOptions& options, IODebugContext* debug) {
  const IOStatus status = Begin();
  if (!status.ok()) return status;
  absl::MutexLock lock(&mutex_);
  changes_.push_back({to, from, Keep(to), false});
  if (const auto found = files_.find(from); found != files_.end()) {
    files_[to] = found->second;
    files_.erase(from);
  }
  return FileSystemWrapper::RenameFile(from, to, options, debug);
}

IOStatus FailingDisk::DeleteFile(const std::string& path, const IOOptions& options,
                                 IODebugContext* debug) {
  const IOStatus status = Begin();
  if (!status.ok()) return status;
  absl::MutexLock lock(&mutex_);
  changes_.push_back({path, "", Keep(path), false});
  return FileSystemWrapper::DeleteFile(path, options, debug);
}

IOStatus FailingDisk::GetFreeSpace(const std::string&, const IOOptions&, std::uint64_t* bytes,
                                   IODebugContext*) {
  absl::MutexLock lock(&mutex_);
  *bytes = free_bytes_;
  return IOStatus::OK();
}

void FailingDisk::Undo(const Change& change) {
  if (!change.from.empty() && fs::exists(change.path)) fs::rename(change.path, change.from);
  if (change.made) fs::remove(change.path);
  if (!change.kept.empty()) fs::create_hard_link(change.kept, change.path);
}

void FailingDisk::CutTail(const std::string& path, const File& file) {
  if (file.synced == file.size || !fs::exists(path)) return;
  const std::uint64_t left = file.synced + UpTo(file.size - file.synced);
  fs::resize_file(path, left);
  const std::uint64_t spoilt = UpTo(3) == 0 ? UpTo(left - file.synced) : 0;
  std::fstream bytes(path, std::ios::in | std::ios::out | std::ios::binary);
  bytes.seekp(static_cast<std::streamoff>(left - spoilt));
  for (std::uint64_t i = 0; i < spoilt; ++i) bytes.put(static_cast<char>(UpTo(255)));
}

void FailingDisk::PowerUp() {
  absl::MutexLock lock(&mutex_);
  for (const auto& [path, file] : files_) CutTail(path, file);
  for (std::uint64_t lost = UpTo(changes_.size()); lost > 0; --lost) {
    Undo(changes_.back());
    changes_.pop_back();
  }
  changes_.clear();
  files_.clear();
  for (const auto& entry : fs::directory_iterator(limbo_)) fs::remove(entry.path());
  operations_left_ = kForEver;
}

}  // namespace usher::log
