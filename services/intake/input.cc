#include "intake/input.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "core/check.h"
#include "support/note.h"
#include "support/status.h"

namespace usher::intake {
namespace {

constexpr Duration kSettleTime = 10s;  // longer than a group needs to share its partitions out
constexpr Duration kQuietTime = 10s;   // longer than a log takes to give what it has

}  // namespace

Input::Input(std::unique_ptr<log::Reader> reader, Duration commit_every)
    : reader_(std::move(reader)), commit_every_(commit_every) {}

absl::Status Input::Poll(std::size_t most, Duration wait, std::vector<Taken>& out) {
  events_.clear();
  const absl::Status status = reader_->Poll(most, wait, events_);
  if (absl::IsUnavailable(status)) return absl::OkStatus();
  USHER_RETURN_IF_ERROR(status);
  for (log::ReaderEvent& event : events_) {
    if (const auto* assigned = std::get_if<log::Assigned>(&event)) {
      TakeAssigned(*assigned);
    } else if (const auto* revoked = std::get_if<log::Revoked>(&event)) {
      partitions_.erase(revoked->partition);
      note::Info("input.revoked", {{"topic", revoked->partition.topic},
                                   {"partition", revoked->partition.partition},
                                   {"lost", revoked->lost}});
    } else {
      auto& record = std::get<log::Record>(event);
      const auto found = partitions_.find(record.from);
      if (found == partitions_.end()) continue;
      found->second.next = record.offset + 1;
      came_ = true;
      Place place{record.from, record.offset, found->second.assignment};
      out.push_back({std::move(record), std::move(place)});
    }
  }
  return StartNew();
}

void Input::TakeAssigned(const log::Assigned& assigned) {
  std::int64_t start = assigned.committed < 0 ? assigned.begin : assigned.committed;
  if (start < assigned.begin) {
    lost_records_ += assigned.begin - start;
    note::Error("input.lost", {{"topic", assigned.partition.topic},
                               {"partition", assigned.partition.partition},
                               {"records", assigned.begin - start}});
    start = assigned.begin;
  }
  partitions_.insert_or_assign(assigned.partition, Partition{++assignments_, Span(start), start,
                                                             false, start, assigned.end});
  came_ = true;
  settles_ = Instant();
  note::Info("input.assigned", {{"topic", assigned.partition.topic},
                                {"partition", assigned.partition.partition},
                                {"offset", start}});
}

absl::Status Input::StartNew() {
  for (auto at = partitions_.begin(); at != partitions_.end();) {
    auto& [name, partition] = *at;
    absl::Status status;
    if (!partition.started) status = reader_->Start(name, partition.committed);
    partition.started = true;
    if (absl::IsFailedPrecondition(
            status)) {  // it came and went at once; its end is still to be told
      at = partitions_.erase(at);
      continue;
    }
    USHER_RETURN_IF_ERROR(status);
    ++at;
  }
  return absl::OkStatus();
}

const Input::Partition* Input::Find(const Place& place) const {
  const auto found = partitions_.find(place.partition);
  if (found == partitions_.end() || found->second.assignment != place.assignment) return nullptr;
  return &found->second;
}

std::int64_t Input::Width(const Place& place) const {
  const Partition* partition = Find(place);
  return partition == nullptr ? 0 : partition->span.WidthWith(place.offset);
}

void Input::Begin(const Place& place) {
  const auto found = partitions_.find(place.partition);
  USHER_CHECK(found != partitions_.end() && found->second.assignment == place.assignment);
  found->second.span.Begin(place.offset);
}

void Input::Done(const Place& place) {
  if (Holds(place)) partitions_.find(place.partition)->second.span.Done(place.offset);
}

absl::Status Input::Rewind(const Place& place) {
  if (!Holds(place)) return absl::OkStatus();
  Partition& partition = partitions_.find(place.partition)->second;
  partition.next = place.offset;
  partition.behind = std::max(partition.behind, place.offset + 1);
  return reader_->Start(place.partition, place.offset);
}

absl::Status Input::Commit(Instant now, bool at_once) {
  if (!at_once && now < commit_next_) return absl::OkStatus();
  commit_next_ = now + commit_every_;
  for (auto& [name, partition] : partitions_) {
    const std::int64_t done_below = partition.span.done_below();
    if (done_below <= partition.committed) continue;
    const absl::Status status = reader_->Commit(name, done_below);
    if (absl::IsUnavailable(status)) continue;  // the next one covers it
    USHER_RETURN_IF_ERROR(status);
    partition.committed = done_below;
  }
  return absl::OkStatus();
}

std::size_t Input::under_way() const {
  std::size_t sum = 0;
  for (const auto& [name, partition] : partitions_) sum += partition.span.under_way();
  return sum;
}

bool Input::Settled(Instant now) {
  if (settles_ == kNever) settles_ = now + kSettleTime;
  return now >= settles_;
}

bool Input::CaughtUp(Instant now) {
  if (std::exchange(came_, false) || quiet_ == kNever) quiet_ = now + kQuietTime;
  if (!Settled(now)) return false;
  return now >= quiet_ || std::all_of(partitions_.begin(), partitions_.end(), [](const auto& one) {
           return one.second.next >= one.second.behind;
         });
}

}  // namespace usher::intake
