#include "insights/loop.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "insights/keys.h"
#include "support/note.h"
#include "support/status.h"
#include "wire/records.h"

namespace usher::insights {
namespace {

constexpr Duration kCommitEvery = 1s;  // it only informs
constexpr Duration kLongestPause = 1min;

bool TryAgain(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status);
}

// A wall clock that was set back must not stop what is to be done every so often.
bool Due(Instant now, Instant at) { return now >= at || at - now > kLongestPause; }

std::string StampText(const Stamp& stamp) {
  if (stamp.none()) return "none";
  return stamp.log.ToString() + "/" + std::to_string(stamp.partition) + "/" +
         std::to_string(stamp.offset) + "/" + std::to_string(stamp.index);
}

std::string PlaceText(const log::Record& record) {
  return record.from.topic + "/" + std::to_string(record.from.partition) + " offset " +
         std::to_string(record.offset);
}

}  // namespace

Loop::Loop(const LoopOptions& options, log::Log& log, std::unique_ptr<log::Reader> reader,
           std::unique_ptr<store::Store> store, Observer& observer, Positions& positions,
           rpc::Health& health, Pause& pause)
    : options_(options),
      log_(log),
      reader_(std::move(reader)),
      store_(std::move(store)),
      observer_(observer),
      positions_(positions),
      health_(health),
      pause_(pause) {}

absl::Status Loop::Step(Instant now, Duration wait) {
  if (!began_) began_ = now;
  if (!store_away_ || Due(now, store_again_)) {
    USHER_RETURN_IF_ERROR(LoadAll(now));
    USHER_RETURN_IF_ERROR(ApplyAll(now));
    if (store_away_) USHER_RETURN_IF_ERROR(LookForLoss(now));
  }
  if (store_away_) {
    // Nothing more is read than the store takes. The group may give the partitions to another
    // meanwhile; that one will wait for the same store.
    pause_.For(std::min(wait, options_.retry_after));
    TellHealth(now);
    return absl::OkStatus();
  }
  events_.clear();
  const absl::Status polled = reader_->Poll(options_.batch_decisions_max, wait, events_);
  if (!polled.ok() && !TryAgain(polled)) return polled;
  for (const log::ReaderEvent& event : events_) USHER_RETURN_IF_ERROR(Handle(event));
  USHER_RETURN_IF_ERROR(LoadAll(now));
  USHER_RETURN_IF_ERROR(ApplyAll(now));
  USHER_RETURN_IF_ERROR(LookForLoss(now));
  TellHealth(now);
  return absl::OkStatus();
}

absl::Status Loop::Handle(const log::ReaderEvent& event) {
  if (const auto* assigned = std::get_if<log::Assigned>(&event)) {
    Partition partition;
    partition.assigned = *assigned;
    partition.caught_up_at = assigned->end;
    // What the group has committed was shown by some process, even if the views are lost.
    partition.shown_to =
        std::max({assigned->committed, shown_[assigned->partition], std::int64_t{0}});
    partitions_.insert_or_assign(assigned->partition, std::move(partition));
    return absl::OkStatus();
  }
  if (const auto* revoked = std::get_if<log::Revoked>(&event)) {
    const auto partition = partitions_.find(revoked->partition);
    if (partition == partitions_.end()) return absl::OkStatus();
    observer_.Withdraw(revoked->partition.partition);
    positions_.Remove(revoked->partition);
    partitions_.erase(partition);
    return absl::OkStatus();
  }
  const auto& record = std::get<log::Record>(event);
  const auto partition = partitions_.find(record.from);
  if (partition == partitions_.end()) return absl::OkStatus();
  return Take(partition->second, record);
}

absl::Status Loop::Take(Partition& partition, const log::Record& record) {
  // Not loaded, or read anew from another place: what still comes is of the old place.
  if (!partition.view || record.offset < partition.read_to) return absl::OkStatus();
  const absl::StatusOr<wire::DecisionRecord> decision = wire::DecodeDecision(record.value);
  if (!decision.ok()) {
    return absl::DataLossError(PlaceText(record) +
                               ": not a decision: " + std::string(decision.status().message()));
  }
  const Stamp before = partition.filter.watermark();
  switch (partition.filter.Take(decision->stamp, decision->previous)) {
    case journal::Verdict::kNew:
      partition.view->Take(*decision, record.value, record.offset);
      break;
    case journal::Verdict::kRepeated:
      break;
    case journal::Verdict::kGap:
      return absl::DataLossError(
          PlaceText(record) + ": a gap: decision " + StampText(decision->stamp) + " follows " +
          StampText(decision->previous) + ", but the last one seen is " + StampText(before));
    case journal::Verdict::kAlien:
      return absl::DataLossError(PlaceText(record) + ": decision " + StampText(decision->stamp) +
                                 " is another log's than " + StampText(before) +
                                 "; if the log was made anew, flush the store");
  }
  partition.read_to = record.offset + 1;
  return absl::OkStatus();
}

absl::StatusOr<Tally::Rows> Loop::LoadTally(const View& view, std::int32_t partition) {
  if (!view.watermark()) return Tally::Rows();
  USHER_TRY(Tally::Rows rows, store_->GetTable(TallyTable(partition)));
  // Another owner may have moved on since the view was read.
  USHER_TRY(const std::optional<std::string> after, store_->Get(WatermarkKey(partition)));
  if (after != view.stored_watermark()) {
    return absl::UnavailableError("insights: the views moved while they were read");
  }
  return rows;
}

absl::Status Loop::LoadAll(Instant now) {
  for (auto& [name, partition] : partitions_) {
    if (!partition.view && Due(now, partition.look_again)) {
      USHER_RETURN_IF_ERROR(Load(partition, now));
    }
  }
  return absl::OkStatus();
}

absl::Status Loop::Load(Partition& partition, Instant now) {
  const log::TopicPartition& name = partition.assigned.partition;
  absl::StatusOr<View> view =
      View::Load(*store_, name.partition, options_.ended_ttl, options_.facts_keep);
  if (!view.ok()) {
    partition.look_again = now + options_.retry_after;
    return Away(view.status(), "load", now);
  }
  absl::StatusOr<Tally::Rows> tally = LoadTally(*view, name.partition);
  if (!tally.ok()) {
    partition.look_again = now + options_.retry_after;
    return Away(tally.status(), "load", now);
  }
  store_away_.reset();
  std::int64_t start = partition.assigned.begin;
  Stamp seen;
  if (view->watermark()) {
    const absl::StatusOr<std::int64_t> end = log_.EndOffset(name);
    if (!end.ok()) {
      partition.look_again = now + options_.retry_after;
      return TryAgain(end.status()) ? absl::OkStatus() : end.status();
    }
    if (view->watermark()->next_offset > *end) {
      return absl::FailedPreconditionError(name.topic + "/" + std::to_string(name.partition) +
                                           " ends at " + std::to_string(*end) +
                                           ", but the views in the store are already at " +
                                           std::to_string(view->watermark()->next_offset) +
                                           ": they are of another log; flush the store");
    }
    start = view->watermark()->next_offset;
    seen = view->watermark()->stamp;
    partition.shown_to = std::max(partition.shown_to, start);
  }
  partition.rebuilding = !view->watermark() && partition.shown_to > start;
  if (partition.rebuilding) {
    observer_.Rebuilding();
    note::Warn("views.rebuilding", {{"partition", name.partition}, {"from_offset", start}});
  }
  if (const absl::Status started = reader_->Start(name, start); !started.ok()) {
    // Gone already: the Revoked that says so is on its way.
    if (!absl::IsFailedPrecondition(started)) return started;
    partition.look_again = now + options_.retry_after;
    return absl::OkStatus();
  }
  partition.view.emplace(*std::move(view));
  partition.filter = journal::DecisionFilter(seen);
  partition.read_to = start;
  partition.batch.reset();
  partition.look_again = now + options_.check_every;
  observer_.Load(name.partition, *partition.view, *tally, partition.rebuilding);
  positions_.Set(name, start);
  return absl::OkStatus();
}

absl::Status Loop::ApplyAll(Instant now) {
  for (auto& [name, partition] : partitions_) {
    if (!partition.view) continue;
    if (!partition.batch) {
      partition.batch = partition.view->MakeBatch();
      if (partition.batch) {
        observer_.Count(name.partition, *partition.view, now, *partition.batch);
      }
    }
    if (partition.batch) {
      USHER_RETURN_IF_ERROR(Apply(partition, now));
    } else {
      positions_.Set(name, partition.read_to);
    }
  }
  return absl::OkStatus();
}

absl::Status Loop::Apply(Partition& partition, Instant now) {
  const absl::StatusOr<bool> applied = store_->Apply(*partition.batch);
  if (!applied.ok()) return Away(applied.status(), "apply", now);
  if (*applied) return Settle(partition, now);

  // Another watermark. If it is the one that this batch brings, an earlier try of it landed without
  // our knowing; or another owner took the same decisions, which comes to the same.
  const absl::StatusOr<std::optional<std::string>> found =
      store_->Get(partition.batch->watermark_key);
  if (!found.ok()) return Away(found.status(), "get", now);
  if (*found == partition.batch->next) return Settle(partition, now);
  note::Warn("views.stale", {{"partition", partition.assigned.partition.partition},
                             {"lost", !found->has_value()}});
  Drop(partition, now);
  return absl::OkStatus();
}

absl::Status Loop::Settle(Partition& partition, Instant now) {
  store_away_.reset();
  const log::TopicPartition& name = partition.assigned.partition;
  const std::int64_t next = partition.view->watermark()->next_offset;
  observer_.Settle(name.partition, *partition.view, next < partition.shown_to);
  partition.view->Committed();
  partition.batch.reset();
  partition.shown_to = std::max(partition.shown_to, next);
  shown_[name] = partition.shown_to;
  partition.look_again = now + options_.check_every;
  positions_.Set(name, partition.read_to);
  if (Due(now, partition.commit_again)) {
    USHER_RETURN_IF_ERROR(Commit(partition));
    partition.commit_again = now + kCommitEvery;
  }
  return absl::OkStatus();
}

absl::Status Loop::LookForLoss(Instant now) {
  for (auto& [name, partition] : partitions_) {
    if (!partition.view || partition.batch || !Due(now, partition.look_again)) continue;
    partition.look_again = now + options_.check_every;
    const absl::StatusOr<std::optional<std::string>> found =
        store_->Get(WatermarkKey(name.partition));
    if (!found.ok()) {
      USHER_RETURN_IF_ERROR(Away(found.status(), "get", now));
      continue;
    }
    store_away_.reset();
    if (*found != partition.view->stored_watermark()) {
      note::Warn("views.stale", {{"partition", name.partition}, {"lost", !found->has_value()}});
      Drop(partition, now);
      continue;
    }
    USHER_RETURN_IF_ERROR(Commit(partition));
  }
  return absl::OkStatus();
}

absl::Status Loop::Commit(Partition& partition) {
  const std::optional<Watermark>& watermark = partition.view->watermark();
  if (!watermark || watermark->next_offset <= partition.committed) return absl::OkStatus();
  const absl::Status status = reader_->Commit(partition.assigned.partition, watermark->next_offset);
  if (absl::IsFailedPrecondition(status)) return absl::OkStatus();  // gone already; it only informs
  if (status.ok()) partition.committed = watermark->next_offset;
  return status;
}

void Loop::Drop(Partition& partition, Instant now) {
  partition.view.reset();
  partition.batch.reset();
  partition.look_again = now + options_.retry_after;  // two owners must not chase each other
  const absl::StatusOr<std::int64_t> end = log_.EndOffset(partition.assigned.partition);
  if (end.ok()) partition.caught_up_at = *end;
}

absl::Status Loop::Away(const absl::Status& status, const char* call, Instant now) {
  if (!TryAgain(status)) return status;
  observer_.StoreFailed(call);
  store_again_ = now + options_.retry_after;
  if (!store_away_) {
    store_away_ = now;
    note::Warn("store.away", {{"call", call}, {"error", std::string(status.message())}});
  }
  return absl::OkStatus();
}

void Loop::TellHealth(Instant now) {
  bool caught_up = !store_away_;
  bool rebuilt = true;
  for (auto& [name, partition] : partitions_) {
    const bool there = partition.view && partition.read_to >= partition.caught_up_at;
    if (there) partition.rebuilding = false;
    caught_up = caught_up && there;
    rebuilt = rebuilt && !partition.rebuilding;
  }
  // Without a partition of its own a process serves from the store what the others keep there, but
  // not before the group had its time to share them out.
  if (partitions_.empty() && now - *began_ < options_.alone_after) caught_up = false;
  // Once it serves, a rebalance does not stop it: the views are in the store, whoever keeps them.
  const bool serving = was_serving_ ? rebuilt && !store_away_ : caught_up;
  was_serving_ = was_serving_ || serving;
  if (health_.serving(kServiceName) != serving) health_.Set(kServiceName, serving);
}

}  // namespace usher::insights
