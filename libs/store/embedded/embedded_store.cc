#include "store/embedded/embedded_store.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "rocksdb/db.h"
#include "rocksdb/options.h"
#include "store/embedded/change.h"
#include "store/embedded/keys.h"
#include "support/status.h"
#include "support/stepper.h"

namespace usher::store {
namespace {

constexpr std::size_t kRemoveMost = 16;  // outlived things removed by one write

// What all stores of one folder share. Threads: any.
struct Shared {
  std::unique_ptr<rocksdb::DB> db;
  std::function<Instant()> clock;
  absl::Mutex writing;  // one change at a time: each looks at what is there before it writes

  Instant Now() const { return clock ? clock() : WallNow(); }
};

class EmbeddedStore : public Store {
 public:
  explicit EmbeddedStore(Shared& shared) : shared_(shared) {}

  absl::StatusOr<std::optional<std::string>> Get(const std::string& key) override {
    USHER_TRY(auto stored, GetBytes(*shared_.db, ValueKey(key)));
    return LiveValue(std::move(stored), shared_.Now());
  }

  absl::StatusOr<std::vector<std::optional<std::string>>> GetMany(
      const std::vector<std::string>& keys) override {
    std::vector<std::optional<std::string>> values;
    values.reserve(keys.size());
    for (const std::string& key : keys) {
      USHER_TRY(auto value, Get(key));
      values.push_back(std::move(value));
    }
    return values;
  }

  absl::Status Put(const PutValue& put) override {
    absl::MutexLock lock(&shared_.writing);
    Change change(*shared_.db, shared_.Now());
    USHER_RETURN_IF_ERROR(change.RemoveOutlived(kRemoveMost));
    change.Put(put);
    return change.Commit();
  }

  absl::StatusOr<bool> PutIf(const std::optional<std::string>& expected,
                             const PutValue& put) override {
    absl::MutexLock lock(&shared_.writing);
    Change change(*shared_.db, shared_.Now());
    USHER_TRY(const auto there, change.Value(put.key));
    if (there != expected) return false;
    change.Put(put);
    USHER_RETURN_IF_ERROR(change.Commit());
    return true;
  }

  absl::StatusOr<std::optional<std::string>> GetRow(const std::string& table,
                                                    const std::string& row) override {
    return GetBytes(*shared_.db, RowKey(table, row));
  }

  absl::StatusOr<std::vector<std::pair<std::string, std::string>>> GetTable(
      const std::string& table) override {
    const std::string prefix = TablePrefix(table);
    const std::string bound_key = AfterPrefix(prefix);
    const rocksdb::Slice bound(bound_key);
    rocksdb::ReadOptions options;
    options.iterate_upper_bound = &bound;
    const std::unique_ptr<rocksdb::Iterator> it(shared_.db->NewIterator(options));
    std::vector<std::pair<std::string, std::string>> rows;
    for (it->Seek(prefix); it->Valid(); it->Next()) {
      rows.emplace_back(it->key().ToString().substr(prefix.size()), it->value().ToString());
    }
    USHER_RETURN_IF_ERROR(ToStatus(it->status()));
    return rows;
  }

  absl::StatusOr<std::vector<std::string>> GetList(const std::string& key,
                                                   std::size_t most) override {
    // One view of the list and of its elements, whatever is written meanwhile.
    rocksdb::ManagedSnapshot snapshot(shared_.db.get());
    rocksdb::ReadOptions options;
    options.snapshot = snapshot.snapshot();
    std::string bytes;
    const rocksdb::Status got = shared_.db->Get(options, ListKey(key), &bytes);
    if (got.IsNotFound()) return std::vector<std::string>();
    USHER_RETURN_IF_ERROR(ToStatus(got));
    USHER_TRY(const StoredList list, DecodeList(bytes, shared_.Now()));
    const std::string bound_key = ElementKey(key, list.elements);
    const rocksdb::Slice bound(bound_key);
    options.iterate_upper_bound = &bound;
    const std::unique_ptr<rocksdb::Iterator> it(shared_.db->NewIterator(options));
    std::vector<std::string> elements;
    for (it->Seek(ElementPrefix(key)); it->Valid() && elements.size() < most; it->Next()) {
      elements.push_back(it->value().ToString());
    }
    USHER_RETURN_IF_ERROR(ToStatus(it->status()));
    return elements;
  }

  absl::StatusOr<bool> Apply(const Batch& batch) override {
    absl::MutexLock lock(&shared_.writing);
    Change change(*shared_.db, shared_.Now());
    USHER_TRY(const auto watermark, change.Value(batch.watermark_key));
    if (watermark != batch.expected) return false;
    USHER_RETURN_IF_ERROR(change.RemoveOutlived(kRemoveMost));
    for (const Write& write : batch.writes) USHER_RETURN_IF_ERROR(change.Do(write));
    change.Put({batch.watermark_key, batch.next});
    USHER_RETURN_IF_ERROR(change.Commit());
    return true;
  }

 private:
  Shared& shared_;
};

class EmbeddedStores : public Stores {
 public:
  explicit EmbeddedStores(std::unique_ptr<rocksdb::DB> db, std::function<Instant()> clock) {
    shared_.db = std::move(db);
    shared_.clock = std::move(clock);
  }

  absl::StatusOr<std::unique_ptr<Store>> Open() override {
    return std::make_unique<EmbeddedStore>(shared_);
  }

 private:
  Shared shared_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Stores>> OpenEmbeddedStores(const EmbeddedStoreOptions& options) {
  std::error_code error;
  std::filesystem::create_directories(options.dir, error);
  if (error) {
    return absl::UnavailableError(
        absl::StrCat("embedded store: cannot make ", options.dir, ": ", error.message()));
  }
  rocksdb::Options db_options;
  db_options.create_if_missing = true;
  db_options.keep_log_file_num = 2;
  db_options.info_log_level = rocksdb::WARN_LEVEL;
  db_options.max_open_files = 256;
  db_options.write_buffer_size = 16 << 20;
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(db_options, options.dir, &db);
  if (status.IsIOError() && status.ToString().find("lock") != std::string::npos) {
    return absl::FailedPreconditionError(absl::StrCat("embedded store: ", options.dir,
                                                      " is in use: another usher has it open (",
                                                      status.ToString(), ")"));
  }
  USHER_RETURN_IF_ERROR(ToStatus(status));
  return std::make_unique<EmbeddedStores>(std::unique_ptr<rocksdb::DB>(db), options.clock);
}

}  // namespace usher::store
