// DueWatch: looks, as time passes, at promises that pass while nobody says a word of their orders.
// They count as late with their carriers, so that a carrier which goes dark is one incident and
// not an inquiry for each of its orders.
//
// Every intake may look at every desk: what it finds is counted in the store as that of events is,
// and asked for by requests that follow from the promises. Up to when a desk was looked at stands
// in the store, so mostly one of them looks; another goes on when that one is silent for
// three times as long, from kTrail before, since what it found may not have got into the log.
//
// Threads: one, but for StopLooking().
// Cost:    of a desk and look, one round trip to see that another looked lately; else three and one
//          for 256 promises that passed. No more than 192 keys while it keeps up.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "intake/acting.h"
#include "intake/context.h"
#include "intake/drain_gate.h"
#include "intake/heard.h"
#include "intake/meters.h"
#include "intake/rules.h"
#include "journal/command_log.h"
#include "support/stepper.h"

namespace usher::intake {

// So late an order event may get into the store and its promise still be seen.
constexpr Duration kTrail = 1min;

class DueWatch : public Stepper {
 public:
  // Borrows the rules, `heard` (null: no topic is read) and the meters.
  DueWatch(const RuleBook& rules, Context context, const journal::CommandLog& commands,
           std::unique_ptr<log::Appender> appender, const Heard* heard, Duration look_every,
           Meters& meters);

  absl::Status Step(Instant now, Duration wait) override;

  // From any thread. What it has found and not said, who looks next finds again.
  void StopLooking() { gate_.Ask(); }

 private:
  using Desk = std::pair<DeskName, std::shared_ptr<const ActingRules>>;

  // What was found at a desk, on its way into the log.
  struct Finds {
    DeskName desk;
    Looked before;
    Instant until;
    std::vector<Overdue> overdue;
    std::deque<Act> acts;
  };

  void Begin(Instant now);
  absl::StatusOr<std::optional<Finds>> Look(const Desk& desk, Instant now);
  absl::Status Count(const ActingRules& rules, Instant now, Finds& finds);
  absl::Status Append(Instant now);
  void Finish();

  const RuleBook& rules_;
  Context context_;
  journal::CommandWriter writer_;
  const Heard* const heard_;
  const Duration look_every_;
  Meters& meters_;
  Instant next_;            // nothing is looked at before
  Instant again_;           // nothing is appended before
  std::deque<Desk> desks_;  // still to be looked at this time
  std::optional<Finds> finds_;
  std::map<DeskName, Instant> own_;               // up to when this process looked last
  std::map<DeskName, std::set<DueOrder>> found_;  // by this process, within kTrail
  DrainGate gate_;
};

}  // namespace usher::intake
