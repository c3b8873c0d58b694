// Change: writes to the embedded store that become visible together, and what they make of what is
// there.
//
// Threads: one, under the store's lock.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/time.h"
#include "rocksdb/db.h"
#include "rocksdb/write_batch.h"
#include "store/embedded/keys.h"
#include "store/store.h"

namespace usher::store {

absl::Status ToStatus(const rocksdb::Status& status);

// The value of `key` at `now`; nothing if there is none or it has outlived its time.
absl::StatusOr<std::optional<std::string>> LiveValue(std::optional<std::string> stored,
                                                     Instant now);

// Errors: kDataLoss.
absl::StatusOr<StoredList> DecodeList(const std::optional<std::string>& stored, Instant now);

absl::StatusOr<std::optional<std::string>> GetBytes(rocksdb::DB& db, const std::string& key);

class Change {
 public:
  Change(rocksdb::DB& db, Instant now) : db_(db), now_(now) {}

  absl::StatusOr<std::optional<std::string>> Value(const std::string& key);
  void Put(const PutValue& put);
  absl::Status Do(const Write& write);
  absl::Status RemoveOutlived(std::size_t most);
  absl::Status Commit();

 private:
  absl::StatusOr<std::optional<std::string>> Get(const std::string& key);
  void PutBytes(const std::string& key, std::string bytes);
  void DropBytes(const std::string& key);
  void DropPrefix(const std::string& prefix);
  void Drop(const std::string& key);  // of any shape
  absl::Status Push(const PushToList& push);
  absl::Status Add(const AddToRow& add);
  Instant Expiry(Duration ttl) const { return ttl == kKeep ? kNever : now_ + ttl; }

  rocksdb::DB& db_;
  const Instant now_;
  rocksdb::WriteBatch batch_;
  std::map<std::string, std::optional<std::string>>
      seen_;                          // what this change has made of single keys
  std::vector<std::string> dropped_;  // prefixes
};

}  // namespace usher::store
