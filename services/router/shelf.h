// Shelf: the policies that hold, by desk, as `usher.policies` tells them; and how far the loop is
// behind the log. A second loop, so that neither a large policy nor a slow answer of the log holds
// decisions up.
//
// Threads: Step() one, the other public functions any.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "log/log.h"
#include "model/names.h"
#include "model/policy.h"
#include "router/gauges.h"
#include "router/progress.h"
#include "router/router.h"
#include "support/stepper.h"

namespace usher::router {

constexpr std::size_t kShelfBytesMax = 256 << 20;  // of YAML; what comes after is told by name only

struct HeldPolicy {
  std::string version;
  std::string yaml;
  std::string rules;           // compiled, as bytes, without calendars; empty if there are none
  bool yaml_left_out = false;  // kShelfBytesMax was reached; the rules are left out, too
  std::optional<Instant> calendar_end;  // when the last of its calendars closes for good
  LogId log;
  std::int32_t partition = 0;  // of the command that applied it
  std::int64_t offset = -1;
};

// When the calendars of a desk end.
struct CalendarEnd {
  DeskName desk;
  LogId log;
  Instant at;
};

// The end of the last opening hours; nothing if there are none.
std::optional<Instant> LastOpening(const std::vector<Calendar>& calendars);

class Shelf : public Stepper {
 public:
  // Borrows all references.
  static absl::StatusOr<std::unique_ptr<Shelf>> Open(const Options& options, log::Log& log,
                                                     Gauges& gauges, const Progress& progress);

  absl::Status Step(Instant now, Duration wait) override;

  // Errors: kNotFound: the desk has none; kUnavailable: the topic is not read to its end yet.
  absl::StatusOr<HeldPolicy> Find(const DeskName& desk) const;

  // Of every desk whose policy has calendars; none while the topic is not read to its end.
  std::vector<CalendarEnd> CalendarEnds() const;

  // Another number than before: CalendarEnds() may have another answer.
  std::uint64_t changes() const;

 private:
  Shelf(const Options& options, log::Log& log, Gauges& gauges, const Progress& progress,
        std::unique_ptr<log::Reader> reader);

  absl::Status Take(const log::Assigned& assigned);
  void Take(const log::Record& record);
  absl::Status CheckComplete();
  void MeasureLag();

  const Options& options_;
  log::Log& log_;
  Gauges& gauges_;
  const Progress& progress_;
  std::unique_ptr<log::Reader> reader_;
  std::vector<log::ReaderEvent> events_;
  std::int64_t end_ = -1;  // of the topic when it was assigned
  std::int64_t next_ = 0;
  bool complete_seen_ = false;  // as complete_, for the step alone
  Instant last_lag_;

  mutable absl::Mutex mutex_;
  std::map<DeskName, HeldPolicy> policies_ ABSL_GUARDED_BY(mutex_);
  std::size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  bool complete_ ABSL_GUARDED_BY(mutex_) = false;
  std::uint64_t taken_ ABSL_GUARDED_BY(mutex_) = 0;  // policies
};

}  // namespace usher::router
