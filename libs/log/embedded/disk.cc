#include "log/embedded/disk.h"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <string_view>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "core/bytes.h"
#include "rocksdb/options.h"
#include "support/status.h"

namespace usher::log {
namespace {

constexpr char kTopicPrefix = 't';
constexpr char kPartitionPrefix = 'p';
constexpr char kCommitPrefix = 'c';

std::string_view View(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

// Big-endian, so that the order of the bytes is the order of the numbers.
void PutBig(std::string& out, std::uint64_t value, int bytes) {
  for (int i = bytes - 1; i >= 0; --i) out.push_back(static_cast<char>(value >> (8 * i)));
}

std::uint64_t GetBig(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char c : bytes) value = (value << 8) | static_cast<unsigned char>(c);
  return value;
}

std::string PlaceKey(const Place& place) {
  std::string key;
  PutBig(key, place.topic, 4);
  PutBig(key, static_cast<std::uint32_t>(place.partition), 4);
  return key;
}

std::string RecordKey(const Place& place, std::int64_t offset) {
  std::string key = PlaceKey(place);
  PutBig(key, static_cast<std::uint64_t>(offset), 8);
  return key;
}

std::string PartitionKey(const Place& place) { return kPartitionPrefix + PlaceKey(place); }

// The place of a partition, then the record's key as it is.
std::string IndexKey(const Place& place, const std::string& key) { return PlaceKey(place) + key; }

absl::Status ToStatus(const rocksdb::Status& status, const std::string& what) {
  if (status.ok()) return absl::OkStatus();
  const std::string text = absl::StrCat("embedded log: ", what, ": ", status.ToString());
  return status.IsCorruption() ? absl::DataLossError(text) : absl::UnavailableError(text);
}

absl::Status Damaged(const std::string& what) {
  return absl::DataLossError(absl::StrCat("embedded log: ", what, " is damaged"));
}

std::string EncodeRecord(Instant at, const Entry& entry) {
  ByteWriter writer;
  writer.At(at);
  writer.Text(entry.key);
  writer.Text(entry.value);
  writer.U32(static_cast<std::uint32_t>(entry.headers.size()));
  for (const Header& header : entry.headers) {
    writer.Text(header.key);
    writer.Text(header.value);
  }
  return writer.Take();
}

bool DecodeRecord(std::string_view bytes, Record& record) {
  ByteReader reader(bytes);
  record.at = reader.At();
  record.key = reader.Text();
  record.value = reader.Text();
  const std::uint32_t headers = reader.Count(8);
  for (std::uint32_t i = 0; i < headers; ++i) {
    Header& header = record.headers.emplace_back();
    header.key = reader.Text();
    header.value = reader.Text();
  }
  return reader.done();
}

std::string EncodeTopic(const TopicRow& row) {
  ByteWriter writer;
  writer.U32(row.id);
  writer.U32(static_cast<std::uint32_t>(row.spec.partitions));
  writer.Bool(row.spec.compacted);
  writer.Bool(row.spec.kept_for_ever);
  writer.Bool(row.spec.log_append_time);
  return writer.Take();
}

std::vector<rocksdb::ColumnFamilyDescriptor> Families(std::size_t memory_bytes) {
  rocksdb::ColumnFamilyOptions options;
  options.write_buffer_size = memory_bytes;
  return {{rocksdb::kDefaultColumnFamilyName, options}, {"records", options}, {"keys", options}};
}

rocksdb::DBOptions DiskOptions(const EmbeddedOptions& embedded) {
  rocksdb::DBOptions options;
  if (embedded.env != nullptr) options.env = embedded.env;
  options.create_if_missing = true;
  options.create_missing_column_families = true;
  options.max_total_wal_size = 4 * embedded.memory_bytes;
  options.keep_log_file_num = 2;
  options.info_log_level = rocksdb::WARN_LEVEL;
  options.max_open_files = 256;
  // What power cut off in the middle of a write was not acknowledged: it ends the journal.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  return options;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Disk>> Disk::Open(const EmbeddedOptions& embedded) {
  const std::string& dir = embedded.dir;
  std::error_code error;
  std::filesystem::create_directories(dir, error);
  if (error) {
    return absl::UnavailableError(
        absl::StrCat("embedded log: cannot make ", dir, ": ", error.message()));
  }
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status =
      rocksdb::DB::Open(DiskOptions(embedded), dir, Families(embedded.memory_bytes), &handles, &db);
  if (status.IsIOError() && status.ToString().find("lock") != std::string::npos) {
    return absl::FailedPreconditionError(absl::StrCat(
        "embedded log: ", dir, " is in use: another usher has it open (", status.ToString(), ")"));
  }
  USHER_RETURN_IF_ERROR(ToStatus(status, "open " + dir));
  std::unique_ptr<Disk> disk(new Disk);
  disk->Hold(dir, db, handles);
  return disk;
}

absl::StatusOr<std::unique_ptr<Disk>> Disk::OpenBeside(const std::string& dir,
                                                       const std::string& scratch) {
  rocksdb::DBOptions options;
  options.info_log_level = rocksdb::WARN_LEVEL;
  options.keep_log_file_num = 2;
  options.max_open_files = -1;  // a file that is open stays readable when the writer removes it
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  USHER_RETURN_IF_ERROR(
      ToStatus(rocksdb::DB::OpenAsSecondary(
                   options, dir, scratch, Families(EmbeddedOptions().memory_bytes), &handles, &db),
               "read " + dir));
  std::unique_ptr<Disk> disk(new Disk);
  disk->Hold(dir, db, handles);
  return disk;
}

absl::Status Disk::CatchUp() {
  return ToStatus(db_->TryCatchUpWithPrimary(), "read on in " + dir_);
}

void Disk::Hold(const std::string& dir, rocksdb::DB* db,
                const std::vector<rocksdb::ColumnFamilyHandle*>& handles) {
  dir_ = dir;
  db_.reset(db);
  meta_ = handles[0];
  records_ = handles[1];
  keys_ = handles[2];
}

Disk::~Disk() {
  if (db_ == nullptr) return;
  for (rocksdb::ColumnFamilyHandle* handle : {meta_, records_, keys_}) {
    db_->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
  }
  db_->Close().PermitUncheckedError();
}

std::uint64_t Disk::FreeBytes() const {
  std::uint64_t bytes = 0;
  if (!db_->GetEnv()->GetFreeSpace(dir_, &bytes).ok()) {
    return std::numeric_limits<std::uint64_t>::max();
  }
  return bytes;
}

absl::StatusOr<std::vector<TopicRow>> Disk::Topics() const {
  std::vector<TopicRow> rows;
  const std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator({}, meta_));
  for (it->Seek(std::string(1, kTopicPrefix)); it->Valid(); it->Next()) {
    const std::string_view key = View(it->key());
    if (!key.starts_with(kTopicPrefix)) break;
    ByteReader reader(View(it->value()));
    TopicRow& row = rows.emplace_back();
    row.spec.name = key.substr(1);
    row.id = reader.U32();
    row.spec.partitions = static_cast<std::int32_t>(reader.U32());
    row.spec.compacted = reader.Bool();
    row.spec.kept_for_ever = reader.Bool();
    row.spec.log_append_time = reader.Bool();
    if (!reader.done() || row.spec.partitions < 1) return Damaged("topic " + row.spec.name);
  }
  USHER_RETURN_IF_ERROR(ToStatus(it->status(), "read topics"));
  return rows;
}

absl::StatusOr<std::vector<CommitRow>> Disk::Commits() const {
  std::vector<CommitRow> rows;
  const std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator({}, meta_));
  for (it->Seek(std::string(1, kCommitPrefix)); it->Valid(); it->Next()) {
    const std::string_view key = View(it->key());
    if (!key.starts_with(kCommitPrefix)) break;
    ByteReader reader(key.substr(1));
    CommitRow& row = rows.emplace_back();
    row.group = reader.Text();
    row.partition.topic = reader.Text();
    row.partition.partition = static_cast<std::int32_t>(reader.U32());
    ByteReader value(View(it->value()));
    row.offset = value.I64();
    if (!reader.done() || !value.done()) return Damaged("a commit");
  }
  USHER_RETURN_IF_ERROR(ToStatus(it->status(), "read commits"));
  return rows;
}

absl::StatusOr<PartitionRow> Disk::Partition(const Place& place) const {
  std::string bytes;
  const rocksdb::Status status = db_->Get({}, meta_, PartitionKey(place), &bytes);
  if (status.IsNotFound()) return PartitionRow{};
  USHER_RETURN_IF_ERROR(ToStatus(status, "read a partition"));
  ByteReader reader(bytes);
  PartitionRow row;
  row.begin = reader.I64();
  row.end = reader.I64();
  row.last_at = reader.At();
  if (!reader.done()) return Damaged("a partition");
  return row;
}

absl::Status Disk::AddTopic(const TopicRow& row) {
  rocksdb::WriteOptions options;
  options.sync = true;
  return ToStatus(db_->Put(options, meta_, kTopicPrefix + row.spec.name, EncodeTopic(row)),
                  "create topic " + row.spec.name);
}

absl::StatusOr<std::optional<std::int64_t>> Disk::OffsetOfKey(const Place& place,
                                                              const std::string& key) const {
  std::string bytes;
  const rocksdb::Status status = db_->Get({}, keys_, IndexKey(place, key), &bytes);
  if (status.IsNotFound()) return std::nullopt;
  USHER_RETURN_IF_ERROR(ToStatus(status, "read a key's offset"));
  ByteReader reader(bytes);
  const std::int64_t offset = reader.I64();
  if (!reader.done()) return Damaged("a key's offset");
  return offset;
}

absl::StatusOr<std::int64_t> Disk::FirstSince(const Place& place, std::int64_t from,
                                              std::int64_t end, Instant at,
                                              std::size_t most) const {
  std::vector<Record> records;
  std::int64_t next = from;
  while (next < end && most > 0) {
    records.clear();
    USHER_RETURN_IF_ERROR(Scan(place, {}, next, end, std::min<std::size_t>(most, 100), records));
    if (records.empty()) return end;
    for (const Record& record : records) {
      if (record.at >= at) return record.offset;
      next = record.offset + 1;
    }
    most -= std::min(most, records.size());
  }
  return next;
}

absl::Status Disk::Scan(const Place& place, const TopicPartition& partition, std::int64_t from,
                        std::int64_t end, std::size_t most, std::vector<Record>& out) const {
  const std::string upper = RecordKey(place, end);
  const rocksdb::Slice bound(upper);
  rocksdb::ReadOptions options;
  options.iterate_upper_bound = &bound;
  const std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator(options, records_));
  for (it->Seek(RecordKey(place, from)); it->Valid() && most > 0; it->Next(), --most) {
    Record& record = out.emplace_back();
    record.from = partition;
    record.offset = static_cast<std::int64_t>(GetBig(View(it->key()).substr(8)));
    if (!DecodeRecord(View(it->value()), record)) {
      const std::string where =
          absl::StrCat(partition.topic, "/", partition.partition, " offset ", record.offset);
      out.pop_back();
      return Damaged(where);
    }
  }
  return ToStatus(it->status(), "read records of " + partition.topic);
}

void Disk::Group::PutRecord(const Place& place, std::int64_t offset, Instant at,
                            const Entry& entry) {
  batch_.Put(disk_.records_, RecordKey(place, offset), EncodeRecord(at, entry));
}

void Disk::Group::DropRecord(const Place& place, std::int64_t offset) {
  batch_.Delete(disk_.records_, RecordKey(place, offset));
}

void Disk::Group::DropRecords(const Place& place, std::int64_t from, std::int64_t end) {
  batch_.DeleteRange(disk_.records_, RecordKey(place, from), RecordKey(place, end));
}

void Disk::Group::PutOffsetOfKey(const Place& place, const std::string& key, std::int64_t offset) {
  ByteWriter writer;
  writer.I64(offset);
  batch_.Put(disk_.keys_, IndexKey(place, key), writer.bytes());
}

void Disk::Group::PutPartition(const Place& place, const PartitionRow& row) {
  ByteWriter writer;
  writer.I64(row.begin);
  writer.I64(row.end);
  writer.At(row.last_at);
  batch_.Put(disk_.meta_, PartitionKey(place), writer.bytes());
}

void Disk::Group::PutCommit(const CommitRow& row) {
  ByteWriter key;
  key.U8(static_cast<std::uint8_t>(kCommitPrefix));
  key.Text(row.group);
  key.Text(row.partition.topic);
  key.U32(static_cast<std::uint32_t>(row.partition.partition));
  ByteWriter value;
  value.I64(row.offset);
  batch_.Put(disk_.meta_, key.bytes(), value.bytes());
}

absl::Status Disk::Write(Group& group, bool sync) {
  rocksdb::WriteOptions options;
  options.sync = sync;
  return ToStatus(db_->Write(options, &group.batch_), "write to " + dir_);
}

}  // namespace usher::log
