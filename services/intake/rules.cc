#include "intake/rules.h"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "policy/compile.h"
#include "support/note.h"
#include "support/status.h"
#include "usher/v1/snapshot.pb.h"
#include "wire/fields.h"

namespace usher::intake {
namespace {

constexpr std::size_t kRecordsAtOnce = 64;

}  // namespace

std::shared_ptr<const UnderstandingRules> RuleBook::Of(const DeskName& desk) const {
  absl::MutexLock lock(&mutex_);
  const auto found = desks_.find(desk);
  return found == desks_.end() ? default_ : found->second.rules;
}

std::shared_ptr<const ActingRules> RuleBook::ActingOf(const DeskName& desk) const {
  absl::MutexLock lock(&mutex_);
  const auto found = desks_.find(desk);
  return found == desks_.end() ? default_acting_ : found->second.acting;
}

std::vector<std::pair<DeskName, std::shared_ptr<const ActingRules>>> RuleBook::WithIncidents()
    const {
  std::vector<std::pair<DeskName, std::shared_ptr<const ActingRules>>> all;
  {
    absl::MutexLock lock(&mutex_);
    for (const auto& [desk, entry] : desks_) {
      if (entry.acting->carrier_incident) all.emplace_back(desk, entry.acting);
    }
  }
  std::sort(all.begin(), all.end(), [](const auto& one, const auto& other) {
    return one.first.view() < other.first.view();
  });
  return all;
}

AutomaticRules RuleBook::AutomaticOf(const DeskName& desk) const {
  absl::MutexLock lock(&mutex_);
  const auto found = desks_.find(desk);
  return found == desks_.end() ? AutomaticRules() : found->second.automatic;
}

std::shared_ptr<const MappingRules> RuleBook::MappingsOf(const DeskName& desk) const {
  absl::MutexLock lock(&mutex_);
  const auto found = desks_.find(desk);
  return found == desks_.end() ? no_mappings_ : found->second.mappings;
}

bool RuleBook::Ready(Duration wait) const {
  absl::MutexLock lock(&mutex_);
  // A wait of no length would still give the processor away.
  if (ready_ || wait <= Duration::zero()) return ready_;
  return mutex_.AwaitWithTimeout(absl::Condition(&ready_), absl::Microseconds(wait.count()));
}

void RuleBook::Put(const DeskName& desk, std::int64_t offset, UnderstandingRules rules,
                   ActingRules acting, MappingRules mappings, AutomaticRules automatic) {
  auto shared = std::make_shared<const UnderstandingRules>(std::move(rules));
  auto shared_acting = std::make_shared<const ActingRules>(std::move(acting));
  auto shared_mappings = std::make_shared<const MappingRules>(std::move(mappings));
  absl::MutexLock lock(&mutex_);
  Entry& entry = desks_[desk];
  if (offset <= entry.offset) return;
  entry = {offset, std::move(shared), std::move(shared_acting), std::move(shared_mappings),
           automatic};
}

void RuleBook::SetReady() {
  absl::MutexLock lock(&mutex_);
  ready_ = true;
}

Doorway DoorOf(const RuleBook& rules, const DeskName& desk) {
  return {[&rules](const DeskName& of) { return rules.MappingsOf(of); }, desk};
}

PolicyTail::PolicyTail(const journal::CommandLog& commands, std::unique_ptr<log::Reader> reader,
                       RuleBook& rules, Readiness& readiness, telemetry::Metrics& metrics)
    : commands_(commands),
      reader_(std::move(reader)),
      rules_(rules),
      readiness_(readiness),
      refused_(metrics.GetCounter("usher_intake_policies_refused_total",
                                  "Records of usher.policies that are no policy of this log, or "
                                  "that this version cannot read.")) {}

absl::Status PolicyTail::Step(Instant now, Duration wait) {
  events_.clear();
  const absl::Status status = reader_->Poll(kRecordsAtOnce, wait, events_);
  if (absl::IsUnavailable(status)) return absl::OkStatus();
  USHER_RETURN_IF_ERROR(status);
  for (const log::ReaderEvent& event : events_) {
    if (const auto* assigned = std::get_if<log::Assigned>(&event)) {
      assigned_ = true;
      behind_[assigned->partition] = assigned->end;
      USHER_RETURN_IF_ERROR(reader_->Start(assigned->partition, assigned->begin));
      Advance(assigned->partition, assigned->begin);
    } else if (const auto* record = std::get_if<log::Record>(&event)) {
      Take(*record, now);
      Advance(record->from, record->offset + 1);
    }
  }
  if (!ready_ && assigned_ && behind_.empty()) {
    ready_ = true;
    rules_.SetReady();
    readiness_.Arrive();
  }
  return absl::OkStatus();
}

void PolicyTail::Advance(const log::TopicPartition& partition, std::int64_t next) {
  const auto found = behind_.find(partition);
  if (found != behind_.end() && next >= found->second) behind_.erase(found);
}

void PolicyTail::Take(const log::Record& record, Instant now) {
  if (Compile(record, now)) return;
  refused_.Add();
  note::Warn("policy.refused", {{"topic", record.from.topic}, {"offset", record.offset}});
}

// The calendars are written out from `now` on, two years ahead; the router renews policies before
// that is over, and a renewed one comes here, too.
bool PolicyTail::Compile(const log::Record& record, Instant now) {
  v1::PolicyRecord policy;
  if (!policy.ParseFromString(record.value)) return false;
  const auto desk = DeskName::Parse(policy.desk());
  const std::int32_t partition = policy.partition();
  if (!desk || desk->none() || partition < 0 || partition >= commands_.partitions) return false;
  if (policy.log_id() != wire::IdBytes(commands_.log_ids[static_cast<std::size_t>(partition)])) {
    return false;
  }
  policy::CompileResult result = policy::Compile(policy.policy().yaml(), now);
  if (!result.compiled) return false;
  rules_.Put(*desk, policy.offset(), std::move(result.compiled->understanding),
             std::move(result.compiled->acting), std::move(result.compiled->mappings),
             result.compiled->automatic);
  return true;
}

}  // namespace usher::intake
