// Log: the port to an append-only, partitioned log. Adapters: kafka, embedded (RocksDB), sim
// (memory, seeded faults).
//
// What is inside a record is no concern of this library. One contract suite (tests/contract) holds
// for every adapter.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/time.h"
#include "log/append_times.h"

namespace usher::log {

struct TopicPartition {
  std::string topic;
  std::int32_t partition = 0;

  friend bool operator==(const TopicPartition&, const TopicPartition&) = default;
  friend auto operator<=>(const TopicPartition&, const TopicPartition&) = default;
};

struct Header {
  std::string key;
  std::string value;  // any bytes

  friend bool operator==(const Header&, const Header&) = default;
};

// What is handed in. The appender chooses the partition; the log gives offset and time.
struct Entry {
  TopicPartition to;
  std::string key;    // the identity for compaction; may be empty
  std::string value;  // any bytes
  std::vector<Header> headers;
};

// What comes out.
struct Record {
  TopicPartition from;
  std::int64_t offset = 0;  // rises within a partition, gaps are allowed
  Instant at;               // append time by the log's clock; never goes back within a partition
  std::string key;
  std::string value;
  std::vector<Header> headers;
};

// The fate of one Append(). Failures are for good: the owner ends the process (design, section 4).
struct Ack {
  std::uint64_t token = 0;  // as given to Append()
  absl::Status status;
  TopicPartition to;
  std::int64_t offset = -1;  // -1 if the log does not tell
};

// Appends records.
//
// Threads: one. Order: entries of one partition land in the order of Append(), each once.
class Appender {
 public:
  virtual ~Appender() = default;

  // Hands `entry` over; its Ack comes from a later Poll() with this token. Never blocks.
  // Errors: kResourceExhausted: the buffer is full, nothing was taken, Poll() and try again;
  //         kInvalidArgument: the entry is larger than the log takes (Log::entry_bytes_max()).
  virtual absl::Status Append(Entry entry, std::uint64_t token) = 0;

  // Appends to `acks` what has been decided since the last call. Never blocks.
  virtual void Poll(std::vector<Ack>& acks) = 0;

  // Waits until everything handed over has its Ack ready for Poll(), at most `wait`.
  // Errors: kDeadlineExceeded.
  virtual absl::Status Flush(Duration wait) = 0;
};

// A partition came to this reader. Nothing of it is delivered before Start().
struct Assigned {
  TopicPartition partition;
  std::int64_t committed = -1;  // next offset that the group committed; -1: none
  std::int64_t begin = 0;       // first offset still there
  std::int64_t end = 0;         // next offset to be given at the moment of assignment
};

// It went away; nothing of it is delivered after this. `lost`: another may own it already.
struct Revoked {
  TopicPartition partition;
  bool lost = false;
};

using ReaderEvent = std::variant<Assigned, Revoked, Record>;

// Reads records of partitions, either its own choice or the share that its group gives it.
//
// Threads: one. Order: offsets of one partition rise; an Assigned precedes its records, a Revoked
// ends them.
class Reader {
 public:
  virtual ~Reader() = default;

  // Appends at most `most` events to `out`. Returns at once if there is any, else waits at most
  // `wait` (zero: never blocks). Errors: kUnavailable: try again; kOutOfRange: a started offset is
  // no longer (or not yet) there: an
  //         operator must look; anything else is for good.
  virtual absl::Status Poll(std::size_t most, Duration wait, std::vector<ReaderEvent>& out) = 0;

  // Begins (or moves) delivery of an assigned partition at `offset`, which may be its end.
  virtual absl::Status Start(const TopicPartition& partition, std::int64_t offset) = 0;

  // Remembers for the group that all below `offset` are done. Never blocks; a crash may forget it.
  virtual absl::Status Commit(const TopicPartition& partition, std::int64_t offset) = 0;
};

struct ReaderOptions {
  std::vector<std::string> topics;
  std::string group;      // empty: this reader is assigned every partition of its topics at once
  std::string member_id;  // unique in the group; names the process in broker notes
  // A topic of one partition. Named: the group shares by beats in it (roll_call.h) where the log's
  // own groups would be slow to miss a member. Two owners may then overlap for a moment, which is
  // for those that bear it.
  std::string beats;
};

// What a topic must be for usher's promises; checked at start-up, applied by `usher topics apply`.
struct TopicSpec {
  std::string name;
  std::int32_t partitions = 1;
  bool compacted = false;        // keep the last record of each key, for ever
  bool kept_for_ever = false;    // no retention by time or size (ignored when compacted)
  bool brief = false;            // an hour is enough
  bool log_append_time = false;  // the broker stamps the time; otherwise Record::at is what the
                                 // producer says
};

// Records of one partition, one after another, as fast as the log gives them: what comes next is
// fetched while its owner works on what came.
//
// Threads: one.
class Scan {
 public:
  virtual ~Scan() = default;

  // Those that are there by now, at least one and at most `most`; may block for the first. None:
  // all are read. Errors: kUnavailable: try again, nothing is left out.
  virtual absl::StatusOr<std::vector<Record>> Next(std::size_t most) = 0;
};

// One connection to a log. Calls on it may block (start-up and recovery only).
//
// Threads: any.
class Log {
 public:
  virtual ~Log() = default;

  virtual absl::Status CreateTopic(const TopicSpec& spec) = 0;  // ok if it exists already, as it is

  // One line for each way in which the topic breaks `spec`; empty: fine. A topic that is missing is
  // one line.
  virtual absl::StatusOr<std::vector<std::string>> CheckTopic(const TopicSpec& spec) = 0;

  // Errors: kNotFound: no such topic.
  virtual absl::StatusOr<std::int32_t> Partitions(const std::string& topic) = 0;

  // The next offset to be given. For a record at end-1 there may be gaps below.
  virtual absl::StatusOr<std::int64_t> EndOffset(const TopicPartition& partition) = 0;

  // All records of [from, end at the time of the call) that are still there, at most `most`; may
  // block. For snapshots and tails.
  virtual absl::StatusOr<std::vector<Record>> ReadRange(const TopicPartition& partition,
                                                        std::int64_t from, std::size_t most) = 0;

  // All records of [from, end) that are still there, and there already. The scan must go before the
  // log. By ReadRange() where an adapter has nothing faster.
  virtual absl::StatusOr<std::unique_ptr<Scan>> OpenScan(const TopicPartition& partition,
                                                         std::int64_t from, std::int64_t end);

  virtual absl::StatusOr<std::unique_ptr<Appender>> OpenAppender() = 0;
  virtual absl::StatusOr<std::unique_ptr<Reader>> OpenReader(const ReaderOptions& options) = 0;

  virtual std::size_t entry_bytes_max() const = 0;  // key + value + headers

  // Counts and gauges of the adapter (lag, rebalances, produce latency, ...), by snake_case name.
  virtual std::map<std::string, double> Stats() const = 0;

  // Of all appenders, those that landed. Nothing by default.
  virtual AppendTimes TimesOfAppends() const { return {}; }
};

}  // namespace usher::log
