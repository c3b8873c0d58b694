#include "store/embedded/change.h"

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "store/row_number.h"
#include "support/status.h"

namespace usher::store {

absl::Status ToStatus(const rocksdb::Status& status) {
  if (status.ok()) return absl::OkStatus();
  const std::string text = absl::StrCat("embedded store: ", status.ToString());
  return status.IsCorruption() ? absl::DataLossError(text) : absl::UnavailableError(text);
}

absl::StatusOr<std::optional<std::string>> LiveValue(std::optional<std::string> stored,
                                                     Instant now) {
  if (!stored) return std::nullopt;
  ByteReader reader(*stored);
  const Instant expires = reader.At();
  if (!reader.ok()) return absl::DataLossError("embedded store: a value is damaged");
  if (expires <= now) return std::nullopt;
  return stored->substr(8);
}

absl::StatusOr<StoredList> DecodeList(const std::optional<std::string>& stored, Instant now) {
  if (!stored) return StoredList{};
  ByteReader reader(*stored);
  StoredList list;
  list.expires = reader.At();
  list.elements = reader.U64();
  if (!reader.done()) return absl::DataLossError("embedded store: a list is damaged");
  return list.expires <= now ? StoredList{} : list;
}

absl::StatusOr<std::optional<std::string>> GetBytes(rocksdb::DB& db, const std::string& key) {
  std::string bytes;
  const rocksdb::Status status = db.Get({}, key, &bytes);
  if (status.IsNotFound()) return std::nullopt;
  USHER_RETURN_IF_ERROR(ToStatus(status));
  return bytes;
}

absl::StatusOr<std::optional<std::string>> Change::Get(const std::string& key) {
  const auto found = seen_.find(key);
  if (found != seen_.end()) return found->second;
  const bool dropped = std::any_of(dropped_.begin(), dropped_.end(),
                                   [&](const std::string& p) { return key.starts_with(p); });
  if (dropped) return std::nullopt;
  return GetBytes(db_, key);
}

void Change::PutBytes(const std::string& key, std::string bytes) {
  batch_.Put(key, bytes);
  seen_[key] = std::move(bytes);
}

void Change::DropBytes(const std::string& key) {
  batch_.Delete(key);
  seen_[key] = std::nullopt;
}

void Change::DropPrefix(const std::string& prefix) {
  batch_.DeleteRange(prefix, AfterPrefix(prefix));
  std::erase_if(seen_, [&](const auto& seen) { return seen.first.starts_with(prefix); });
  dropped_.push_back(prefix);
}

absl::StatusOr<std::optional<std::string>> Change::Value(const std::string& key) {
  USHER_TRY(auto stored, Get(ValueKey(key)));
  return LiveValue(std::move(stored), now_);
}

void Change::Put(const PutValue& put) {
  const Instant expires = Expiry(put.ttl);
  PutBytes(ValueKey(put.key), EncodeValue({expires, put.value}));
  if (expires != kNever) batch_.Put(ExpiryKey(expires, ValueKey(put.key)), "");
}

void Change::Drop(const std::string& key) {
  DropBytes(ValueKey(key));
  DropBytes(ListKey(key));
  DropPrefix(TablePrefix(key));
  DropPrefix(ElementPrefix(key));
}

absl::Status Change::Push(const PushToList& push) {
  USHER_TRY(const auto stored, Get(ListKey(push.key)));
  USHER_TRY(StoredList list, DecodeList(stored, now_));
  // An outlived list may not have been removed yet.
  if (list.elements == 0 && stored) DropPrefix(ElementPrefix(push.key));
  batch_.Put(ElementKey(push.key, list.elements), push.value);
  list.elements += 1;
  list.expires = Expiry(push.ttl);
  PutBytes(ListKey(push.key), EncodeList(list));
  if (list.expires != kNever) batch_.Put(ExpiryKey(list.expires, ListKey(push.key)), "");
  return absl::OkStatus();
}

absl::Status Change::Add(const AddToRow& add) {
  const std::string key = RowKey(add.table, add.row);
  USHER_TRY(const auto stored, Get(key));
  auto sum = AddToRowNumber(stored, add.amount);
  if (!sum) {
    return absl::FailedPreconditionError(
        absl::StrCat("row ", add.row, " of table ", add.table, " cannot be counted up"));
  }
  PutBytes(key, std::move(*sum));
  return absl::OkStatus();
}

absl::Status Change::Do(const Write& write) {
  if (const auto* const put = std::get_if<PutValue>(&write)) {
    Put(*put);
  } else if (const auto* const drop = std::get_if<DeleteKey>(&write)) {
    Drop(drop->key);
  } else if (const auto* const row = std::get_if<PutRow>(&write)) {
    PutBytes(RowKey(row->table, row->row), row->value);
  } else if (const auto* const gone = std::get_if<DeleteRow>(&write)) {
    DropBytes(RowKey(gone->table, gone->row));
  } else if (const auto* const add = std::get_if<AddToRow>(&write)) {
    return Add(*add);
  } else {
    return Push(std::get<PushToList>(write));
  }
  return absl::OkStatus();
}

absl::Status Change::RemoveOutlived(std::size_t most) {
  const std::string bound_key = ExpiryKey(now_, "");
  const rocksdb::Slice bound(bound_key);
  rocksdb::ReadOptions options;
  options.iterate_upper_bound = &bound;
  const std::unique_ptr<rocksdb::Iterator> it(db_.NewIterator(options));
  for (it->Seek("x"); it->Valid() && most > 0; it->Next(), --most) {
    const std::string expiry_key = it->key().ToString();
    const std::string of = expiry_key.substr(9);
    batch_.Delete(expiry_key);
    USHER_TRY(const auto stored, Get(of));
    if (!stored) continue;
    ByteReader reader(*stored);
    if (reader.At() > now_) continue;  // it was given more time since
    DropBytes(of);
    if (of.starts_with('m')) DropPrefix(ElementPrefix(of.substr(1)));
  }
  return ToStatus(it->status());
}

absl::Status Change::Commit() { return ToStatus(db_.Write({}, &batch_)); }

}  // namespace usher::store
