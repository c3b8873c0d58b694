#include "log/sim/sim_ports.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "support/status.h"

namespace usher::log {
namespace {

absl::Status Dead() { return absl::InternalError("simulated log: the appender failed for good"); }

}  // namespace

absl::Status SimAppender::Append(Entry entry, std::uint64_t token) {
  USHER_RETURN_IF_ERROR(CheckEntryBytes(entry, log_.entry_bytes_max()));
  log_.Advance();
  if (producer_.under_way + producer_.acks.size() >= log_.options_.pending_entries_max ||
      log_.Draw(log_.faults.buffer_full_permille)) {
    return absl::ResourceExhaustedError("simulated log: the buffer is full");
  }
  const Instant now = log_.Now();
  if (producer_.dead || log_.Draw(log_.faults.append_fails_permille)) {
    Die(std::move(entry), token);
    return absl::OkStatus();
  }
  if (log_.Find(entry.to) == nullptr) {
    producer_.acks.push_back(
        {now, {token, absl::NotFoundError("no partition " + ToText(entry.to)), entry.to, -1}});
    return absl::OkStatus();
  }
  Instant& land_at = producer_.last_land_at[entry.to];
  land_at = std::max(land_at, now + log_.DrawUpTo(log_.faults.land_max));
  ++producer_.under_way;
  log_.flights_.emplace(std::make_pair(land_at, log_.next_flight_++),
                        SimLog::Flight{&producer_, std::move(entry), token, now});
  log_.Advance();
  return absl::OkStatus();
}

void SimAppender::Die(Entry entry, std::uint64_t token) {
  const Instant now = log_.Now();
  if (!producer_.dead) {
    producer_.dead = true;
    log_.stats_["append_failed_total"] += 1;
    // What it had under way fails too, in order; Crash() draws what of it lands.
    for (const auto& [key, flight] : log_.flights_) {
      if (flight.producer != &producer_) continue;
      producer_.acks.push_back({now, {flight.token, Dead(), flight.entry.to, -1}});
    }
    log_.Crash(producer_);
  }
  producer_.acks.push_back({now, {token, Dead(), std::move(entry.to), -1}});
}

void SimAppender::Poll(std::vector<Ack>& acks) {
  log_.Advance();
  const Instant now = log_.Now();
  std::erase_if(producer_.acks, [&](SimLog::PendingAck& pending) {
    if (pending.ready_at > now) return false;
    acks.push_back(std::move(pending.ack));
    return true;
  });
}

absl::Status SimAppender::Flush(Duration) {
  log_.Advance();
  log_.LandAll(producer_);
  for (SimLog::PendingAck& pending : producer_.acks) pending.ready_at = Instant::min();
  return absl::OkStatus();
}

absl::Status SimReader::Poll(std::size_t most, Duration, std::vector<ReaderEvent>& out) {
  log_.Advance();
  if (log_.Draw(log_.faults.unavailable_permille)) {
    return absl::UnavailableError("simulated log: no answer");
  }
  if (!group_.empty() && log_.Draw(log_.faults.rebalance_permille)) log_.Rebalance(group_);
  if (!group_.empty() && log_.Draw(log_.faults.expel_permille)) log_.Expel(member_);
  // Not before all that was told is handed out: what is revoked was handed out as assigned.
  if (held_.empty() && !Deaf()) TakeChanges();
  if (!held_.empty()) {
    const auto end = held_.begin() + static_cast<std::ptrdiff_t>(std::min(most, held_.size()));
    out.insert(out.end(), std::make_move_iterator(held_.begin()), std::make_move_iterator(end));
    held_.erase(held_.begin(), end);
    return absl::OkStatus();
  }
  for (auto& [partition, position] : owned_) {
    const SimLog::Partition& state = *log_.Find(partition);
    if (!position.next) continue;
    bool there = *position.next >= state.begin && *position.next <= state.end;
    for (; position.cuts < state.cuts.size(); ++position.cuts) {
      there = there && *position.next <= state.cuts[position.cuts];
    }
    if (there) continue;
    return absl::OutOfRangeError(absl::StrCat("offset ", *position.next, " of ", ToText(partition),
                                              " is not there; it holds [", state.begin, ", ",
                                              state.end, ")"));
  }
  ++turn_;
  const std::size_t count = owned_.size();
  for (std::size_t i = 0; i < count && most > 0; ++i) {
    const auto it = std::next(owned_.begin(), static_cast<std::ptrdiff_t>((turn_ + i) % count));
    if (it->second.next) ReadSome(it->first, *it->second.next, most, out);
  }
  return absl::OkStatus();
}

bool SimReader::Deaf() {
  const auto until = log_.deaf_until_.find(member_);
  if (until == log_.deaf_until_.end()) return false;
  if (log_.Now() < until->second) return true;
  log_.deaf_until_.erase(until);
  return false;
}

void SimReader::TakeChanges() {
  for (const GroupTable::Change& change : log_.groups_.TakeChanges(member_)) {
    if (change.kind == GroupTable::Change::Kind::kAssigned) {
      const SimLog::Partition& state = *log_.Find(change.partition);
      owned_[change.partition] = Position();
      held_.push_back(Assigned{change.partition, log_.groups_.Committed(member_, change.partition),
                               state.begin, state.end});
    } else {
      owned_.erase(change.partition);
      held_.push_back(Revoked{change.partition, change.kind == GroupTable::Change::Kind::kLost});
    }
  }
}

void SimReader::ReadSome(const TopicPartition& from, std::int64_t& next, std::size_t& most,
                         std::vector<ReaderEvent>& out) {
  const auto& records = log_.Find(from)->records;
  const Instant now = log_.Now();
  for (auto it = records.lower_bound(next); it != records.end() && most > 0; ++it, --most) {
    if (it->second.visible_at > now) return;
    out.push_back(it->second.record);
    next = it->first + 1;
  }
}

absl::Status SimReader::Start(const TopicPartition& partition, std::int64_t offset) {
  const auto found = owned_.find(partition);
  if (found == owned_.end()) {
    return absl::FailedPreconditionError(ToText(partition) + " is not assigned to this reader");
  }
  found->second = {offset, log_.Find(partition)->cuts.size()};
  return absl::OkStatus();
}

absl::Status SimReader::Commit(const TopicPartition& partition, std::int64_t offset) {
  if (log_.Draw(log_.faults.commit_lost_permille)) return absl::OkStatus();
  log_.groups_.Commit(member_, partition, offset);
  return absl::OkStatus();
}

}  // namespace usher::log
