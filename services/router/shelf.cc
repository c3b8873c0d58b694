#include "router/shelf.h"

#include <algorithm>
#include <utility>

#include "journal/topics.h"
#include "support/note.h"
#include "support/status.h"
#include "usher/v1/snapshot.pb.h"
#include "wire/fields.h"
#include "wire/policy.h"

namespace usher::router {
namespace {

constexpr std::size_t kBatchMax = 64;

// Nothing if the bytes are not a policy's. What holds is in the command log; this is a view.
std::optional<std::pair<DeskName, HeldPolicy>> Decode(const std::string& bytes) {
  v1::PolicyRecord from;
  if (!from.ParseFromString(bytes)) return std::nullopt;
  wire::FieldCheck check;
  HeldPolicy to;
  const DeskName desk = check.TakeName<DeskName>("desk", from.desk());
  to.log = check.TakeId<LogId>("log_id", from.log_id(), wire::Field::kRequired);
  to.partition = from.partition();
  to.offset = from.offset();
  to.version = from.policy().policy().version();
  to.yaml = std::move(*from.mutable_policy()->mutable_yaml());
  v1::Policy& rules = *from.mutable_policy()->mutable_policy();
  to.calendar_end = LastOpening(wire::FromProto(rules, check).calendars);
  if (to.calendar_end) {
    rules.clear_calendars();
    to.rules = rules.SerializeAsString();
  }
  if (!check.ok()) return std::nullopt;
  return std::pair{desk, std::move(to)};
}

}  // namespace

std::optional<Instant> LastOpening(const std::vector<Calendar>& calendars) {
  std::optional<Instant> last;
  for (const Calendar& calendar : calendars) {
    if (calendar.open.empty()) continue;
    last = std::max(last.value_or(calendar.open.back().to), calendar.open.back().to);
  }
  return last;
}

absl::StatusOr<std::unique_ptr<Shelf>> Shelf::Open(const Options& options, log::Log& log,
                                                   Gauges& gauges, const Progress& progress) {
  USHER_TRY(auto reader,
            log.OpenReader(
                {.topics = {journal::kPolicies}, .group = "", .member_id = options.member_id}));
  return std::unique_ptr<Shelf>(new Shelf(options, log, gauges, progress, std::move(reader)));
}

Shelf::Shelf(const Options& options, log::Log& log, Gauges& gauges, const Progress& progress,
             std::unique_ptr<log::Reader> reader)
    : options_(options),
      log_(log),
      gauges_(gauges),
      progress_(progress),
      reader_(std::move(reader)) {}

absl::Status Shelf::Step(Instant now, Duration wait) {
  events_.clear();
  const absl::Status status = reader_->Poll(kBatchMax, wait, events_);
  if (!status.ok() && !absl::IsUnavailable(status)) return status;
  for (const log::ReaderEvent& event : events_) {
    if (const auto* assigned = std::get_if<log::Assigned>(&event)) {
      USHER_RETURN_IF_ERROR(Take(*assigned));
    } else if (const auto* record = std::get_if<log::Record>(&event)) {
      Take(*record);
    }
  }
  {
    // Compaction leaves gaps, also before the end: reading on and finding nothing is the end as
    // well.
    const absl::MutexLock lock(&mutex_);
    if (end_ >= 0 && (next_ >= end_ || (status.ok() && events_.empty() && wait >= 10ms))) {
      complete_ = true;
    }
  }
  if (now < last_lag_ || now - last_lag_ >= options_.lag_every) {
    last_lag_ = now;
    MeasureLag();
  }
  return absl::OkStatus();
}

absl::Status Shelf::Take(const log::Assigned& assigned) {
  end_ = assigned.end;
  next_ = assigned.begin;
  return reader_->Start(assigned.partition, assigned.begin);
}

void Shelf::Take(const log::Record& record) {
  next_ = record.offset + 1;
  auto decoded = Decode(record.value);
  if (!decoded) {
    note::Warn("policy.unreadable", {{"offset", record.offset}});
    return;
  }
  auto& [desk, policy] = *decoded;
  const absl::MutexLock lock(&mutex_);
  HeldPolicy& held = policies_[desk];
  // A router that was taken over may append an old one late. Another log's offsets say nothing.
  if (held.log == policy.log && held.offset >= policy.offset) return;
  bytes_ -= held.yaml.size() + held.rules.size();
  if (bytes_ + policy.yaml.size() + policy.rules.size() > kShelfBytesMax) {
    policy.yaml.clear();
    policy.rules.clear();
    policy.yaml_left_out = true;
  }
  bytes_ += policy.yaml.size() + policy.rules.size();
  held = std::move(policy);
  ++taken_;
}

absl::StatusOr<HeldPolicy> Shelf::Find(const DeskName& desk) const {
  const absl::MutexLock lock(&mutex_);
  const auto found = policies_.find(desk);
  if (found != policies_.end()) return found->second;
  if (!complete_) return absl::UnavailableError("the policies are being read; try again");
  return absl::NotFoundError("desk: it has no policy");
}

std::vector<CalendarEnd> Shelf::CalendarEnds() const {
  const absl::MutexLock lock(&mutex_);
  std::vector<CalendarEnd> ends;
  if (!complete_) return ends;
  for (const auto& [desk, held] : policies_) {
    if (held.calendar_end) ends.push_back({desk, held.log, *held.calendar_end});
  }
  return ends;
}

std::uint64_t Shelf::changes() const {
  const absl::MutexLock lock(&mutex_);
  return complete_ ? taken_ + 1 : 0;
}

void Shelf::MeasureLag() {
  std::int64_t most = 0;
  for (const auto& [partition, place] : progress_.Get()) {
    const absl::StatusOr<std::int64_t> end = log_.EndOffset({journal::kCommands, partition});
    if (end.ok()) most = std::max(most, *end - place.next);
  }
  gauges_.lag.Set(static_cast<double>(most));
}

}  // namespace usher::router
