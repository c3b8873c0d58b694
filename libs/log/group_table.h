// GroupTable: which member of which group owns which partition, and how far each group is done. For
// logs that live in one process (embedded, sim); Kafka's brokers keep their own.
//
// A partition goes to its new owner only after the old one was told (TakeChanges) or has gone, so
// two owners at once exist only after Expel(). Partition p of every topic goes to the same member,
// as with Kafka's range assignment when counts are equal.
//
// Threads: one (the owner locks).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "log/log.h"

namespace usher::log {

enum class Sharing {
  kKeepOwners,  // a change of members moves only what must move
  kEager  // a change of members takes everything from everybody first, as Kafka's eager protocol
};

class GroupTable {
 public:
  using Member = std::uint64_t;

  struct Change {
    enum class Kind { kAssigned, kRevoked, kLost };
    Kind kind = Kind::kAssigned;
    TopicPartition partition;
  };

  explicit GroupTable(Sharing sharing) : sharing_(sharing) {}

  // An empty `group` is a group of its own: the member gets all that it wants, for ever.
  Member Join(const std::string& group, std::vector<TopicPartition> wanted);
  void Leave(Member member);

  // Shares the partitions of `group` anew, beginning with another member.
  void Rebalance(const std::string& group);

  // The member is taken for dead: its partitions are free at once, it hears of it (kLost) when it
  // next asks, and is then a member again.
  void Expel(Member member);

  // What the member must be told, revocations first. Being told of an assignment makes it the
  // owner.
  std::vector<Change> TakeChanges(Member member);

  // A commit of a member that does not own the partition means nothing: false.
  bool Commit(Member member, const TopicPartition& partition, std::int64_t offset);
  std::int64_t Committed(Member member, const TopicPartition& partition) const;  // -1: none
  const std::string& GroupOf(Member member) const;                               // empty: its own

  // Commits of an earlier life.
  void RestoreCommit(const std::string& group, const TopicPartition& partition,
                     std::int64_t offset);

 private:
  struct MemberState {
    std::string group;
    std::vector<TopicPartition> wanted;
    std::vector<TopicPartition> lost;  // to be told
    bool expelled = false;
  };
  struct Owner {
    Member member = 0;
    std::uint64_t generation = 0;
  };
  struct Group {
    std::map<TopicPartition, Owner> owners;
    std::map<TopicPartition, Member> targets;
    std::uint64_t generation = 0;
    std::uint64_t rotation = 0;
  };

  void Share(const std::string& name);
  bool Keeps(const Group& group, const TopicPartition& partition, const Owner& owner) const;

  const Sharing sharing_;
  Member next_member_ = 1;
  std::map<Member, MemberState> members_;
  std::map<std::string, Group> groups_;
  std::map<std::pair<std::string, TopicPartition>, std::int64_t> commits_;
};

}  // namespace usher::log
