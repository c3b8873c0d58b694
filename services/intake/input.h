// Input: a group's reader of one topic, with the bookkeeping of what is under way and what may be
// committed.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "intake/span.h"
#include "log/log.h"

namespace usher::intake {

// A record's place, good for one assignment: a partition that went and came back is another.
struct Place {
  log::TopicPartition partition;
  std::int64_t offset = 0;
  std::uint64_t assignment = 0;
};

struct Taken {
  log::Record record;
  Place place;
};

class Input {
 public:
  Input(std::unique_ptr<log::Reader> reader, Duration commit_every);

  // Appends at most `most` records to `out`; starts partitions that came, forgets those that went.
  // A log that is away for now is no error: nothing is appended. Errors: for good.
  absl::Status Poll(std::size_t most, Duration wait, std::vector<Taken>& out);

  // Whether the partition is still ours; what is not may be dropped, its next owner reads it again.
  bool Holds(const Place& place) const { return Find(place) != nullptr; }

  // How far from the oldest that is under way to this one.
  std::int64_t Width(const Place& place) const;

  // Requires: Holds(place); places of a partition are begun in the order in which they came.
  void Begin(const Place& place);

  // Nothing happens for a partition that is not ours any more.
  void Done(const Place& place);

  // Reads on from `place` again, as if it had not come. Requires: it was not begun; drop what came
  // after it.
  absl::Status Rewind(const Place& place);

  // Commits what is done, now and then (`at_once`: now).
  absl::Status Commit(Instant now, bool at_once);

  std::size_t under_way() const;
  std::int64_t lost_records() const {
    return lost_records_;
  }  // gone by retention before they were read

  // The group gave its share. A share may be empty, which a reader is not told: so after a while it
  // counts as given.
  bool Settled(Instant now);

  // What stood in our partitions when they came to us has been polled. A log may give its last
  // places to what is no record: so they count as polled once nothing has come for a while.
  bool CaughtUp(Instant now);

 private:
  struct Partition {
    std::uint64_t assignment;
    Span span;
    std::int64_t committed;
    bool started;
    std::int64_t next;    // to be polled
    std::int64_t behind;  // the end when it came to us
  };

  const Partition* Find(const Place& place) const;
  void TakeAssigned(const log::Assigned& assigned);
  absl::Status StartNew();

  std::unique_ptr<log::Reader> reader_;
  Duration commit_every_;
  std::map<log::TopicPartition, Partition> partitions_;
  std::uint64_t assignments_ = 0;
  std::int64_t lost_records_ = 0;
  Instant commit_next_;
  Instant settles_ = kNever;
  bool came_ = false;  // something, since it was last asked whether it is caught up
  Instant quiet_ = kNever;
  std::vector<log::ReaderEvent> events_;
};

}  // namespace usher::intake
