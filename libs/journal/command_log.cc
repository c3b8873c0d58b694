#include "journal/command_log.h"

#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "journal/append.h"
#include "journal/topics.h"
#include "support/status.h"

namespace usher::journal {
namespace {

constexpr Duration kHeaderWait = 30s;  // for the log to take one record at start-up

LogId DrawLogId() {
  std::random_device device;  // 32 bits a call
  const auto draw = [&device] { return (std::uint64_t{device()} << 32) | device(); };
  return LogId{{draw(), draw() | 1}};
}

absl::Status CheckTopics(log::Log& log, std::int32_t partitions) {
  std::vector<std::string> broken;
  for (const log::TopicSpec& spec : Topics(partitions)) {
    USHER_TRY(const std::vector<std::string> lines, log.CheckTopic(spec));
    broken.insert(broken.end(), lines.begin(), lines.end());
  }
  if (broken.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrJoin(broken, "\n"));
}

// The first record of `partition`, written now if there was none. Another process may write one at
// the same moment: what landed first is what is read back, so both get the same answer.
absl::StatusOr<log::Record> FirstRecord(log::Log& log, const log::TopicPartition& partition,
                                        std::int32_t partitions) {
  USHER_TRY(std::vector<log::Record> first, log.ReadRange(partition, 0, 1));
  if (first.empty()) {
    USHER_TRY(const std::int64_t end, log.EndOffset(partition));
    if (end == 0) {
      const std::string header = wire::EncodeHeader({DrawLogId(), partitions});
      USHER_RETURN_IF_ERROR(
          AppendAndWait(log, {{partition, "", header, {}}}, kHeaderWait).status());
    }
    USHER_TRY(first, log.ReadRange(partition, 0, 1));
  }
  if (first.empty() || first.front().offset != 0) {
    return absl::FailedPreconditionError(
        absl::StrCat(partition.topic, "/", partition.partition,
                     ": its first record, which names the log, is no longer there"));
  }
  return std::move(first.front());
}

absl::StatusOr<LogId> IdOf(const log::Record& first, std::int32_t partitions) {
  const log::TopicPartition& at = first.from;
  const std::int32_t partition = at.partition;
  const auto decoded = wire::DecodeCommand(first.value);
  const auto* header = decoded.ok() ? std::get_if<wire::LogHeader>(&*decoded) : nullptr;
  if (header == nullptr) {
    return absl::FailedPreconditionError(
        absl::StrCat(at.topic, "/", partition, ": its first record is not a header of usher's"));
  }
  if (header->partitions != partitions) {
    return absl::FailedPreconditionError(absl::StrCat(
        at.topic, "/", partition, ": the topic has ", partitions, " partitions, its header pins ",
        header->partitions, "; desks would change their partition"));
  }
  return header->log;
}

absl::StatusOr<std::int32_t> CountPartitions(log::Log& log) {
  const absl::StatusOr<std::int32_t> partitions = log.Partitions(kCommands);
  if (!absl::IsNotFound(partitions.status())) return partitions;
  return absl::FailedPreconditionError(absl::StrCat(kCommands, ": no such topic"));
}

}  // namespace

absl::StatusOr<CommandLog> OpenCommandLog(log::Log& log) {
  USHER_TRY(const std::int32_t partitions, CountPartitions(log));
  USHER_RETURN_IF_ERROR(CheckTopics(log, partitions));
  CommandLog commands;
  commands.partitions = partitions;
  for (std::int32_t partition = 0; partition < partitions; ++partition) {
    USHER_TRY(const log::Record first, FirstRecord(log, {kCommands, partition}, partitions));
    USHER_TRY(const LogId id, IdOf(first, partitions));
    commands.log_ids.push_back(id);
  }
  return commands;
}

absl::StatusOr<CommandLog> ReadCommandLog(log::Log& log) {
  USHER_TRY(const std::int32_t partitions, CountPartitions(log));
  CommandLog commands;
  commands.partitions = partitions;
  for (std::int32_t partition = 0; partition < partitions; ++partition) {
    const log::TopicPartition at{kCommands, partition};
    USHER_TRY(const std::vector<log::Record> first, log.ReadRange(at, 0, 1));
    if (first.empty() || first.front().offset != 0) {
      return absl::FailedPreconditionError(absl::StrCat(
          at.topic, "/", partition, ": its first record, which names the log, is not there"));
    }
    USHER_TRY(const LogId id, IdOf(first.front(), partitions));
    commands.log_ids.push_back(id);
  }
  return commands;
}

CommandWriter::CommandWriter(const CommandLog& commands, std::unique_ptr<log::Appender> appender)
    : commands_(commands), appender_(std::move(appender)) {}

CommandWriter::~CommandWriter() {
  for (auto& [token, done] : waiting_) {
    done(absl::UnavailableError("stopped before the log answered; the command may be in it"));
  }
}

absl::Status CommandWriter::Append(const wire::CommandRecord& record, Done done) {
  log::Entry entry;
  entry.to = {kCommands, PartitionOf(record.desk, commands_.partitions)};
  entry.key = record.desk.ToString();
  entry.value = wire::EncodeCommand(record);
  const std::uint64_t token = next_token_;
  USHER_RETURN_IF_ERROR(appender_->Append(std::move(entry), token));
  ++next_token_;
  waiting_.emplace(token, std::move(done));
  return absl::OkStatus();
}

absl::Status CommandWriter::Poll() {
  std::vector<log::Ack> acks;
  appender_->Poll(acks);
  absl::Status failed;
  for (const log::Ack& ack : acks) {
    auto node = waiting_.extract(ack.token);
    if (node.empty()) continue;
    if (ack.status.ok()) {
      node.mapped()(Appended{ack.to.partition, ack.offset});
    } else {
      failed.Update(ack.status);
      node.mapped()(ack.status);
    }
  }
  return failed;
}

absl::Status CommandWriter::Flush(Duration wait) { return appender_->Flush(wait); }

}  // namespace usher::journal
