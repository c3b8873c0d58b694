#include "router/partition.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "core/check.h"
#include "journal/topics.h"
#include "router/renewals.h"
#include "router/round.h"
#include "support/note.h"
#include "support/status.h"
#include "usher/v1/snapshot.pb.h"
#include "wire/fields.h"
#include "wire/policy.h"

namespace usher::router {
namespace {

constexpr std::uint64_t kSkipsNoted = 10;            // one by one; then
constexpr std::uint64_t kSkipsBetweenNotes = 1'000;  // every so many
constexpr std::size_t kKeyBytes = 64;                // of an entry, besides its value

}  // namespace

Partition::Partition(const Shared& shared, std::uint32_t epoch, const log::Assigned& assigned,
                     Instant now)
    : shared_(shared),
      number_(assigned.partition.partition),
      log_id_(shared.commands.log_ids[static_cast<std::size_t>(assigned.partition.partition)]),
      assigned_at_(now),
      end_(assigned.end),
      outbox_(epoch, shared.appender),
      recovery_(std::make_unique<Recovery>(shared_.options, shared_.commands, shared_.log,
                                           shared_.gauges, number_, assigned.begin)),
      replica_(shared_.options, shared_.commands, shared_.log, number_),
      desks_(replica_.desks()) {}

Partition::~Partition() = default;

absl::StatusOr<bool> Partition::Recover() {
  USHER_CHECK(recovery_ != nullptr);
  USHER_TRY(const bool done, recovery_->Advance());
  if (!done) return false;
  if (!found_) found_ = recovery_->Take();
  USHER_RETURN_IF_ERROR(TakeQuarantines(found_->last));
  Recovered& found = *found_;
  recovery_.reset();
  next_ = found.replay_from;
  last_ = recovered_ = found.last;
  told_ = std::move(found.told);
  snapshot_number_ = found.number;
  if (found.from_snapshot) snapshot_at_ = round_at_ = found.snapshot_at;
  replica_.Restore(std::move(found.desks), found.logic);
  for (std::size_t i = 0; i < desks_.size(); ++i) {
    if (desks_[i]->timer != kNever) timers_.emplace(desks_[i]->timer, i);
  }
  note::Info("partition.replaying", {{"partition", number_},
                                     {"from", next_},
                                     {"end", end_},
                                     {"snapshot", found.from_snapshot},
                                     {"desks", desks_.size()}});
  found_.reset();
  return true;
}

// Before anything is replayed: a command that crashes each engine must be known before it comes.
// Where the decision log is past it, some engine got by, and strikes mean nothing any more.
absl::Status Partition::TakeQuarantines(const Stamp& last) {
  USHER_TRY(const PartitionQuarantines quarantines, ReadQuarantines(shared_.log, log_id_, number_));
  for (const Hold& hold : quarantines.holds) replica_.Add(hold);
  for (const Hold& hold : DueHolds(quarantines)) {
    if (last.offset >= hold.offset) continue;
    USHER_RETURN_IF_ERROR(AppendAndWait(shared_.log, {HoldEntry(log_id_, number_, hold)}));
    replica_.Add(hold);
    note::Error("desk.quarantined", {{"desk", hold.desk.view()},
                                     {"partition", number_},
                                     {"offset", hold.offset},
                                     {"reason", "a command crashed twice"}});
  }
  return absl::OkStatus();
}

void Partition::CheckLive(Instant now, bool exhausted) {
  if (live_ || recovering() || (next_ < end_ && !exhausted)) return;
  live_ = true;
  shared_.gauges.recovery.Set(std::chrono::duration<double>(now - assigned_at_).count());
  note::Info("partition.recovered",
             {{"partition", number_}, {"position", next_}, {"desks", desks_.size()}});
}

void Partition::Skip(const log::Record& record, telemetry::Counter& counter, const char* why) {
  counter.Add();
  ++skipped_;
  if (skipped_ > kSkipsNoted && skipped_ % kSkipsBetweenNotes != 0) return;
  note::Warn(
      "command.skipped",
      {{"partition", number_}, {"offset", record.offset}, {"problem", why}, {"skipped", skipped_}});
}

absl::Status Partition::Apply(const log::Record& record, Instant now) {
  USHER_CHECK(!recovering() && record.offset >= next_);
  next_ = record.offset + 1;
  log_time_ = record.at;
  if (const auto told = told_.find(record.offset); told != told_.end()) {
    if (told->second != record.at) return Rewritten(number_, record.offset);
    told_.erase(told_.begin(), std::next(told));
  }
  USHER_RETURN_IF_ERROR(replica_.Take(record, taken_));
  switch (taken_.what) {
    case Taken::What::kUndecodable:
      Skip(record, shared_.gauges.undecodable, taken_.problem.c_str());
      break;
    case Taken::What::kMisplaced:
      Skip(record, shared_.gauges.misplaced, "the desk belongs to another partition");
      break;
    case Taken::What::kTooManyDesks:
      Skip(record, shared_.gauges.too_many_desks, "the partition has as many desks as it may");
      break;
    case Taken::What::kSuperseded:
      Skip(record, shared_.gauges.superseded, "the policy that it renews is no longer in force");
      break;
    case Taken::What::kSwitched:
      note::Info("logic.switched",
                 {{"partition", number_}, {"offset", record.offset}, {"logic", replica_.logic()}});
      break;
    case Taken::What::kHeld:
      return TakeHeld(record);
    case Taken::What::kNothing:
    case Taken::What::kIncluded:
      break;
    case Taken::What::kDecided:
      return Emit(record, now);
  }
  return absl::OkStatus();
}

// It is neither applied nor decided. Its state stands still, so a round that waits for the desk
// need not: what is saved is saved as of the last command applied.
absl::Status Partition::TakeHeld(const log::Record& record) {
  Desk& desk = *taken_.desk;
  shared_.gauges.held.Add();
  SetTimer(taken_.index, kNever);
  if (taken_.hold) {
    outbox_.Put(HoldEntry(log_id_, number_, {desk.name, record.offset}));
    note::Warn("desk.quarantined", {{"desk", desk.name.view()},
                                    {"partition", number_},
                                    {"offset", record.offset},
                                    {"reason", "a command asked for it"}});
  }
  if (round_ == nullptr || desk.included < 0) return absl::OkStatus();
  const auto copy = round_->copies.find(taken_.index);
  if (copy == round_->copies.end() || !copy->second.asked || copy->second.ended) {
    return absl::OkStatus();
  }
  EndCopy(desk, copy->second, desk.engine.StateHash());
  return absl::OkStatus();
}

absl::Status Partition::Emit(const log::Record& record, Instant now) {
  DecisionList& decided = taken_.decided;
  // Else each round would be the cause of the next one.
  if (!taken_.checkpoint) ++commands_since_round_;
  if (!round_at_) round_at_ = record.at;
  shared_.gauges.commands.Add();
  if (record.offset == recovered_.offset && decided.size() <= recovered_.index) {
    return absl::InternalError(absl::StrCat(
        journal::kDecisions, "/", number_, " holds decision ", recovered_.index, " of command ",
        record.offset, ", which this engine does not make: another logic, or a fault"));
  }
  state_hash_.reset();
  for (std::size_t i = 0; i < decided.size(); ++i) {
    const auto* checkpointed = std::get_if<Checkpointed>(&decided[i].body);
    // Of those that were held the state has moved on meanwhile.
    if (checkpointed != nullptr && !taken_.released) state_hash_ = checkpointed->hash;
    const Stamp stamp{log_id_, number_, record.offset, static_cast<std::uint32_t>(i)};
    if (!stamp.After(last_)) continue;
    log::Entry entry{{journal::kDecisions, number_}, taken_.desk->name.ToString(), {}, {}};
    entry.value =
        wire::EncodeDecision({stamp, last_, taken_.desk->name, record.at, std::move(decided[i])});
    outbox_.PutDecision(std::move(entry), stamp);
    shared_.gauges.decisions.Add();
    last_ = stamp;
  }
  for (const Taken::Applied& applied : taken_.applied) PutPolicy(applied);
  if (taken_.released) {
    note::Info("desk.released", {{"desk", taken_.desk->name.view()},
                                 {"partition", number_},
                                 {"offset", record.offset},
                                 {"decisions", decided.size()}});
  }
  ReadBack(now);
  return absl::OkStatus();
}

// Also in replay: a snapshot is written only after the policies before it are in their topic, so
// one that may be missing there is always after the place where replay begins.
void Partition::PutPolicy(const Taken::Applied& applied) {
  const wire::CommandRecord& command = applied.command;
  v1::PolicyRecord policy;
  policy.set_desk(command.desk.ToString());
  policy.set_log_id(wire::IdBytes(log_id_));
  policy.set_partition(number_);
  policy.set_offset(applied.offset);
  wire::ToProto(std::get<ApplyPolicy>(command.command.body).policy,
                *policy.mutable_policy()->mutable_policy());
  policy.mutable_policy()->set_yaml(command.policy_yaml);
  log::Entry entry{
      {journal::kPolicies, 0}, command.desk.ToString(), policy.SerializeAsString(), {}};
  if (entry.value.size() + kKeyBytes > shared_.log.entry_bytes_max()) {
    note::Warn("policy.unpublished", {{"desk", command.desk.view()},
                                      {"bytes", entry.value.size()},
                                      {"problem", "larger than the log takes"}});
    return;
  }
  outbox_.Put(std::move(entry));
}

// The command was this router's own, perhaps: a tick or a checkpoint that it waits for.
void Partition::ReadBack(Instant now) {
  Desk& desk = *taken_.desk;
  SetTimer(taken_.index, desk.engine.next_timer());
  if (taken_.tick) {
    desk.tick_again = desk.timer <= now ? now + shared_.options.tick_pause : now;
  }
  if (!state_hash_ || round_ == nullptr) return;
  const auto copy = round_->copies.find(taken_.index);
  if (copy == round_->copies.end() || !copy->second.asked || copy->second.ended) return;
  EndCopy(desk, copy->second, *state_hash_);
}

void Partition::SetTimer(std::size_t index, Instant timer) {
  Desk& desk = *desks_[index];
  if (desk.timer == timer) return;
  timers_.erase({desk.timer, index});
  desk.timer = timer;
  if (timer != kNever) timers_.emplace(timer, index);
}

Instant Partition::next_timer() const {
  return timers_.empty() || !live_ ? kNever : timers_.begin()->first;
}

absl::Status Partition::Tend(Instant now) {
  USHER_RETURN_IF_ERROR(outbox_.Pump());
  if (!live_) return absl::OkStatus();
  USHER_RETURN_IF_ERROR(SendTicks(now));
  return TendSnapshot(now);
}

absl::Status Partition::AppendCommand(const Desk& desk, CommandBody body) {
  wire::CommandRecord record;
  record.desk = desk.name;
  record.command.body = std::move(body);
  // Its coming back through the log is the answer; a failure ends the process by Poll().
  return shared_.writer.Append(record, [](const absl::StatusOr<journal::Appended>&) {});
}

absl::Status Partition::SendTicks(Instant now) {
  for (auto due = timers_.begin(); due != timers_.end() && due->first <= now; ++due) {
    Desk& desk = *desks_[due->second];
    // A clock that was set back does not hold the next tick back for longer than a lost one.
    const Duration left = desk.tick_again - now;
    if (left > Duration::zero() && left <= shared_.options.tick_timeout) continue;
    const absl::Status status = AppendCommand(desk, Tick{});
    if (absl::IsResourceExhausted(status)) break;  // the next step tries again
    USHER_RETURN_IF_ERROR(status);
    desk.tick_again = now + shared_.options.tick_timeout;
    shared_.gauges.ticks.Add();
  }
  return absl::OkStatus();
}

}  // namespace usher::router
