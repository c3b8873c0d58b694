// Renewals: calendars are written out anew before they run out.
//
// The engine knows business hours as instants, which the compiler wrote out for
// policy::kCalendarMax when the policy was applied. The router that owns the desk appends the
// policy in force once more, with calendars from now on and not another change, when less than
// `renew_left` remains: while all of them are closed, since a new policy takes offers back, or
// after `renew_patience` at any hour. A third loop: compiling takes time.
//
// What two owners append for one policy has one request id. A policy that was applied meanwhile is
// never undone: the command says what it is, and the partition skips it unless it renews what is in
// force (README.md).
//
// Threads: one.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "journal/command_log.h"
#include "router/gauges.h"
#include "router/progress.h"
#include "router/router.h"
#include "router/shelf.h"
#include "support/pause.h"
#include "support/stepper.h"

namespace usher::router {

class Renewals : public Stepper {
 public:
  // Borrows all references.
  Renewals(const Options& options, const journal::CommandLog& commands, Gauges& gauges,
           const Progress& progress, const Shelf& shelf, std::unique_ptr<log::Appender> appender);

  // At most one policy a step.
  absl::Status Step(Instant now, Duration wait) override;

 private:
  // What a look depends on, besides the passing of time.
  struct Seen {
    std::uint64_t policies = 0;            // as Shelf::changes()
    std::vector<std::int32_t> partitions;  // whose desks are ours to renew

    bool operator==(const Seen&) const = default;
  };

  Seen See(Instant now) const;
  bool Owns(const CalendarEnd& end, const Seen& seen) const;
  void Look(Instant now, Seen seen);
  absl::Status Renew(const DeskName& desk, Instant now);

  const Options& options_;
  const journal::CommandLog& commands_;
  Gauges& gauges_;
  const Progress& progress_;
  const Shelf& shelf_;
  journal::CommandWriter writer_;
  Pause pause_;
  Instant last_look_;
  Seen seen_;                          // by the last look
  std::vector<DeskName> due_;          // as of the last look, not tried yet
  std::map<DeskName, Instant> tried_;  // of those that are due; not again for a day
};

// What a renewal of `held` carries: its rules, and its calendars from `now` on.
// Errors: kFailedPrecondition: the source is not held here, or does not compile any more.
absl::StatusOr<wire::CommandRecord> RenewalOf(const DeskName& desk, const HeldPolicy& held,
                                              Instant now);

// True if nothing but the calendars differs.
bool SameButCalendars(const Policy& one, const Policy& other);

}  // namespace usher::router
