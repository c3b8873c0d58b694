#include "golden/golden.h"

#include <fcntl.h>
#include <unistd.h>

#include "core/bytes.h"
#include "core/check.h"
#include "google/protobuf/io/gzip_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl.h"
#include "journal/topics.h"
#include "support/status.h"

namespace usher::golden {
namespace {

namespace io = google::protobuf::io;

constexpr char kMagic[] = "usher golden log 1";

void Put(ByteWriter& writer, const std::vector<log::Record>& records) {
  writer.U32(static_cast<std::uint32_t>(records.size()));
  for (const log::Record& record : records) {
    writer.I64(record.offset);
    writer.At(record.at);
    writer.Text(record.key);
    writer.Text(record.value);
  }
}

std::vector<log::Record> Take(ByteReader& reader, const char* topic) {
  std::vector<log::Record> records(reader.Count(24));
  for (log::Record& record : records) {
    record.from = {topic, 0};
    record.offset = reader.I64();
    record.at = reader.At();
    record.key = reader.Text();
    record.value = reader.Text();
  }
  return records;
}

}  // namespace

absl::Status Write(const std::string& file, const Recorded& recorded) {
  ByteWriter writer;
  writer.Text(kMagic);
  Put(writer, recorded.commands);
  Put(writer, recorded.decisions);
  const int fd = open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return absl::UnavailableError("cannot write " + file);
  io::FileOutputStream out(fd);
  out.SetCloseOnDelete(true);
  io::GzipOutputStream::Options options;
  options.compression_level = 9;
  io::GzipOutputStream zipped(&out, options);
  std::string_view left = writer.bytes();
  void* room = nullptr;
  int size = 0;
  while (!left.empty() && zipped.Next(&room, &size)) {
    const std::size_t part = std::min(left.size(), static_cast<std::size_t>(size));
    left.copy(static_cast<char*>(room), part);
    left.remove_prefix(part);
    zipped.BackUp(size - static_cast<int>(part));
  }
  const bool whole = left.empty() && zipped.Close() && out.Flush();
  return whole ? absl::OkStatus() : absl::UnavailableError("cannot write " + file);
}

absl::StatusOr<Recorded> Read(const std::string& file) {
  const int fd = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return absl::NotFoundError("no file " + file);
  io::FileInputStream in(fd);
  in.SetCloseOnDelete(true);
  io::GzipInputStream unzipped(&in);
  std::string bytes;
  const void* part = nullptr;
  int size = 0;
  while (unzipped.Next(&part, &size)) {
    bytes.append(static_cast<const char*>(part), static_cast<std::size_t>(size));
  }
  ByteReader reader(bytes);
  Recorded recorded;
  const bool ours = reader.Text() == kMagic;
  recorded.commands = Take(reader, journal::kCommands);
  recorded.decisions = Take(reader, journal::kDecisions);
  if (!ours || !reader.done()) return absl::DataLossError(file + " is no golden log, or cut off");
  return recorded;
}

Replayed::Replayed(const Recorded& recorded)
    : log_(log::SimLogOptions{.seed = 1, .clock = [this] { return now_; }}) {
  for (const log::TopicSpec& spec : journal::Topics(1)) USHER_CHECK(log_.CreateTopic(spec).ok());
  Append(recorded.commands);
  Append(recorded.decisions);
}

void Replayed::Append(const std::vector<log::Record>& records) {
  const auto appender = log_.OpenAppender().value();
  now_ = Instant();
  for (const log::Record& record : records) {
    now_ = record.at;
    USHER_CHECK(appender->Append({record.from, record.key, record.value, {}}, 1).ok());
  }
  USHER_CHECK(appender->Flush(1s).ok());
}

}  // namespace usher::golden
