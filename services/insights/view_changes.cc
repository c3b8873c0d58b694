// The side of View that follows what changes an inquiry while it is open: its steps, its clocks,
// its times.
#include <algorithm>
#include <string>
#include <variant>

#include "insights/counts.h"
#include "insights/keys.h"
#include "insights/labels.h"
#include "insights/view.h"
#include "insights/view_taking.h"

namespace usher::insights {

void View::On(Taking& taking, const InquiryRelaxed& relaxed) {
  Count(taking, kCountRelaxed);
  InquiryRow* row = Find(taking, relaxed.inquiry);
  Observe(taking, Observation::Kind::kRelax, row ? row->queue : QueueName(),
          relaxed.skipped ? kNobodyFits : kByTime);
  if (!row) return;
  row->step = relaxed.step;
  Entry(taking, *row, /*repeats=*/true);
}

void View::On(Taking& taking, const InquiryEscalated& escalated) {
  Count(taking, kCountEscalated);
  Observe(taking, Observation::Kind::kEscalate, escalated.queue);
  InquiryRow* row = Find(taking, escalated.inquiry);
  if (!row) return;
  Transfer(taking, *row, escalated.queue, escalated.priority);
  Entry(taking, *row);
}

void View::On(Taking& taking, const InquiryReserved& reserved) {
  Count(taking, kCountReserved);
  InquiryRow* row = Find(taking, reserved.inquiry);
  Observe(taking, Observation::Kind::kReserve, row ? row->queue : QueueName());
  if (!row) return;
  row->reserved_until = reserved.until;
  Entry(taking, *row, /*repeats=*/true);
}

void View::On(Taking& taking, const ReservationEnded& ended) {
  InquiryRow* row = Find(taking, ended.inquiry);
  if (!row) return;
  row->reserved_until = kNever;
  Entry(taking, *row, /*repeats=*/true);
}

void View::On(Taking& taking, const InquiryStarving& starving) {
  Count(taking, kCountStarved);
  InquiryRow* row = Find(taking, starving.inquiry);
  Observe(taking, Observation::Kind::kStarve, row ? row->queue : QueueName());
  if (!row) return;
  row->starving = true;
  Entry(taking, *row, /*repeats=*/true);
}

void View::On(Taking& taking, const InquiryUpdated& updated) {
  Count(taking, kCountUpdated);
  InquiryRow* row = Find(taking, updated.inquiry);
  if (!row) return;
  Alter(taking, *row, [&] { row->features = updated.features; });
  Transfer(taking, *row, row->queue, updated.priority);
  Entry(taking, *row, /*repeats=*/true);
}

void View::On(Taking& taking, const InquiryStarted& started) {
  Count(taking, kCountStarted);
  InquiryRow* row = Find(taking, started.inquiry);
  if (!row) return;
  Move(taking, *row, Standing::kWaiting);
  Alter(taking, *row, [&] {
    row->placed_at = taking.at();
    row->starts_at = kNever;
    row->due = started.due;
  });
  Transfer(taking, *row, started.queue, started.priority);
  row->diverted_from = started.diverted_from;
  Entry(taking, *row);
}

void View::On(Taking& taking, const ScheduleChanged& changed) {
  InquiryRow* row = Find(taking, changed.inquiry);
  if (!row) return;
  row->starts_at = row->placed_at = changed.at;
  Entry(taking, *row, /*repeats=*/true);
}

void View::On(Taking& taking, const InquiryPaused& paused) {
  Count(taking, kCountPaused);
  InquiryRow* row = Find(taking, paused.inquiry);
  Observe(taking, Observation::Kind::kPause, row ? row->queue : QueueName());
  if (!row) return;
  row->agent = paused.agent;
  row->paused_until = paused.until;
  Move(taking, *row, Standing::kPending);
  Entry(taking, *row, /*repeats=*/true);
}

void View::On(Taking& taking, const InquiryResumed& resumed) {
  InquiryRow* row = Find(taking, resumed.inquiry);
  Observe(taking, Observation::Kind::kWake, row ? row->queue : QueueName(), Label(resumed.cause));
  if (!row) return;
  row->agent = resumed.agent;
  row->paused_until = kNever;
  const Standing owned = row->answered_at == kNever ? Standing::kAssigned : Standing::kAnswered;
  Move(taking, *row, resumed.agent.none() ? Standing::kWaiting : owned);
  Entry(taking, *row, /*repeats=*/true);
}

void View::On(Taking& taking, const SlaWarned& warned) {
  InquiryRow* row = Find(taking, warned.inquiry);
  const QueueName queue = row ? row->queue : QueueName();
  Observe(taking, Observation::Kind::kTargetWarning, queue, Label(warned.target));
  const bool first = warned.target == Target::kFirstResponse;
  if (first) Observe(taking, Observation::Kind::kWarning, queue);
  if (!row) return;
  // A pause moved it, and nothing else tells where to.
  if (first) Alter(taking, *row, [&] { row->due = warned.due; });
  Entry(taking, *row);
}

void View::On(Taking& taking, const SlaBreached& breached) {
  const bool first = breached.target == Target::kFirstResponse;
  Count(taking, kCountBreaches + std::string(Label(breached.target)));
  if (first) Count(taking, kCountBreached);
  InquiryRow* row = Find(taking, breached.inquiry);
  const QueueName queue = row ? row->queue : QueueName();
  Observe(taking, Observation::Kind::kTargetBreach, queue, Label(breached.target));
  if (first) Observe(taking, Observation::Kind::kBreach, queue);
  if (!row) return;
  Alter(taking, *row, [&] {
    row->foretold = false;
    if (first) row->due = breached.due;
  });
  row->breached |= first;
  const bool known =
      std::find(row->missed.begin(), row->missed.end(), breached.target) != row->missed.end();
  if (!known) row->missed.push_back(breached.target);
  Entry(taking, *row);
}

void View::On(Taking& taking, const BreachForecast& forecast) {
  Count(taking, kCountForecast);
  InquiryRow* row = Find(taking, forecast.inquiry);
  Observe(taking, Observation::Kind::kForecast, row ? row->queue : QueueName());
  if (!row) return;
  Alter(taking, *row, [&] { row->foretold = true; });
  Entry(taking, *row, /*repeats=*/true);
}

void View::On(Taking& taking, const SlaMet& met) {
  if (InquiryRow* row = Find(taking, met.inquiry)) Entry(taking, *row);
}

void View::On(Taking& taking, const InquiryReviewed& reviewed) {
  InquiryRow* row = Find(taking, reviewed.inquiry);
  if (row) Entry(taking, *row, /*repeats=*/true);
}

void View::On(Taking& taking, const InquiryRated& rated) {
  InquiryRow* row = Find(taking, rated.inquiry);
  if (row) Entry(taking, *row, /*repeats=*/true);
}

void View::SaidAfterwards(Taking& taking) {
  InquiryId inquiry;
  if (const auto* reviewed = std::get_if<InquiryReviewed>(&taking.record.decision.body)) {
    inquiry = reviewed->inquiry;
  } else if (const auto* rated = std::get_if<InquiryRated>(&taking.record.decision.body)) {
    inquiry = rated->inquiry;
  }
  writes_.push_back(store::PushToList{TimelineKey(taking.desk_name(), inquiry),
                                      std::string(taking.bytes), ended_ttl_});
}

}  // namespace usher::insights
