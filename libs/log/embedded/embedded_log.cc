#include "log/embedded/embedded_log.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "log/embedded/core.h"
#include "log/embedded/reader.h"
#include "support/status.h"

namespace usher::log {
namespace {

// Threads: one.
class EmbeddedAppender : public Appender {
 public:
  explicit EmbeddedAppender(Core& core) : core_(core), box_(std::make_shared<AckBox>()) {}

  absl::Status Append(Entry entry, std::uint64_t token) override {
    return core_.Append(std::move(entry), token, box_);
  }
  void Poll(std::vector<Ack>& acks) override { core_.TakeAcks(*box_, acks); }
  absl::Status Flush(Duration wait) override { return core_.Flush(*box_, wait); }

 private:
  Core& core_;
  const std::shared_ptr<AckBox> box_;  // shared: the appender may go before its entries are written
};

// Threads: any.
class EmbeddedLog : public Log {
 public:
  explicit EmbeddedLog(std::unique_ptr<Core> core) : core_(std::move(core)) {}

  absl::Status CreateTopic(const TopicSpec& spec) override { return core_->CreateTopic(spec); }

  absl::StatusOr<std::vector<std::string>> CheckTopic(const TopicSpec& spec) override {
    std::vector<std::string> lines;
    const absl::StatusOr<TopicSpec> have = core_->Topic(spec.name);
    if (!have.ok()) {
      lines.push_back(absl::StrCat("topic ", spec.name, " is missing"));
      return lines;
    }
    if (have->partitions != spec.partitions) {
      lines.push_back(absl::StrCat("topic ", spec.name, " has ", have->partitions,
                                   " partitions, not ", spec.partitions));
    }
    if (have->compacted != spec.compacted) {
      lines.push_back(absl::StrCat("topic ", spec.name,
                                   have->compacted ? " is compacted" : " is not compacted"));
    }
    if (!spec.compacted && spec.kept_for_ever && !have->kept_for_ever) {
      lines.push_back(absl::StrCat("topic ", spec.name, " is not kept for ever"));
    }
    return lines;  // the append time is always the log's
  }

  absl::StatusOr<std::int32_t> Partitions(const std::string& topic) override {
    USHER_TRY(const TopicSpec spec, core_->Topic(topic));
    return spec.partitions;
  }

  absl::StatusOr<std::int64_t> EndOffset(const TopicPartition& partition) override {
    USHER_TRY(const PartitionState* const state, core_->Partition(partition));
    return core_->Seen(*state).end;
  }

  absl::StatusOr<std::vector<Record>> ReadRange(const TopicPartition& partition, std::int64_t from,
                                                std::size_t most) override {
    USHER_TRY(const PartitionState* const state, core_->Partition(partition));
    const PartitionRow seen = core_->Seen(*state);
    std::vector<Record> records;
    USHER_RETURN_IF_ERROR(core_->disk().Scan(state->place, partition, std::max(from, seen.begin),
                                             seen.end, most, records));
    return records;
  }

  absl::StatusOr<std::unique_ptr<Appender>> OpenAppender() override {
    return std::make_unique<EmbeddedAppender>(*core_);
  }

  absl::StatusOr<std::unique_ptr<Reader>> OpenReader(const ReaderOptions& options) override {
    std::vector<TopicPartition> wanted;
    for (const std::string& topic : options.topics) {
      USHER_TRY(const TopicSpec spec, core_->Topic(topic));
      for (std::int32_t p = 0; p < spec.partitions; ++p) wanted.push_back({topic, p});
    }
    const GroupTable::Member member = core_->Join(options.group, std::move(wanted));
    return std::make_unique<EmbeddedReader>(*core_, member);
  }

  std::size_t entry_bytes_max() const override { return core_->options().entry_bytes_max; }
  std::map<std::string, double> Stats() const override { return core_->Stats(); }
  AppendTimes TimesOfAppends() const override { return core_->TimesOfAppends(); }

 private:
  const std::unique_ptr<Core> core_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Log>> OpenEmbeddedLog(const EmbeddedOptions& options) {
  USHER_TRY(std::unique_ptr<Core> core, Core::Open(options));
  return std::make_unique<EmbeddedLog>(std::move(core));
}

}  // namespace usher::log
