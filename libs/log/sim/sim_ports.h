// SimAppender and SimReader: a simulated process's ends of a SimLog.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "log/sim/sim_log.h"

namespace usher::log {

class SimAppender : public Appender {
 public:
  explicit SimAppender(SimLog& log) : log_(log) {}
  ~SimAppender() override { log_.Crash(producer_); }

  absl::Status Append(Entry entry, std::uint64_t token) override;
  void Poll(std::vector<Ack>& acks) override;
  absl::Status Flush(Duration wait) override;

 private:
  void Die(Entry entry, std::uint64_t token);

  SimLog& log_;
  SimLog::Producer producer_;
};

class SimReader : public Reader {
 public:
  SimReader(SimLog& log, GroupTable::Member member, std::string group)
      : log_(log), member_(member), group_(std::move(group)) {}
  ~SimReader() override { log_.Leave(member_); }

  absl::Status Poll(std::size_t most, Duration wait, std::vector<ReaderEvent>& out) override;
  absl::Status Start(const TopicPartition& partition, std::int64_t offset) override;
  absl::Status Commit(const TopicPartition& partition, std::int64_t offset) override;

 private:
  struct Position {
    std::optional<std::int64_t> next;  // nothing: not started
    std::size_t cuts = 0;              // of the partition, looked at
  };
  using Positions = std::map<TopicPartition, Position>;

  void TakeChanges();
  bool Deaf();  // expelled, and it does not know yet
  void ReadSome(const TopicPartition& from, std::int64_t& next, std::size_t& most,
                std::vector<ReaderEvent>& out);

  SimLog& log_;
  const GroupTable::Member member_;
  const std::string group_;
  Positions owned_;
  std::vector<ReaderEvent> held_;  // changes not handed out yet
  std::size_t turn_ = 0;
};

}  // namespace usher::log
