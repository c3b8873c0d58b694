#include "agents/loop.h"

#include <string>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "agents/agents.h"
#include "journal/topics.h"
#include "support/note.h"
#include "support/status.h"
#include "wire/records.h"

namespace usher::agents {
namespace {

constexpr std::size_t kRecordsAtOnce = 512;
constexpr Duration kLagEvery = 5s;

absl::Status Broken(const log::Record& record, const char* what) {
  return absl::FailedPreconditionError(absl::StrCat(record.from.topic, "/", record.from.partition,
                                                    " at offset ", record.offset, ": ", what));
}

}  // namespace

DecisionLoop::DecisionLoop(const journal::CommandLog& commands, log::Log& log,
                           std::unique_ptr<log::Reader> reader, Directory& directory,
                           Desktops& desktops, Outcomes& outcomes, telemetry::Metrics& metrics,
                           rpc::Health& health)
    : commands_(commands),
      log_(log),
      reader_(std::move(reader)),
      directory_(directory),
      desktops_(desktops),
      outcomes_(outcomes),
      metrics_(metrics),
      health_(health),
      decisions_(metrics.GetCounter("usher_agents_decisions_total",
                                    "Decisions that the agents service has read.")),
      streams_(metrics.GetGauge("usher_work_streams", "Open Work streams.")) {}

absl::Status DecisionLoop::Step(Instant now, Duration wait) {
  outcomes_.Expire(now);
  events_.clear();
  const absl::Status polled = reader_->Poll(kRecordsAtOnce, wait, events_);
  if (!polled.ok() && !absl::IsUnavailable(polled)) return polled;
  for (const log::ReaderEvent& event : events_) {
    if (const auto* record = std::get_if<log::Record>(&event)) {
      USHER_RETURN_IF_ERROR(TakeRecord(*record));
    } else if (const auto* assigned = std::get_if<log::Assigned>(&event)) {
      USHER_RETURN_IF_ERROR(TakeAssigned(*assigned));
    }
  }
  if (!caught_up()) LookWhetherCaughtUp();
  streams_.Set(static_cast<double>(desktops_.open()));
  return MeasureLag(now);
}

absl::Status DecisionLoop::TakeAssigned(const log::Assigned& assigned) {
  Partition& partition = partitions_[assigned.partition.partition];
  partition.end_at_start = assigned.end;
  partition.next = assigned.begin;
  partition.lag = &metrics_.GetGauge(
      "usher_agents_lag_records", "Decisions in the log that the agents service has not read yet.",
      {{"partition", absl::StrCat(assigned.partition.partition)}});
  return reader_->Start(assigned.partition, assigned.begin);
}

absl::Status DecisionLoop::TakeRecord(const log::Record& record) {
  Partition& partition = partitions_[record.from.partition];
  partition.next = record.offset + 1;
  const auto decision = wire::DecodeDecision(record.value);
  if (!decision.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(Broken(record, "not a decision: ").message(), decision.status().message()));
  }
  const auto index = static_cast<std::size_t>(record.from.partition);
  if (decision->stamp.partition != record.from.partition || index >= commands_.log_ids.size() ||
      decision->stamp.log != commands_.log_ids[index]) {
    return Broken(record, "a decision on another log of commands");
  }
  switch (partition.filter.Take(decision->stamp, decision->previous)) {
    case journal::Verdict::kNew:
      break;
    case journal::Verdict::kRepeated:
      return absl::OkStatus();
    case journal::Verdict::kGap:
      return Broken(record, "the decision before it is not in the log");
    case journal::Verdict::kAlien:
      return Broken(record, "a decision on another log of commands");
  }
  decisions_.Add();
  const auto news = directory_.Take(decision->desk, decision->decision);
  if (news) desktops_.Tell(decision->desk, *news);
  if (caught_up()) outcomes_.Take(decision->stamp, decision->decision.body);
  return absl::OkStatus();
}

void DecisionLoop::LookWhetherCaughtUp() {
  if (partitions_.size() < static_cast<std::size_t>(commands_.partitions)) return;
  for (const auto& [number, partition] : partitions_) {
    if (partition.next < partition.end_at_start) return;
  }
  caught_up_.store(true, std::memory_order_release);
  health_.Set(kServiceName, true);
  note::Info("directory.complete", {{"partitions", partitions_.size()}});
}

absl::Status DecisionLoop::MeasureLag(Instant now) {
  if (now < lag_next_) return absl::OkStatus();
  lag_next_ = now + kLagEvery;
  for (const auto& [number, partition] : partitions_) {
    const auto end = log_.EndOffset({journal::kDecisions, number});
    if (absl::IsUnavailable(end.status()) || absl::IsDeadlineExceeded(end.status())) continue;
    USHER_RETURN_IF_ERROR(end.status());
    partition.lag->Set(static_cast<double>(*end - partition.next));
  }
  return absl::OkStatus();
}

}  // namespace usher::agents
