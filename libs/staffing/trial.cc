#include "staffing/trial.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "simulate/simulate.h"
#include "staffing/scenario.h"
#include "support/status.h"

namespace usher::staffing {
namespace {

// Follows the decisions of the days, one replication after the other.
class Follower {
 public:
  void Take(std::uint32_t replication, const Decision& decision) {
    if (replication != replication_) {
      replication_ = replication;
      open_.clear();
    }
    if (const auto* placed = std::get_if<InquiryPlaced>(&decision.body)) {
      On(*placed, decision.at);
    } else if (const auto* answered = std::get_if<InquiryAnswered>(&decision.body)) {
      On(*answered, decision.at);
    } else if (const auto* left = std::get_if<InquiryAbandoned>(&decision.body)) {
      if (open_.erase(left->inquiry) != 0) ++trial_.abandoned;
    }
  }

  Trial Finish(std::uint32_t days) {
    trial_.placed /= days;
    trial_.abandoned /= days;
    for (auto& [name, queue] : trial_.queues) {
      for (TrialHour& hour : queue.hours) {
        hour.placed /= days;
        hour.in_time /= days;
      }
    }
    return trial_;
  }

 private:
  struct Open {
    TrialHour* hour = nullptr;  // nothing: no target
    Instant due = kNever;
  };

  void On(const InquiryPlaced& placed, Instant at) {
    const Duration since = at - Instant();
    if (since < simulate::kDay || since >= 2 * simulate::kDay) return;
    ++trial_.placed;
    Open& open = open_[placed.inquiry];
    if (placed.due == kNever) return;
    const auto hour = static_cast<std::size_t>((since - simulate::kDay) / std::chrono::hours(1));
    open.hour = &trial_.queues[placed.queue].hours[hour];
    open.due = placed.due;
    ++open.hour->placed;
  }

  void On(const InquiryAnswered& answered, Instant at) {
    const auto open = open_.find(answered.inquiry);
    if (open == open_.end()) return;
    if (open->second.hour != nullptr && at <= open->second.due) ++open->second.hour->in_time;
    open_.erase(open);
  }

  Trial trial_;
  std::uint32_t replication_ = 0;
  std::unordered_map<InquiryId, Open> open_;
};

}  // namespace

TrialHour TrialQueue::Day() const {
  TrialHour day;
  for (const TrialHour& hour : hours) {
    day.placed += hour.placed;
    day.in_time += hour.in_time;
  }
  return day;
}

absl::StatusOr<Trial> Play(const Week& week, const Policy& policy, int weekday,
                           const TrialOptions& options) {
  USHER_TRY(const ShopDay day, ToScenario(week, policy, weekday));
  if (day.arrivals > options.arrivals_max) {
    return absl::InvalidArgumentError("a day of " + std::to_string(std::llround(day.arrivals)) +
                                      " inquiries is too much to play; at most " +
                                      std::to_string(std::llround(options.arrivals_max)));
  }
  simulate::Scenario scenario = day.scenario;
  scenario.seed = options.seed;
  scenario.replications = options.days;
  Follower follower;
  simulate::Options how;
  how.decisions = [&](std::uint32_t replication, const Decision& decision) {
    follower.Take(replication, decision);
  };
  USHER_RETURN_IF_ERROR(simulate::Simulate(scenario, how).status());
  Trial trial = follower.Finish(options.days);
  trial.left_out = day.left_out;
  return trial;
}

}  // namespace usher::staffing
