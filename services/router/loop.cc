#include "router/loop.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/check.h"
#include "journal/topics.h"
#include "support/note.h"
#include "support/status.h"

namespace usher::router {
namespace {

constexpr Duration kAckSlice = 1ms;       // while decisions wait for room in the log's buffer
constexpr Duration kDueTickSlice = 10ms;  // while a Tick is on its way
constexpr Duration kProbeEvery = 1s;
constexpr Duration kCommitEvery = 1s;

// Clocks may be set back: then it is time again, rather than in an hour.
bool Elapsed(Instant since, Instant now, Duration every) {
  return now < since || now - since >= every;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Loop>> Loop::Open(const Options& options,
                                                 const journal::CommandLog& commands, log::Log& log,
                                                 Gauges& gauges, rpc::Health& health,
                                                 Progress& progress) {
  USHER_TRY(auto appender, log.OpenAppender());
  USHER_TRY(auto command_appender, log.OpenAppender());
  USHER_TRY(auto reader, log.OpenReader({.topics = {journal::kCommands},
                                         .group = options.group,
                                         .member_id = options.member_id,
                                         .beats = journal::kBeats}));
  return std::unique_ptr<Loop>(new Loop(options, commands, log, gauges, health, progress,
                                        std::move(appender), std::move(command_appender),
                                        std::move(reader)));
}

Loop::Loop(const Options& options, const journal::CommandLog& commands, log::Log& log,
           Gauges& gauges, rpc::Health& health, Progress& progress,
           std::unique_ptr<log::Appender> appender, std::unique_ptr<log::Appender> command_appender,
           std::unique_ptr<log::Reader> reader)
    : options_(options),
      log_(log),
      gauges_(gauges),
      health_(health),
      progress_(progress),
      appender_(std::move(appender)),
      writer_(commands, std::move(command_appender)),
      reader_(std::move(reader)),
      shared_{options, commands, log, gauges, *appender_, writer_} {}

absl::Status Loop::Step(Instant now, Duration wait) {
  if (!std::exchange(stepped_, true)) first_step_ = now;
  USHER_RETURN_IF_ERROR(TakeAcks());
  USHER_RETURN_IF_ERROR(writer_.Poll());
  for (auto& [number, partition] : partitions_) USHER_RETURN_IF_ERROR(partition->outbox().Pump());

  const bool draining = progress_.draining();
  if (draining || backlog()) {
    // Nothing is applied while decisions wait for room: memory stays bounded by one batch.
    if (wait > Duration::zero()) {
      const absl::Status flushed = appender_->Flush(std::min(wait, kAckSlice));
      if (!flushed.ok() && !absl::IsDeadlineExceeded(flushed)) return flushed;
    }
  } else {
    USHER_RETURN_IF_ERROR(Read(now, WaitFor(now, wait)));
    USHER_RETURN_IF_ERROR(Recover(now));
    USHER_RETURN_IF_ERROR(Probe(now));
    for (auto& [number, partition] : partitions_) {
      partition->CheckLive(now, false);
      USHER_RETURN_IF_ERROR(partition->Tend(now));
    }
  }
  Commit(now);
  Publish(now);
  if (draining) {
    const bool settled = std::all_of(partitions_.begin(), partitions_.end(), [](const auto& entry) {
      return entry.second->outbox().settled();
    });
    if (settled && writer_.pending() == 0) progress_.SetDrained();
  }
  return absl::OkStatus();
}

absl::Status Loop::TakeAcks() {
  acks_.clear();
  appender_->Poll(acks_);
  for (const log::Ack& ack : acks_) {
    const auto found = by_epoch_.find(Outbox::EpochOf(ack.token));
    // Of a partition that is gone: only a failure matters, since the appender is everyone's.
    USHER_RETURN_IF_ERROR(found == by_epoch_.end() ? ack.status
                                                   : found->second->outbox().Take(ack));
  }
  return absl::OkStatus();
}

bool Loop::backlog() const {
  return std::any_of(partitions_.begin(), partitions_.end(),
                     [](const auto& entry) { return entry.second->outbox().backlog(); });
}

// Recovery wants every step; a timer wants to be met when it is due.
Duration Loop::WaitFor(Instant now, Duration wait) const {
  for (const auto& [number, partition] : partitions_) {
    if (partition->recovering() || partition->copying()) return Duration::zero();
    if (partition->outbox().bulk_bytes() > 0) wait = std::min(wait, kAckSlice);
    const Instant timer = partition->next_timer();
    if (timer == kNever) continue;
    wait = std::min(wait, timer > now ? timer - now : kDueTickSlice);
  }
  return wait;
}

absl::Status Loop::Read(Instant now, Duration wait) {
  events_.clear();
  const absl::Status status = reader_->Poll(options_.batch_max, wait, events_);
  if (!status.ok() && !absl::IsUnavailable(status)) return status;
  idle_ = true;
  for (const log::ReaderEvent& event : events_) {
    if (const auto* record = std::get_if<log::Record>(&event)) {
      const auto owned = partitions_.find(record->from.partition);
      USHER_CHECK(owned != partitions_.end());
      USHER_RETURN_IF_ERROR(owned->second->Apply(*record, now));
      idle_ = false;
    } else if (const auto* assigned = std::get_if<log::Assigned>(&event)) {
      USHER_RETURN_IF_ERROR(Take(*assigned, now));
    } else {
      Take(std::get<log::Revoked>(event));
    }
  }
  return absl::OkStatus();
}

absl::Status Loop::Take(const log::Assigned& assigned, Instant now) {
  const std::int32_t number = assigned.partition.partition;
  if (number < 0 || static_cast<std::size_t>(number) >= shared_.commands.log_ids.size()) {
    return absl::FailedPreconditionError(
        absl::StrCat(journal::kCommands, "/", number,
                     ": a partition that was not there at start-up; desks would change theirs"));
  }
  joined_ = true;
  Take(log::Revoked{assigned.partition});
  const std::uint32_t epoch = next_epoch_++;
  auto partition = std::make_unique<Partition>(shared_, epoch, assigned, now);
  by_epoch_[epoch] = partition.get();
  partitions_[number] = std::move(partition);
  note::Info("partition.assigned", {{"partition", number}, {"end", assigned.end}});
  return absl::OkStatus();
}

void Loop::Take(const log::Revoked& revoked) {
  const auto owned = partitions_.find(revoked.partition.partition);
  if (owned == partitions_.end()) return;
  note::Info("partition.revoked", {{"partition", owned->first},
                                   {"position", owned->second->position()},
                                   {"lost", revoked.lost}});
  std::erase_if(by_epoch_, [&](const auto& entry) { return entry.second == owned->second.get(); });
  partitions_.erase(owned);
}

absl::Status Loop::Recover(Instant) {
  for (auto& [number, partition] : partitions_) {
    if (!partition->recovering()) continue;
    const absl::StatusOr<bool> done = partition->Recover();
    if (absl::IsUnavailable(done.status())) continue;  // the log asks to try again
    if (!done.ok()) return done.status();
    if (!*done) continue;
    const absl::Status started =
        reader_->Start({journal::kCommands, number}, partition->position());
    // The group has taken it back meanwhile; the reader is about to say so.
    if (absl::IsFailedPrecondition(started)) continue;
    USHER_RETURN_IF_ERROR(started);
  }
  return absl::OkStatus();
}

// Offsets may have gaps: a partition whose end is a gap would never reach it by counting.
absl::Status Loop::Probe(Instant now) {
  if (!idle_ || !Elapsed(last_probe_, now, kProbeEvery)) return absl::OkStatus();
  for (auto& [number, partition] : partitions_) {
    if (partition->recovering() || partition->live() || partition->replay_left() == 0) continue;
    last_probe_ = now;
    const auto next = log_.ReadRange({journal::kCommands, number}, partition->position(), 1);
    if (absl::IsUnavailable(next.status())) continue;
    if (!next.ok()) return next.status();
    partition->CheckLive(now, next->empty());
  }
  return absl::OkStatus();
}

// For operators' tools only: where replay begins is told by the snapshots.
void Loop::Commit(Instant now) {
  if (!Elapsed(last_commit_, now, kCommitEvery)) return;
  last_commit_ = now;
  for (auto& [number, partition] : partitions_) {
    if (partition->recovering() || !partition->outbox().settled()) continue;
    const absl::Status status =
        reader_->Commit({journal::kCommands, number}, partition->position());
    if (!status.ok()) {
      note::Debug("offset.uncommitted",
                  {{"partition", number}, {"reason", std::string(status.message())}});
    }
  }
}

void Loop::Publish(Instant now) {
  std::size_t live = 0;
  std::size_t desks = 0;
  std::size_t quarantined = 0;
  std::uint32_t logic = 0;
  std::int64_t replay_left = 0;
  double snapshot_age = 0;
  Progress::Places places;
  for (const auto& [number, partition] : partitions_) {
    live += partition->live() ? 1 : 0;
    desks += partition->desks();
    replay_left += partition->replay_left();
    if (const auto at = partition->unsaved_since(); at && *at < now) {
      snapshot_age = std::max(snapshot_age, std::chrono::duration<double>(now - *at).count());
    }
    if (partition->recovering()) continue;
    quarantined += partition->held();
    logic = logic == 0 ? partition->logic() : std::min(logic, partition->logic());
    places[number] = {partition->position(), partition->live(), partition->log_time()};
  }
  gauges_.live.Set(static_cast<double>(live));
  gauges_.recovering.Set(static_cast<double>(partitions_.size() - live));
  gauges_.desks.Set(static_cast<double>(desks));
  gauges_.quarantined.Set(static_cast<double>(quarantined));
  gauges_.logic.Set(static_cast<double>(logic));
  gauges_.replay_left.Set(static_cast<double>(replay_left));
  gauges_.snapshot_age.Set(snapshot_age);
  progress_.Set(std::move(places));

  const bool joined = joined_ || now - first_step_ >= options_.join_grace;
  const bool serving = joined && live == partitions_.size() && !progress_.draining();
  if (serving != serving_) health_.Set(kServiceName, serving);
  serving_ = serving;
}

}  // namespace usher::router
