#include "router/verifier.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "journal/topics.h"
#include "router/recovery.h"
#include "support/status.h"

namespace usher::router {
namespace {

constexpr std::size_t kBatchMax = 4'096;         // records a read
constexpr std::size_t kRecentMax = 8'192;        // an owner that was taken over repeats fewer
constexpr std::int64_t kCopiesBefore = 65'536;   // decisions read before those after a snapshot
constexpr std::size_t kDifferencesHeldMax = 64;  // until they are taken; further ones are counted

bool Same(const wire::DecisionRecord& a, const wire::DecisionRecord& b) {
  return a.stamp == b.stamp && a.previous == b.previous && a.desk == b.desk &&
         a.command_at == b.command_at && a.decision == b.decision;
}

}  // namespace

Verifier::Verifier(const Options& options, const journal::CommandLog& commands, log::Log& log,
                   std::int32_t partition, const VerifyRange& range)
    : options_(options),
      commands_(commands),
      log_(log),
      partition_(partition),
      log_id_(commands.log_ids[static_cast<std::size_t>(partition)]),
      range_(range),
      replica_(options, commands, log, partition),
      compare_from_(std::max<std::int64_t>(1, range.from)) {}

absl::Status Verifier::BeginAtSnapshot(Gauges& gauges) {
  Recovery recovery(options_, commands_, log_, gauges, partition_, 0);
  while (true) {
    USHER_TRY(const bool found, recovery.Advance());
    if (found) break;
  }
  Recovered recovered = recovery.Take();
  if (!recovered.from_snapshot) return absl::OkStatus();
  if (range_.from > 0 && range_.from < recovered.replay_from) return absl::OkStatus();
  next_command_ = recovered.replay_from;
  // Not what some desk's state sums up already: its commands are not decided again.
  for (const Desk& desk : recovered.desks) {
    compare_from_ = std::max(compare_from_, desk.included + 1);
  }
  compare_from_ = std::max(compare_from_, next_command_);
  next_decision_ = std::max<std::int64_t>(0, recovered.decisions_offset - kCopiesBefore);
  previous_known_ = false;
  replica_.Restore(std::move(recovered.desks), recovered.logic);
  return absl::OkStatus();
}

absl::StatusOr<Verifier::Progress> Verifier::Step() {
  if (done_) return Progress::kDone;
  USHER_TRY(const std::vector<log::Record> records,
            log_.ReadRange({journal::kDecisions, partition_}, next_decision_, kBatchMax));
  // What holds a desk is in its topic before any decision that comes after the place.
  if (!records.empty()) {
    USHER_TRY(const PartitionQuarantines quarantines, ReadQuarantines(log_, log_id_, partition_));
    for (const Hold& hold : quarantines.holds) replica_.Add(hold);
  }
  for (const log::Record& record : records) {
    USHER_RETURN_IF_ERROR(Take(record));
    if (done_) return Progress::kDone;
    next_decision_ = record.offset + 1;
  }
  return records.size() == kBatchMax ? Progress::kMore : Progress::kCaughtUp;
}

absl::Status Verifier::Take(const log::Record& record) {
  absl::StatusOr<wire::DecisionRecord> decision = wire::DecodeDecision(record.value);
  if (!decision.ok()) {
    Add({.kind = Difference::Kind::kUnreadable,
         .place = record.offset,
         .problem = std::string(decision.status().message())});
    return absl::OkStatus();
  }
  if (decision->stamp.log != log_id_ || decision->stamp.partition != partition_) {
    Add({.kind = Difference::Kind::kAlien,
         .place = record.offset,
         .stamp = decision->stamp,
         .in_log = *std::move(decision)});
    return absl::OkStatus();
  }
  if (decision->stamp.offset < compare_from_) return absl::OkStatus();
  if (!watermark_.none() && !decision->stamp.After(watermark_)) {
    CheckCopy(*std::move(decision), record.offset);
    return absl::OkStatus();
  }
  const Stamp stamp = decision->stamp;
  USHER_RETURN_IF_ERROR(Compare(*std::move(decision), record.offset));
  if (!done_) watermark_ = stamp;
  return absl::OkStatus();
}

// Both sequences rise by stamp: this is a merge of the two.
absl::Status Verifier::Compare(wire::DecisionRecord in_log, std::int64_t place) {
  const std::int64_t until = std::min(in_log.stamp.offset, range_.to);
  while (true) {
    if (replayed_.empty()) {
      USHER_TRY(const bool replayed, Replay(until));
      if (replayed) continue;
      done_ = in_log.stamp.offset > range_.to;
      if (done_) return absl::OkStatus();
    } else if (in_log.stamp == replayed_.front().stamp) {
      if (!std::exchange(previous_known_, true)) replayed_.front().previous = in_log.previous;
      if (Same(in_log, replayed_.front())) {
        Agree(std::move(in_log));
      } else {
        Add({.kind = Difference::Kind::kDiffers,
             .place = place,
             .stamp = in_log.stamp,
             .in_log = std::move(in_log),
             .replayed = std::move(replayed_.front())});
      }
      replayed_.pop_front();
      return absl::OkStatus();
    } else if (in_log.stamp.After(replayed_.front().stamp)) {
      Add({.kind = Difference::Kind::kMissing,
           .place = place,
           .stamp = replayed_.front().stamp,
           .replayed = std::move(replayed_.front())});
      replayed_.pop_front();
      continue;
    }
    Add({.kind = Difference::Kind::kExtra,
         .place = place,
         .stamp = in_log.stamp,
         .in_log = std::move(in_log)});
    return absl::OkStatus();
  }
}

void Verifier::Agree(wire::DecisionRecord in_log) {
  ++verified_.decisions;
  if (std::holds_alternative<Checkpointed>(in_log.decision.body)) ++verified_.checkpoints;
  if (verified_.first < 0) verified_.first = in_log.stamp.offset;
  if (verified_.last != in_log.stamp.offset) ++verified_.commands;
  verified_.last = in_log.stamp.offset;
  recent_.push_back(std::move(in_log));
  if (recent_.size() > kRecentMax) recent_.pop_front();
}

void Verifier::CheckCopy(wire::DecisionRecord copy, std::int64_t place) {
  const auto first = std::lower_bound(
      recent_.begin(), recent_.end(), copy.stamp,
      [](const wire::DecisionRecord& each, const Stamp& stamp) { return stamp.After(each.stamp); });
  if (first == recent_.end() || first->stamp != copy.stamp) {
    ++verified_.old_copies;
  } else if (Same(*first, copy)) {
    ++verified_.copies;
  } else {
    Add({.kind = Difference::Kind::kCopyDiffers,
         .place = place,
         .stamp = copy.stamp,
         .in_log = std::move(copy),
         .replayed = *first});
  }
}

void Verifier::Add(Difference difference) {
  ++verified_.differences;
  if (differences_.size() < kDifferencesHeldMax) differences_.push_back(std::move(difference));
}

std::vector<Difference> Verifier::TakeDifferences() { return std::exchange(differences_, {}); }

absl::StatusOr<bool> Verifier::Replay(std::int64_t until) {
  USHER_TRY(const bool there, ReadCommands(until));
  if (!there) return false;
  const log::Record record = std::move(batch_.front());
  batch_.pop_front();
  USHER_RETURN_IF_ERROR(replica_.Take(record, taken_));
  next_command_ = record.offset + 1;
  if (taken_.what != Taken::What::kDecided) {
    using What = Taken::What;
    verified_.held += taken_.what == What::kHeld ? 1 : 0;
    verified_.skipped += taken_.what == What::kUndecodable || taken_.what == What::kMisplaced ||
                                 taken_.what == What::kTooManyDesks ||
                                 taken_.what == What::kSuperseded
                             ? 1
                             : 0;
    return true;
  }
  for (std::size_t i = 0; i < taken_.decided.size(); ++i) {
    const Stamp stamp{log_id_, partition_, record.offset, static_cast<std::uint32_t>(i)};
    if (record.offset >= compare_from_) {
      replayed_.push_back(
          {stamp, previous_, taken_.desk->name, record.at, std::move(taken_.decided[i])});
    }
    previous_ = stamp;
  }
  return true;
}

absl::StatusOr<bool> Verifier::ReadCommands(std::int64_t until) {
  if (next_command_ > until) return false;
  if (batch_.empty()) {
    USHER_TRY(std::vector<log::Record> records,
              log_.ReadRange({journal::kCommands, partition_}, next_command_, kBatchMax));
    if (records.empty()) {
      USHER_TRY(const std::int64_t end, log_.EndOffset({journal::kCommands, partition_}));
      return absl::UnavailableError(
          absl::StrCat(journal::kCommands, "/", partition_, " can be read up to ", next_command_,
                       " and ends at ", end, ", but a decision speaks of command ", until));
    }
    std::move(records.begin(), records.end(), std::back_inserter(batch_));
  }
  return !batch_.empty() && batch_.front().offset <= until;
}

}  // namespace usher::router
