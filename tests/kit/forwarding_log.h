// ForwardingLog: a log that hands every call to another one, for tests that change one call.
//
// Threads: as the other one.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "log/log.h"

namespace usher::kit {

class ForwardingLog : public log::Log {
 public:
  explicit ForwardingLog(log::Log& inner) : inner_(inner) {}

  absl::Status CreateTopic(const log::TopicSpec& spec) override { return inner_.CreateTopic(spec); }
  absl::StatusOr<std::vector<std::string>> CheckTopic(const log::TopicSpec& spec) override {
    return inner_.CheckTopic(spec);
  }
  absl::StatusOr<std::int32_t> Partitions(const std::string& topic) override {
    return inner_.Partitions(topic);
  }
  absl::StatusOr<std::int64_t> EndOffset(const log::TopicPartition& partition) override {
    return inner_.EndOffset(partition);
  }
  absl::StatusOr<std::vector<log::Record>> ReadRange(const log::TopicPartition& partition,
                                                     std::int64_t from, std::size_t most) override {
    return inner_.ReadRange(partition, from, most);
  }
  absl::StatusOr<std::unique_ptr<log::Appender>> OpenAppender() override {
    return inner_.OpenAppender();
  }
  absl::StatusOr<std::unique_ptr<log::Reader>> OpenReader(
      const log::ReaderOptions& options) override {
    return inner_.OpenReader(options);
  }
  std::size_t entry_bytes_max() const override { return inner_.entry_bytes_max(); }
  std::map<std::string, double> Stats() const override { return inner_.Stats(); }
  log::AppendTimes TimesOfAppends() const override { return inner_.TimesOfAppends(); }

 protected:
  log::Log& inner_;
};

}  // namespace usher::kit
