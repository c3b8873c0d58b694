#include "log/kafka/kafka_log.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "log/kafka/admin.h"
#include "log/kafka/appender.h"
#include "log/kafka/client.h"
#include "log/kafka/ends.h"
#include "log/kafka/reader.h"
#include "log/kafka/scan.h"
#include "support/status.h"

namespace usher::log {
namespace {

constexpr Duration kAskWait = 1s;  // where partitions end; asked again until call_timeout

// Threads: any.
class KafkaLog : public Log {
 public:
  explicit KafkaLog(KafkaOptions options) : options_(std::move(options)) {}

  absl::Status Connect() {
    counts_.Add("append_total", 0);
    Properties fetch = FetcherProperties(options_);
    fetch["enable.partition.eof"] = "true";  // where a scan ends
    fetch["fetch.wait.max.ms"] = "5";
    USHER_TRY(client_, KafkaClient::Open(RD_KAFKA_CONSUMER,
                                         {CommonProperties(options_, options_.client_id), fetch},
                                         {}, counts_));
    admin_ = std::make_unique<KafkaAdmin>(options_, *client_);
    return admin_->Reach();
  }

  absl::Status CreateTopic(const TopicSpec& spec) override {
    absl::MutexLock lock(&mutex_);
    USHER_RETURN_IF_ERROR(
        Persist(*client_, options_.call_timeout, [&] { return admin_->Create(spec); }));
    known_.try_emplace(spec.name, 0);
    return absl::OkStatus();
  }

  absl::StatusOr<std::vector<std::string>> CheckTopic(const TopicSpec& spec) override {
    absl::MutexLock lock(&mutex_);
    return Persist(
        *client_, options_.call_timeout, [&]() -> absl::StatusOr<std::vector<std::string>> {
          mutex_.AssertHeld();  // for the analysis, which does not look through the lambda
          const absl::StatusOr<KafkaAdmin::Shape> shape = Shape(spec.name);
          if (absl::IsNotFound(shape.status())) {
            return std::vector<std::string>{"topic " + spec.name + " is missing"};
          }
          USHER_RETURN_IF_ERROR(shape.status());
          auto lines = admin_->Check(spec, *shape);
          if (!lines.ok()) return NotThereYet(lines.status());
          return lines;
        });
  }

  absl::StatusOr<std::int32_t> Partitions(const std::string& topic) override {
    absl::MutexLock lock(&mutex_);
    USHER_TRY(const KafkaAdmin::Shape shape, Persist(*client_, options_.call_timeout, [&] {
                mutex_.AssertHeld();  // as above
                return Shape(topic);
              }));
    return shape.partitions;
  }

  absl::StatusOr<std::int64_t> EndOffset(const TopicPartition& partition) override {
    absl::MutexLock lock(&mutex_);
    USHER_TRY(const Ends range, EndsInTheEnd(partition));
    return range.end;
  }

  absl::StatusOr<std::vector<Record>> ReadRange(const TopicPartition& partition, std::int64_t from,
                                                std::size_t most) override {
    USHER_TRY(const auto scan, OpenScan(partition, from, INT64_MAX));
    std::vector<Record> records;
    while (records.size() < most) {
      USHER_TRY(std::vector<Record> more, scan->Next(most - records.size()));
      if (more.empty()) break;
      records.insert(records.end(), std::make_move_iterator(more.begin()),
                     std::make_move_iterator(more.end()));
    }
    return records;
  }

  absl::StatusOr<std::unique_ptr<Scan>> OpenScan(const TopicPartition& partition, std::int64_t from,
                                                 std::int64_t end) override {
    absl::MutexLock lock(&mutex_);
    USHER_TRY(Ends range, EndsInTheEnd(partition));
    range = {std::max(from, range.begin), std::min(end, range.end)};
    return std::make_unique<KafkaScan>(*client_, scans_, partition, range, options_.call_timeout);
  }

  absl::StatusOr<std::unique_ptr<Appender>> OpenAppender() override {
    return KafkaAppender::Open(options_, counts_);
  }

  absl::StatusOr<std::unique_ptr<Reader>> OpenReader(const ReaderOptions& options) override {
    std::vector<TopicPartition> partitions;
    for (const std::string& topic : options.topics) {
      USHER_TRY(const std::int32_t count, Partitions(topic));
      for (std::int32_t p = 0; p < count; ++p) partitions.push_back({topic, p});
    }
    return KafkaReader::Open(options_, options, std::move(partitions), counts_);
  }

  std::size_t entry_bytes_max() const override { return options_.entry_bytes_max; }
  std::map<std::string, double> Stats() const override { return counts_.Snapshot(); }
  AppendTimes TimesOfAppends() const override { return counts_.TimesOfAppends(); }

 private:
  absl::StatusOr<KafkaAdmin::Shape> Shape(const std::string& topic)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    absl::StatusOr<KafkaAdmin::Shape> shape = admin_->ShapeOf(topic);
    if (shape.ok()) {
      known_[topic] = shape->partitions;
    } else if (known_.contains(topic)) {
      return NotThereYet(shape.status());
    }
    return shape;
  }

  absl::StatusOr<Ends> EndsInTheEnd(const TopicPartition& partition)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return Persist(*client_, options_.call_timeout, [&] {
      mutex_.AssertHeld();  // as above
      return EndsOf(partition);
    });
  }

  absl::StatusOr<Ends> EndsOf(const TopicPartition& partition)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    // Topics do not shrink: what was there once needs no question.
    const auto known = known_.find(partition.topic);
    std::int32_t partitions = known == known_.end() ? 0 : known->second;
    if (partition.partition >= partitions) {
      USHER_TRY(const KafkaAdmin::Shape shape, Shape(partition.topic));
      partitions = shape.partitions;
    }
    if (partition.partition < 0 || partition.partition >= partitions) {
      return absl::NotFoundError("no partition " + ToText(partition));
    }
    USHER_TRY(const auto ends,
              AskEnds(*client_, {partition}, std::min<Duration>(kAskWait, options_.call_timeout)));
    return ends.at(partition);
  }

  const KafkaOptions options_;
  KafkaCounts counts_;
  absl::Mutex mutex_;  // one blocking call at a time
  // Topics that were there once, with so many partitions; 0: nobody has asked yet.
  std::map<std::string, std::int32_t> known_ ABSL_GUARDED_BY(mutex_);
  KafkaScans scans_;
  std::unique_ptr<KafkaClient> client_;
  std::unique_ptr<KafkaAdmin> admin_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Log>> OpenKafkaLog(const KafkaOptions& options) {
  if (options.bootstrap.empty()) {
    return absl::InvalidArgumentError("kafka: no bootstrap servers are named");
  }
  auto log = std::make_unique<KafkaLog>(options);
  USHER_RETURN_IF_ERROR(log->Connect());
  return log;
}

}  // namespace usher::log
