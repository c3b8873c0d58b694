#include "staffing/trial.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <utility>

#include "simulate/simulate.h"
#include "staffing/scenario.h"
#include "support/status.h"

namespace usher::staffing {
namespace {

struct Size {
  std::uint32_t days = 0;
  double share = 1;
};

Size SizeOf(double arrivals, const TrialOptions& options) {
  const double fit = std::floor(options.inquiries_max / arrivals);
  const std::uint32_t least = std::min(kTrialDaysMin, options.days);
  if (fit >= options.days) return {options.days, 1};
  if (fit >= least) return {static_cast<std::uint32_t>(fit), 1};
  return {least, std::min(1.0, options.inquiries_max / (arrivals * least))};
}

// What comes and who is there, at a share of its size.
Week Smaller(Week week, double share) {
  for (KindWeek& kind : week.kinds) {
    for (double& arrivals : kind.arrivals) arrivals *= share;
  }
  for (Crew& crew : week.crews) {
    for (double& present : crew.present) {
      const bool some = present >= 0.5;
      present *= share;
      if (some) present = std::max(present, 1.0);
    }
  }
  return week;
}

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

  Trial Finish(const Size& size) {
    trial_.days = size.days;
    trial_.share = size.share;
    const double seen = size.days * size.share;
    trial_.placed /= seen;
    trial_.abandoned /= seen;
    for (auto& [name, queue] : trial_.queues) {
      for (TrialHour& hour : queue.hours) {
        hour.placed /= seen;
        hour.in_time /= seen;
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
  USHER_TRY(ShopDay day, ToScenario(week, policy, weekday));
  const double left_out = day.left_out;
  const Size size = SizeOf(day.arrivals, options);
  if (size.share < 1) {
    USHER_TRY(day, ToScenario(Smaller(week, size.share), policy, weekday));
  }
  simulate::Scenario scenario = std::move(day.scenario);
  scenario.seed = options.seed;
  scenario.replications = size.days;
  Follower follower;
  simulate::Options how;
  how.decisions = [&](std::uint32_t replication, const Decision& decision) {
    follower.Take(replication, decision);
  };
  how.stopped = options.stopped;
  USHER_RETURN_IF_ERROR(simulate::Simulate(scenario, how).status());
  Trial trial = follower.Finish(size);
  trial.left_out = left_out;
  return trial;
}

}  // namespace usher::staffing
