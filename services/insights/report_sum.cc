#include "insights/report_sum.h"

#include <optional>
#include <string>

#include "insights/labels.h"
#include "model/limits.h"

namespace usher::insights {
namespace {

constexpr const char* kCauses[kBreachCauses] = {
    "other", "outage", "with_agent", "offers_missed", "nobody_here", "nobody_skilled", "all_busy"};

double Seconds(std::uint64_t micros) { return static_cast<double>(micros) / 1e6; }

double Seconds(const std::optional<Duration>& duration) {
  return duration ? static_cast<double>(duration->count()) / 1e6 : 0;
}

v1::ReportTimes Times(const measure::Sketch& sketch) {
  v1::ReportTimes times;
  times.set_count(sketch.count());
  times.set_mean(Seconds(sketch.Mean()));
  times.set_p50(Seconds(sketch.Quantile(500)));
  times.set_p90(Seconds(sketch.Quantile(900)));
  times.set_p95(Seconds(sketch.Quantile(950)));
  times.set_p99(Seconds(sketch.Quantile(990)));
  return times;
}

bool IsTime(std::uint32_t id) {
  return id == AmountOf(FactCount::kStaffedUs) || id == AmountOf(FactCount::kOccupiedUs);
}

}  // namespace

void ReportSum::Add(const Amounts& amounts, bool with_time) {
  for (const auto& [id, amount] : amounts) {
    if (!with_time && IsTime(id)) continue;
    empty_ = false;
    if (id < kTimeAmounts) {
      if (id < kCounts) counts_[id] += amount;
      if (id >= kMarkAmounts && id < kMarkAmountsEnd) AddAmount(marks_, id, amount);
      continue;
    }
    const std::uint32_t time = id / kTimeAmounts - 1;
    const std::uint32_t bucket = id % kTimeAmounts;
    if (time < kFactTimes && bucket < measure::kSketchBuckets) times_[time].Add(bucket, amount);
  }
}

void ReportSum::Merge(const ReportSum& other) {
  for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
  for (std::size_t i = 0; i < times_.size(); ++i) times_[i].Merge(other.times_[i]);
  for (const auto& [id, amount] : other.marks_) AddAmount(marks_, id, amount);
  before_ += other.before_;
  empty_ = empty_ && other.empty_;
}

void ReportSum::AddBefore(const Amounts& amounts) {
  for (const auto& [id, amount] : amounts) {
    if (id != AmountOf(FactCount::kPlaced)) continue;
    before_ += amount;
    empty_ = false;
  }
}

// What was replaced is taken off: it was counted in the same slot.
void ReportSum::TellRatings(v1::ReportFigures& figures) const {
  v1::ReportRatings& ratings = *figures.mutable_ratings();
  std::uint64_t sum = 0;
  for (std::uint32_t i = 0; i < kRatingMax; ++i) {
    const std::uint64_t count =
        counts_[AmountOf(FactCount::kRated1) + i] - counts_[AmountOf(FactCount::kUnrated1) + i];
    ratings.add_by_rating(count);
    ratings.set_count(ratings.count() + count);
    sum += count * (i + 1);
  }
  if (ratings.count() == 0) return;
  const auto all = static_cast<double>(ratings.count());
  ratings.set_mean(static_cast<double>(sum) / all);
  ratings.set_satisfied(static_cast<double>(ratings.by_rating(3) + ratings.by_rating(4)) / all);
}

void ReportSum::TellReviews(const std::vector<CriterionName>& criteria,
                            v1::ReportFigures& figures) const {
  figures.set_wanted(Of(FactCount::kWanted));
  figures.set_lapsed(Of(FactCount::kLapsed));
  figures.set_reviews(Of(FactCount::kReviews) - Of(FactCount::kUnreviewed));
  std::uint64_t count_all = 0;
  std::uint64_t sum_all = 0;
  for (std::size_t i = 0; i < criteria.size(); ++i) {
    std::array<std::uint64_t, 4> amounts{};
    for (const auto& [id, amount] : marks_) {
      if ((id - kMarkAmounts) / 4 == i) amounts[(id - kMarkAmounts) % 4] = amount;
    }
    const std::uint64_t count = amounts[0] - amounts[2];
    const std::uint64_t sum = amounts[1] - amounts[3];
    if (count == 0) continue;
    v1::ReportMark& mark = *figures.add_marks();
    mark.set_criterion(criteria[i].ToString());
    mark.set_count(count);
    mark.set_mean(static_cast<double>(sum) / static_cast<double>(count));
    count_all += count;
    sum_all += sum;
  }
  if (count_all > 0) {
    figures.set_mark(static_cast<double>(sum_all) / static_cast<double>(count_all));
  }
}

v1::ReportFigures ReportSum::Figures(const std::vector<CriterionName>& criteria) const {
  v1::ReportFigures figures;
  const auto time = [this](FactTime which) -> const measure::Sketch& {
    return times_[static_cast<std::size_t>(which)];
  };
  figures.set_placed(Of(FactCount::kPlaced));
  figures.set_scheduled(Of(FactCount::kScheduled));
  figures.set_started(Of(FactCount::kStarted));
  figures.set_repeats(Of(FactCount::kRepeats));
  figures.set_reopened(Of(FactCount::kReopened));
  figures.set_joined(Of(FactCount::kJoined));
  figures.set_rejected(Of(FactCount::kRejected));
  figures.set_answered(time(FactTime::kFirstResponse).count());
  figures.set_replies(Of(FactCount::kReplies));
  figures.set_resolved(time(FactTime::kResolution).count());
  figures.set_abandoned(time(FactTime::kAbandon).count());
  figures.set_cancelled(Of(FactCount::kCancelled));
  figures.set_transferred(Of(FactCount::kTransferred));
  figures.set_requeued(Of(FactCount::kRequeued));
  const auto offers = [&](const char* outcome, FactCount count) {
    v1::NamedCount* named = figures.add_offers();
    named->set_name(outcome);
    named->set_count(Of(count));
  };
  offers(kMade, FactCount::kMade);
  offers(kAccepted, FactCount::kAccepted);
  offers(kDeclined, FactCount::kDeclined);
  offers(kExpired, FactCount::kExpired);
  offers(kRescinded, FactCount::kRescinded);
  *figures.mutable_first_response() = Times(time(FactTime::kFirstResponse));
  *figures.mutable_next_response() = Times(time(FactTime::kNextResponse));
  *figures.mutable_offer_wait() = Times(time(FactTime::kOfferWait));
  *figures.mutable_accept() = Times(time(FactTime::kAccept));
  *figures.mutable_handling() = Times(time(FactTime::kHandling));
  *figures.mutable_resolution() = Times(time(FactTime::kResolution));
  *figures.mutable_abandon() = Times(time(FactTime::kAbandon));
  for (int i = 0; i < kFactTargets; ++i) {
    const auto target = static_cast<Target>(i);
    v1::ReportTarget told;
    told.set_target(Label(target));
    told.set_met(counts_[AmountOfMet(target)]);
    for (int c = 0; c < kBreachCauses; ++c) {
      const std::uint64_t count = counts_[AmountOfBreach(target, static_cast<BreachCause>(c))];
      if (count == 0) continue;
      told.set_breached(told.breached() + count);
      v1::NamedCount* cause = told.add_causes();
      cause->set_name(kCauses[c]);
      cause->set_count(count);
    }
    const std::uint64_t ended = told.met() + told.breached();
    if (ended == 0) continue;
    if (target == Target::kFirstResponse) {
      figures.set_service_level(static_cast<double>(told.met()) / static_cast<double>(ended));
    }
    *figures.add_targets() = std::move(told);
  }
  const std::uint64_t staffed = Of(FactCount::kStaffedUs);
  const std::uint64_t occupied = Of(FactCount::kOccupiedUs);
  figures.set_staffed(Seconds(staffed));
  figures.set_occupied(Seconds(occupied));
  if (staffed > 0) {
    figures.set_occupancy(static_cast<double>(occupied) / static_cast<double>(staffed));
  }
  figures.set_placed_before(before_);
  TellRatings(figures);
  TellReviews(criteria, figures);
  return figures;
}

}  // namespace usher::insights
