#include "log/embedded/reader.h"

#include <algorithm>
#include <chrono>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "support/status.h"

namespace usher::log {

absl::Status EmbeddedReader::Poll(std::size_t most, Duration wait, std::vector<ReaderEvent>& out) {
  const auto deadline = std::chrono::steady_clock::now() + wait;
  const std::size_t before = out.size();
  while (true) {
    // Not before all that was told is handed out: what is revoked was handed out as assigned.
    if (HandOut(most, out)) return absl::OkStatus();
    Glance glance = core_.Look(member_);
    TakeChanges(glance);
    if (HandOut(most, out)) return absl::OkStatus();
    for (const auto& [partition, position] : owned_) {
      USHER_RETURN_IF_ERROR(CheckRange(partition, position));
    }
    USHER_RETURN_IF_ERROR(ReadSome(most, out));
    if (out.size() > before) return absl::OkStatus();
    const auto left = deadline - std::chrono::steady_clock::now();
    if (left <= left.zero()) return absl::OkStatus();
    core_.Await(glance.version, std::chrono::duration_cast<Duration>(left));
  }
}

void EmbeddedReader::TakeChanges(Glance& glance) {
  for (ReaderEvent& change : glance.changes) {
    if (const auto* const assigned = std::get_if<Assigned>(&change)) {
      owned_[assigned->partition].state = core_.Partition(assigned->partition).value();
    } else if (const auto* const revoked = std::get_if<Revoked>(&change)) {
      owned_.erase(revoked->partition);
    }
    held_.push_back(std::move(change));
  }
}

bool EmbeddedReader::HandOut(std::size_t most, std::vector<ReaderEvent>& out) {
  const std::size_t count = std::min(most, held_.size());
  const auto end = held_.begin() + static_cast<std::ptrdiff_t>(count);
  out.insert(out.end(), std::make_move_iterator(held_.begin()), std::make_move_iterator(end));
  held_.erase(held_.begin(), end);
  return count > 0;
}

absl::Status EmbeddedReader::CheckRange(const TopicPartition& partition,
                                        const Position& position) const {
  if (!position.next) return absl::OkStatus();
  const PartitionRow seen = core_.Seen(*position.state);
  if (*position.next >= seen.begin && *position.next <= seen.end) return absl::OkStatus();
  return absl::OutOfRangeError(absl::StrCat("offset ", *position.next, " of ", ToText(partition),
                                            " is not there; it holds [", seen.begin, ", ", seen.end,
                                            ")"));
}

absl::Status EmbeddedReader::ReadSome(std::size_t most, std::vector<ReaderEvent>& out) {
  const std::size_t count = owned_.size();
  if (count == 0) return absl::OkStatus();
  ++turn_;
  for (std::size_t i = 0; i < count && most > 0; ++i) {
    const auto it = std::next(owned_.begin(), static_cast<std::ptrdiff_t>((turn_ + i) % count));
    Position& position = it->second;
    if (!position.next) continue;
    const std::int64_t end = core_.Seen(*position.state).end;
    if (*position.next >= end) continue;
    records_.clear();
    USHER_RETURN_IF_ERROR(
        core_.disk().Scan(position.state->place, it->first, *position.next, end, most, records_));
    const bool all = records_.size() < most;
    most -= records_.size();
    position.next = all ? end : records_.back().offset + 1;
    out.insert(out.end(), std::make_move_iterator(records_.begin()),
               std::make_move_iterator(records_.end()));
  }
  return absl::OkStatus();
}

absl::Status EmbeddedReader::Start(const TopicPartition& partition, std::int64_t offset) {
  const auto found = owned_.find(partition);
  if (found == owned_.end()) {
    return absl::FailedPreconditionError(ToText(partition) + " is not assigned to this reader");
  }
  found->second.next = offset;
  return absl::OkStatus();
}

absl::Status EmbeddedReader::Commit(const TopicPartition& partition, std::int64_t offset) {
  core_.Commit(member_, partition, offset);
  return absl::OkStatus();
}

}  // namespace usher::log
