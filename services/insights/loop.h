// Loop: from the decisions of this process's partitions to the views, each decision exactly once.
//
// A step reads what is there, takes it into the live views, and brings the store to the same place
// with one batch a partition; the watermark in the batch decides. A batch that finds another
// watermark changes nothing: the live view is dropped and loaded again. A store that is away stops
// the reading, not the process.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "insights/observer.h"
#include "insights/positions.h"
#include "insights/view.h"
#include "journal/decision_filter.h"
#include "log/log.h"
#include "rpc/server.h"
#include "store/store.h"
#include "support/pause.h"
#include "support/stepper.h"

namespace usher::insights {

inline constexpr char kServiceName[] = "usher.v1.InsightsService";

struct LoopOptions {
  std::size_t batch_decisions_max = 1'000;
  Duration ended_ttl = std::chrono::hours(24 * 30);  // of ended inquiries
  Duration facts_keep = kFactsKeep;                  // of what reports are made of
  Duration check_every = 1s;     // how soon a FLUSHALL is noticed when nothing else happens
  Duration retry_after = 200ms;  // when the store is away
  Duration alone_after = 15s;  // without any partition: the others have them, queries can be served
};

class Loop : public Stepper {
 public:
  // Borrows all but what it owns. The service must be declared to `health`.
  Loop(const LoopOptions& options, log::Log& log, std::unique_ptr<log::Reader> reader,
       std::unique_ptr<store::Store> store, Observer& observer, Positions& positions,
       rpc::Health& health, Pause& pause);

  // Errors: for good: a gap in the decisions, another log's decisions, bytes that are none.
  absl::Status Step(Instant now, Duration wait) override;

 private:
  struct Partition {
    log::Assigned assigned;
    std::optional<View> view;  // nothing: to be loaded
    journal::DecisionFilter filter;
    std::int64_t read_to = 0;           // next offset expected from the reader
    std::int64_t caught_up_at = 0;      // the end when it was assigned, or the rebuild began
    std::int64_t shown_to = 0;          // decisions below were in the metrics already
    std::int64_t committed = -1;        // as told to the reader
    std::optional<store::Batch> batch;  // not yet in the store
    Instant look_again;                 // at the store's watermark, or for loading
    Instant commit_again;
    bool rebuilding = false;
  };

  absl::Status Handle(const log::ReaderEvent& event);
  absl::Status Take(Partition& partition, const log::Record& record);
  absl::StatusOr<Tally::Rows> LoadTally(const View& view, std::int32_t partition);
  absl::Status LoadAll(Instant now);
  absl::Status Load(Partition& partition, Instant now);
  absl::Status ApplyAll(Instant now);
  absl::Status Apply(Partition& partition, Instant now);
  absl::Status Settle(Partition& partition, Instant now);
  absl::Status LookForLoss(Instant now);
  absl::Status Commit(Partition& partition);
  void Drop(Partition& partition, Instant now);
  absl::Status Away(const absl::Status& status, const char* call, Instant now);
  void TellHealth(Instant now);

  const LoopOptions options_;
  log::Log& log_;
  const std::unique_ptr<log::Reader> reader_;
  const std::unique_ptr<store::Store> store_;
  Observer& observer_;
  Positions& positions_;
  rpc::Health& health_;
  Pause& pause_;

  std::map<log::TopicPartition, Partition> partitions_;
  std::map<log::TopicPartition, std::int64_t> shown_;  // outlives a revocation
  std::vector<log::ReaderEvent> events_;
  std::optional<Instant> began_;
  std::optional<Instant> store_away_;  // since when
  Instant store_again_;                // when it is tried again
  bool was_serving_ = false;
};

}  // namespace usher::insights
