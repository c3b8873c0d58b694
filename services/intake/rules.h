// RuleBook: how each desk wants its messages read, its orders acted on and its shop's JSON mapped,
// by its policy; and the tail of `usher.policies` that fills it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "intake/decode.h"
#include "intake/readiness.h"
#include "journal/command_log.h"
#include "log/log.h"
#include "model/acting_rules.h"
#include "model/automatic_rules.h"
#include "model/mapping_rules.h"
#include "model/names.h"
#include "model/understanding_rules.h"
#include "support/stepper.h"
#include "telemetry/metrics.h"

namespace usher::intake {

// Threads: any.
class RuleBook {
 public:
  // The rules of `desk`; a desk without a policy has the default ones. shared: readers keep what
  // they read while a newer policy takes its place.
  std::shared_ptr<const UnderstandingRules> Of(const DeskName& desk) const;

  // What the desk has usher do by itself; nothing without a policy.
  std::shared_ptr<const ActingRules> ActingOf(const DeskName& desk) const;
  // Those of each desk that has incidents of carriers told of; by name.
  std::vector<std::pair<DeskName, std::shared_ptr<const ActingRules>>> WithIncidents() const;
  // What becomes of its messages that no customer wrote; without a policy they are dropped.
  AutomaticRules AutomaticOf(const DeskName& desk) const;
  // How the shop of `desk` has its JSON mapped; a desk without a policy has no mappings.
  std::shared_ptr<const MappingRules> MappingsOf(const DeskName& desk) const;

  // True once every policy that stood in the topic at start-up is in here; waits for that at most
  // `wait`.
  bool Ready(Duration wait = Duration::zero()) const;

  // `offset` is that of the command that applied the policy; an older one than what is here changes
  // nothing.
  void Put(const DeskName& desk, std::int64_t offset, UnderstandingRules rules,
           ActingRules acting = {}, MappingRules mappings = {}, AutomaticRules automatic = {});
  void SetReady();

 private:
  struct Entry {
    std::int64_t offset = -1;
    std::shared_ptr<const UnderstandingRules> rules;
    std::shared_ptr<const ActingRules> acting;
    std::shared_ptr<const MappingRules> mappings;
    AutomaticRules automatic;
  };

  mutable absl::Mutex mutex_;
  bool ready_ ABSL_GUARDED_BY(mutex_) = false;
  std::unordered_map<DeskName, Entry> desks_ ABSL_GUARDED_BY(mutex_);
  const std::shared_ptr<const UnderstandingRules> default_ =
      std::make_shared<const UnderstandingRules>();
  const std::shared_ptr<const ActingRules> default_acting_ = std::make_shared<const ActingRules>();
  const std::shared_ptr<const MappingRules> no_mappings_ = std::make_shared<const MappingRules>();
};

// The way in for records: by the mappings that each desk's policy has when one comes. `desk`: of
// records that name none. Borrows the rules.
Doorway DoorOf(const RuleBook& rules, const DeskName& desk);

// Reads `usher.policies` from its beginning, for ever. A record that is no policy of this log, or
// does not compile here, changes nothing and is counted: the command log stays the truth, and
// messages must flow.
//
// Threads: one.
class PolicyTail : public Stepper {
 public:
  PolicyTail(const journal::CommandLog& commands, std::unique_ptr<log::Reader> reader,
             RuleBook& rules, Readiness& readiness, telemetry::Metrics& metrics);

  absl::Status Step(Instant now, Duration wait) override;

 private:
  void Take(const log::Record& record, Instant now);
  bool Compile(const log::Record& record, Instant now);
  void Advance(const log::TopicPartition& partition, std::int64_t next);

  const journal::CommandLog commands_;
  const std::unique_ptr<log::Reader> reader_;
  RuleBook& rules_;
  Readiness& readiness_;
  telemetry::Counter& refused_;
  std::map<log::TopicPartition, std::int64_t>
      behind_;  // the end at start-up of what is not read up to it
  bool assigned_ = false;
  bool ready_ = false;
  std::vector<log::ReaderEvent> events_;
};

}  // namespace usher::intake
