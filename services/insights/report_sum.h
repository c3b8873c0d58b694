// ReportSum: facts added up, and as what a report says of them.
//
// Threads: one.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "insights/facts_rows.h"
#include "measure/sketch.h"
#include "usher/v1/insights.pb.h"

namespace usher::insights {

class ReportSum {
 public:
  // `with_time`: the time of agents, too.
  void Add(const Amounts& amounts, bool with_time);
  void Merge(const ReportSum& other);
  void AddBefore(const Amounts& amounts);  // of the period before

  std::uint64_t placed() const { return Of(FactCount::kPlaced); }
  bool empty() const { return empty_; }  // nothing was added

  // `criteria`: by the numbers that the amounts of marks have.
  v1::ReportFigures Figures(const std::vector<CriterionName>& criteria) const;

 private:
  static constexpr std::size_t kCounts = AmountOfBreach(Target::kUpdate, BreachCause::kAllBusy) + 1;

  std::uint64_t Of(FactCount count) const { return counts_[AmountOf(count)]; }
  void TellRatings(v1::ReportFigures& figures) const;
  void TellReviews(const std::vector<CriterionName>& criteria, v1::ReportFigures& figures) const;

  std::array<std::uint64_t, kCounts> counts_{};
  std::array<measure::Sketch, kFactTimes> times_;
  Amounts marks_;
  std::uint64_t before_ = 0;
  bool empty_ = true;
};

}  // namespace usher::insights
