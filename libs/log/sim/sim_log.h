// SimLog: a log in memory, for tests and the simulation. One object is the cluster; what a
// simulated process holds of it (appenders, readers) may be thrown away at any moment, as a crash
// does, and opened anew.
//
// The same seed, clock and calls give the same history. Without faults it is a plain correct log,
// at once. Faults are data and may be changed at any time; all of them are things that the real
// adapters may do.
//
// Threads: one. Waits never wait: whoever calls moves the clock.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "log/entry.h"
#include "log/group_table.h"
#include "log/log.h"

namespace usher::log {

struct SimLogFaults {
  Duration land_max{};  // an entry lands up to this later (of one appender and partition: in order)
  Duration ack_max{};   // its ack comes up to this after it landed
  Duration delivery_max{};                 // readers get it up to this after it landed
  std::uint32_t buffer_full_permille = 0;  // appends that are kResourceExhausted
  std::uint32_t append_fails_permille =
      0;  // appends after which the appender is dead, for good; what it had under
          // way may have landed or not, all its acks say that they failed
  std::uint32_t ack_lost_permille = 0;     // acks that come without an offset
  std::uint32_t unavailable_permille = 0;  // polls that are kUnavailable
  std::uint32_t commit_lost_permille = 0;  // commits that are forgotten
  std::uint32_t rebalance_permille = 0;    // polls at which the reader's group shares anew
  std::uint32_t expel_permille = 0;        // polls before which the group took this reader for dead
  std::uint32_t uncompacted_permille = 0;  // older records of a key that compaction leaves
  Duration session{};                      // how long a group misses nothing when a reader is gone
  Duration deaf_max{};  // a reader that was expelled goes on up to so long before it hears of it
};

struct SimLogOptions {
  std::uint64_t seed = 1;
  std::function<Instant()> clock;  // wanted
  std::size_t entry_bytes_max = kEntryBytesMax;
  std::size_t pending_entries_max = 100'000;  // of one appender
};

class SimLog : public Log {
 public:
  explicit SimLog(SimLogOptions options);
  ~SimLog() override;  // after all appenders and readers

  SimLogFaults faults;

  // Retention: what is before `begin` is gone.
  void DropBefore(const TopicPartition& partition, std::int64_t begin);
  // An unclean election: what is from `end` on is gone, and its offsets are given again. A reader
  // that was further is told so (kOutOfRange), as clients that know of leader epochs are.
  void CutBack(const TopicPartition& partition, std::int64_t end);
  void Rebalance(const std::string& group) { groups_.Rebalance(group); }
  // The group takes this reader for dead, and the reader does not know yet.
  void Expel(const std::string& group, const std::string& member_id);
  void ExpelMember(const std::string& member_id);  // from all its groups

  absl::Status CreateTopic(const TopicSpec& spec) override;
  absl::StatusOr<std::vector<std::string>> CheckTopic(const TopicSpec& spec) override;
  absl::StatusOr<std::int32_t> Partitions(const std::string& topic) override;
  absl::StatusOr<std::int64_t> EndOffset(const TopicPartition& partition) override;
  absl::StatusOr<std::vector<Record>> ReadRange(const TopicPartition& partition, std::int64_t from,
                                                std::size_t most) override;
  absl::StatusOr<std::unique_ptr<Appender>> OpenAppender() override;
  absl::StatusOr<std::unique_ptr<Reader>> OpenReader(const ReaderOptions& options) override;
  std::size_t entry_bytes_max() const override { return options_.entry_bytes_max; }
  std::map<std::string, double> Stats() const override { return stats_; }
  AppendTimes TimesOfAppends() const override { return appends_; }

 private:
  friend class SimAppender;
  friend class SimReader;

  struct Stored {
    Record record;
    Instant visible_at;
  };
  struct Partition {
    bool compacted = false;
    std::int64_t begin = 0;
    std::int64_t end = 0;
    std::vector<std::int64_t> cuts;  // the ends that CutBack() made
    Instant last_at;
    Instant last_visible_at;
    std::map<std::int64_t, Stored> records;
    std::map<std::string, std::int64_t> last_of_key;
  };
  struct Topic {
    TopicSpec spec;
    std::vector<Partition> partitions;
  };
  struct PendingAck {
    Instant ready_at;
    Ack ack;
  };
  // The part of an appender that the cluster sees; it outlives neither.
  struct Producer {
    bool dead = false;
    std::size_t under_way = 0;
    std::map<TopicPartition, Instant> last_land_at;
    std::vector<PendingAck> acks;
  };
  struct Flight {
    Producer* producer = nullptr;
    Entry entry;
    std::uint64_t token = 0;
    Instant since;
  };
  using FlightKey =
      std::pair<Instant, std::uint64_t>;  // when it lands, then the order of the appends
  struct Ghost {
    GroupTable::Member member = 0;
    Instant until;
  };

  Instant Now() const { return options_.clock(); }
  bool Draw(std::uint32_t permille);
  Duration DrawUpTo(Duration most);
  std::uint64_t Random();

  Partition* Find(const TopicPartition& partition);
  void Advance();  // all that is due by now happens
  void Land(Flight flight, Instant at);
  void LandAll(Producer& producer);
  void Crash(
      Producer& producer);  // of what is under way, some lands: of each partition the first few
  void Leave(GroupTable::Member member);
  void Expel(GroupTable::Member member);

  const SimLogOptions options_;
  std::uint64_t random_;
  std::map<std::string, Topic> topics_;
  GroupTable groups_{Sharing::kEager};
  std::map<GroupTable::Member, std::string> member_ids_;
  std::map<GroupTable::Member, Instant> deaf_until_;  // of those that were expelled
  std::vector<Ghost> ghosts_;
  std::map<FlightKey, Flight> flights_;
  std::uint64_t next_flight_ = 0;
  std::map<std::string, double> stats_;
  AppendTimes appends_;
};

}  // namespace usher::log
