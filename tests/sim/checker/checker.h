// Checker: an independent reading of the two logs, record by record as they land. It shares the
// decoding of bytes with the services, and nothing else.
//
// Of the whole history, also of what an unclean election took away later:
// - decisions of a partition are one sequence, each naming its predecessor, none missing; a copy is
//   identical to the first of its stamp;
// - each is on a command of its desk that is there, and says when that command came;
// - no command has two outcomes, and none is passed over;
// - what the decisions of a desk say follows (book.h): one owner, capacity, offers, time;
// - so does what nobody asked for (acts.h): usher's own inquiries, agents' and automatic messages;
// - what was told to a caller to be in the log is there.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "log/log.h"
#include "model/stamp.h"
#include "sim/checker/acts.h"
#include "sim/checker/book.h"
#include "sim/checker/ledger.h"
#include "wire/records.h"

namespace usher::sim {

class Checker {
 public:
  // One line for each record, if `line` is given.
  using Line = std::function<void(const std::string& who, const std::string& what)>;

  Checker(log::Log& log, std::int32_t partitions, const Ledger& ledger, Line line);

  // Reads on. An empty text, or the first thing that is wrong, for good.
  const std::string& Follow();

  // What is still to be done before all work is finished; empty: nothing. Costs a look at all.
  std::string Unfinished() const;

  // Empty, or where another engine, written for obviousness, decides otherwise on the same
  // commands.
  std::string Recompute() const;

  const std::map<DeskName, Book>& books() const { return books_; }
  const std::string& violation() const { return violation_; }
  Stamp watermark(std::int32_t partition) const;
  std::uint64_t commands() const;
  std::uint64_t decisions() const;
  std::uint64_t copies() const { return copies_; }
  std::uint64_t hash() const { return hash_; }  // of all records, in the order of reading

 private:
  struct Given {
    wire::CommandRecord record;
    bool counts = true;  // it is a command of this partition
    std::uint32_t answers = 0;
    std::uint32_t decisions = 0;
  };
  using Place = std::pair<std::int64_t, std::uint32_t>;  // offset, index
  struct Partition {
    LogId log;
    std::int64_t next_command = 0;
    std::int64_t next_decision = 0;
    std::map<std::int64_t, Given> commands;
    std::multimap<std::int64_t, Given> cut_away;  // by unclean elections
    std::map<Place, wire::DecisionRecord> seen;
    Stamp watermark;
    bool cut = false;
  };

  void TakeCommand(Partition& partition, const log::Record& record);
  void TakeDecision(Partition& partition, const log::Record& record);
  void TakeNew(Partition& partition, const wire::DecisionRecord& decision, Given& given);
  static Given* FindCommand(Partition& partition, const wire::DecisionRecord& decision);
  void CheckPassed(Partition& partition, const Stamp& stamp);
  void CheckTold();
  std::string UnfinishedInput() const;
  std::string UnfinishedOrders() const;
  void Wrong(const std::string& why, const log::Record& at);

  log::Log& log_;
  const Ledger& ledger_;
  const Line line_;
  std::vector<Partition> partitions_;
  std::map<DeskName, Book> books_;
  Acts acts_;
  std::map<DeskName, Instant> last_at_;  // of the commands of a desk
  std::string violation_;
  std::uint64_t copies_ = 0;
  std::uint64_t hash_ = 0;
};

}  // namespace usher::sim
