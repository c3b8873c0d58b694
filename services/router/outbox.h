// Outbox: what one partition has to append, until the log has taken it.
//
// Two queues: decisions and policies go first, in order; pieces of snapshots fill what room is
// left. What is handed over gets a number; numbers of one outbox rise, and a prefix of them is
// settled.
//
// Threads: one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "log/log.h"
#include "model/stamp.h"

namespace usher::router {

class Outbox {
 public:
  // `epoch` tells the acks of this outbox from those of all others of the process.
  Outbox(std::uint32_t epoch, log::Appender& appender) : epoch_(epoch), appender_(appender) {}

  static std::uint32_t EpochOf(std::uint64_t token) {
    return static_cast<std::uint32_t>(token >> kNumberBits);
  }

  void PutDecision(log::Entry entry, const Stamp& stamp) {
    urgent_.push_back({std::move(entry), stamp});
  }
  void Put(log::Entry entry) { urgent_.push_back({std::move(entry), {}}); }
  // `first`: bulk_place() is to tell where it lands.
  void PutBulk(log::Entry entry, bool first = false) {
    bulk_bytes_ += entry.value.size();
    if (first) bulk_place_ = -1;
    bulk_.push_back({std::move(entry), {}, first});
  }

  // Hands over as much as the log has room for, and little of the bulk at a time: decisions do not
  // wait while it is copied. Errors: for good.
  absl::Status Pump();

  // Takes an ack of this epoch. Errors: the append failed, for good.
  absl::Status Take(const log::Ack& ack);

  bool backlog() const { return !urgent_.empty(); }       // decisions wait for room
  std::size_t bulk_bytes() const { return bulk_bytes_; }  // pieces that wait for room
  bool handed_over() const { return urgent_.empty() && bulk_.empty(); }
  bool settled() const { return handed_over() && in_flight_.empty(); }

  // Numbers: all below next_number() are handed over, all below settled_number() are in the log.
  std::uint64_t next_number() const { return first_number_ + in_flight_.size(); }
  std::uint64_t settled_number() const { return first_number_; }

  // The last decision of which all before it are in the log too, and where it is there; none until
  // the log has told a place.
  const Stamp& settled_stamp() const { return settled_stamp_; }
  std::int64_t settled_offset() const { return settled_offset_; }
  // Of the last bulk that was first; -1: it has not landed, or the log does not tell.
  std::int64_t bulk_place() const { return bulk_place_; }

 private:
  static constexpr int kNumberBits = 40;  // of a token; the rest is the epoch
  struct Item {
    log::Entry entry;
    Stamp stamp;  // of a decision, else none
    bool first = false;
  };
  struct Sent {
    Stamp stamp;
    bool first = false;
    std::int64_t offset = -1;
    bool landed = false;
  };

  // True: the log took the first of the queue.
  absl::StatusOr<bool> HandOver(std::deque<Item>& queue);

  const std::uint32_t epoch_;
  log::Appender& appender_;
  std::deque<Item> urgent_;
  std::deque<Item> bulk_;
  std::size_t bulk_bytes_ = 0;
  std::deque<Sent> in_flight_;      // numbers first_number_, first_number_ + 1, ...
  std::uint64_t first_number_ = 0;  // the lowest that has not settled
  Stamp settled_stamp_;
  std::int64_t settled_offset_ = -1;
  std::int64_t bulk_place_ = -1;
};

}  // namespace usher::router
