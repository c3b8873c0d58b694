// A log in memory that does exactly what a test tells it: holds acks back, says that it is full,
// fails for good. No groups and no faults of its own.
//
// Threads: one, but for `Release()` and the state's counters, which any may use.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "log/log.h"

namespace usher::journal {

struct ScriptedState {
  absl::Mutex mutex;
  std::map<log::TopicPartition, std::vector<log::Record>> records ABSL_GUARDED_BY(mutex);
  std::map<std::string, log::TopicSpec> topics ABSL_GUARDED_BY(mutex);
  bool hold_acks ABSL_GUARDED_BY(mutex) = false;
  std::size_t room ABSL_GUARDED_BY(mutex) = 1000;  // appends without an ack that it takes
  absl::Status fate ABSL_GUARDED_BY(mutex);        // of every append
};

class ScriptedAppender : public log::Appender {
 public:
  explicit ScriptedAppender(ScriptedState& state) : state_(state) {}

  absl::Status Append(log::Entry entry, std::uint64_t token) override {
    const absl::MutexLock lock(&state_.mutex);
    if (entry.value.size() > 1'000'000) return absl::InvalidArgumentError("too large");
    if (acks_.size() >= state_.room) return absl::ResourceExhaustedError("full");
    log::Ack ack{token, state_.fate, entry.to, -1};
    if (ack.status.ok()) {
      auto& list = state_.records[entry.to];
      ack.offset = static_cast<std::int64_t>(list.size());
      list.push_back(
          {entry.to, ack.offset, FromMicros(ack.offset), entry.key, entry.value, entry.headers});
    }
    acks_.push_back(std::move(ack));
    return absl::OkStatus();
  }
  void Poll(std::vector<log::Ack>& acks) override {
    const absl::MutexLock lock(&state_.mutex);
    if (state_.hold_acks) return;
    acks.insert(acks.end(), acks_.begin(), acks_.end());
    acks_.clear();
  }
  absl::Status Flush(Duration) override {
    const absl::MutexLock lock(&state_.mutex);
    return state_.hold_acks ? absl::DeadlineExceededError("held") : absl::OkStatus();
  }

 private:
  ScriptedState& state_;
  std::vector<log::Ack> acks_;
};

class ScriptedLog : public log::Log {
 public:
  ScriptedState& state() { return state_; }

  absl::Status CreateTopic(const log::TopicSpec& spec) override {
    const absl::MutexLock lock(&state_.mutex);
    state_.topics.emplace(spec.name, spec);
    return absl::OkStatus();
  }
  absl::StatusOr<std::vector<std::string>> CheckTopic(const log::TopicSpec& spec) override {
    const absl::MutexLock lock(&state_.mutex);
    const auto found = state_.topics.find(spec.name);
    if (found == state_.topics.end()) return std::vector{spec.name + ": no such topic"};
    if (spec.compacted != found->second.compacted) {
      return std::vector{spec.name + ": must be compacted"};
    }
    return std::vector<std::string>();
  }
  absl::StatusOr<std::int32_t> Partitions(const std::string& topic) override {
    const absl::MutexLock lock(&state_.mutex);
    const auto found = state_.topics.find(topic);
    if (found == state_.topics.end()) return absl::NotFoundError(topic);
    return found->second.partitions;
  }
  absl::StatusOr<std::int64_t> EndOffset(const log::TopicPartition& partition) override {
    const absl::MutexLock lock(&state_.mutex);
    return static_cast<std::int64_t>(state_.records[partition].size());
  }
  absl::StatusOr<std::vector<log::Record>> ReadRange(const log::TopicPartition& partition,
                                                     std::int64_t from, std::size_t most) override {
    const absl::MutexLock lock(&state_.mutex);
    const auto& list = state_.records[partition];
    std::vector<log::Record> out;
    for (auto i = static_cast<std::size_t>(from); i < list.size() && out.size() < most; ++i) {
      out.push_back(list[i]);
    }
    return out;
  }
  absl::StatusOr<std::unique_ptr<log::Appender>> OpenAppender() override {
    return std::make_unique<ScriptedAppender>(state_);
  }
  absl::StatusOr<std::unique_ptr<log::Reader>> OpenReader(const log::ReaderOptions&) override {
    return absl::UnimplementedError("this log has no readers");
  }
  std::size_t entry_bytes_max() const override { return 1'000'000; }
  std::map<std::string, double> Stats() const override { return {}; }

 private:
  ScriptedState state_;
};

}  // namespace usher::journal
