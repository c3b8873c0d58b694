// EmbeddedReader: a reader of the embedded log. It looks at the disk itself; the core only says how
// far it may.
//
// Threads: one.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "log/embedded/core.h"
#include "log/log.h"

namespace usher::log {

class EmbeddedReader : public Reader {
 public:
  EmbeddedReader(Core& core, GroupTable::Member member) : core_(core), member_(member) {}
  ~EmbeddedReader() override { core_.Leave(member_); }

  absl::Status Poll(std::size_t most, Duration wait, std::vector<ReaderEvent>& out) override;
  absl::Status Start(const TopicPartition& partition, std::int64_t offset) override;
  absl::Status Commit(const TopicPartition& partition, std::int64_t offset) override;

 private:
  struct Position {
    const PartitionState* state = nullptr;
    std::optional<std::int64_t> next;  // nothing: not started
  };

  void TakeChanges(Glance& glance);
  bool HandOut(std::size_t most, std::vector<ReaderEvent>& out);
  absl::Status CheckRange(const TopicPartition& partition, const Position& position) const;
  absl::Status ReadSome(std::size_t most, std::vector<ReaderEvent>& out);

  Core& core_;
  const GroupTable::Member member_;
  std::map<TopicPartition, Position> owned_;
  std::vector<ReaderEvent> held_;  // changes over `most`
  std::size_t turn_ = 0;           // who is read first, so that a busy partition starves no other
  std::vector<Record> records_;    // kept for its memory
};

}  // namespace usher::log
