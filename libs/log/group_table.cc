#include "log/group_table.h"

#include <algorithm>

#include "core/check.h"

namespace usher::log {
namespace {

// A name that no caller's group can have: groups of one.
std::string OwnGroup(GroupTable::Member member) {
  return std::string("\0own", 4) + std::to_string(member);
}

bool IsOwnGroup(const std::string& group) { return group.starts_with('\0'); }

}  // namespace

GroupTable::Member GroupTable::Join(const std::string& group, std::vector<TopicPartition> wanted) {
  const Member member = next_member_++;
  MemberState& state = members_[member];
  state.group = group.empty() ? OwnGroup(member) : group;
  state.wanted = std::move(wanted);
  std::sort(state.wanted.begin(), state.wanted.end());
  Share(state.group);
  return member;
}

void GroupTable::Leave(Member member) {
  const auto found = members_.find(member);
  USHER_CHECK(found != members_.end());
  const std::string group = found->second.group;
  members_.erase(found);
  if (IsOwnGroup(group)) {
    groups_.erase(group);
    return;
  }
  std::erase_if(groups_[group].owners,
                [member](const auto& owned) { return owned.second.member == member; });
  Share(group);
}

void GroupTable::Rebalance(const std::string& group) {
  const auto found = groups_.find(group);
  if (found == groups_.end()) return;
  ++found->second.rotation;
  Share(group);
}

void GroupTable::Expel(Member member) {
  MemberState& state = members_.at(member);
  Group& group = groups_[state.group];
  std::erase_if(group.owners, [&](const auto& owned) {
    if (owned.second.member != member) return false;
    state.lost.push_back(owned.first);
    return true;
  });
  state.expelled = true;
  Share(state.group);
}

void GroupTable::Share(const std::string& name) {
  Group& group = groups_[name];
  ++group.generation;
  group.targets.clear();
  std::map<TopicPartition, std::vector<Member>> candidates;
  for (const auto& [member, state] : members_) {
    if (state.group != name || state.expelled) continue;
    for (const TopicPartition& partition : state.wanted) candidates[partition].push_back(member);
  }
  for (const auto& [partition, members] : candidates) {
    const std::uint64_t turn = static_cast<std::uint64_t>(partition.partition) + group.rotation;
    group.targets[partition] = members[turn % members.size()];
  }
}

bool GroupTable::Keeps(const Group& group, const TopicPartition& partition,
                       const Owner& owner) const {
  if (sharing_ == Sharing::kEager && owner.generation != group.generation) return false;
  const auto target = group.targets.find(partition);
  return target != group.targets.end() && target->second == owner.member;
}

std::vector<GroupTable::Change> GroupTable::TakeChanges(Member member) {
  MemberState& state = members_.at(member);
  Group& group = groups_[state.group];
  std::vector<Change> changes;
  for (const TopicPartition& partition : state.lost) {
    changes.push_back({Change::Kind::kLost, partition});
  }
  state.lost.clear();
  if (state.expelled) {
    state.expelled = false;
    Share(state.group);
  }
  std::erase_if(group.owners, [&](const auto& owned) {
    if (owned.second.member != member || Keeps(group, owned.first, owned.second)) return false;
    changes.push_back({Change::Kind::kRevoked, owned.first});
    return true;
  });
  // A partition that was just given back comes again only with the next call, so that its owner has
  // time to commit.
  const std::size_t given_back = changes.size();
  for (const auto& [partition, target] : group.targets) {
    if (target != member || group.owners.contains(partition)) continue;
    const bool just_now =
        std::any_of(changes.begin(), changes.begin() + static_cast<std::ptrdiff_t>(given_back),
                    [&p = partition](const Change& change) { return change.partition == p; });
    if (just_now) continue;
    group.owners[partition] = {member, group.generation};
    changes.push_back({Change::Kind::kAssigned, partition});
  }
  return changes;
}

bool GroupTable::Commit(Member member, const TopicPartition& partition, std::int64_t offset) {
  const MemberState& state = members_.at(member);
  const Group& group = groups_.at(state.group);
  const auto owner = group.owners.find(partition);
  // Right after a revocation nobody owns it yet: the last owner may still say how far it came.
  if (owner != group.owners.end() && owner->second.member != member) return false;
  if (state.expelled) return false;
  commits_[{state.group, partition}] = offset;
  return true;
}

std::int64_t GroupTable::Committed(Member member, const TopicPartition& partition) const {
  const auto found = commits_.find({members_.at(member).group, partition});
  return found == commits_.end() ? -1 : found->second;
}

const std::string& GroupTable::GroupOf(Member member) const {
  static const std::string kNone;
  const std::string& group = members_.at(member).group;
  return IsOwnGroup(group) ? kNone : group;
}

void GroupTable::RestoreCommit(const std::string& group, const TopicPartition& partition,
                               std::int64_t offset) {
  commits_[{group, partition}] = offset;
}

}  // namespace usher::log
