// Figures: what one play came to, and what several came to together.
//
// Threads: any.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "quality/day.h"
#include "quality/play.h"
#include "simulate/estimate.h"

namespace usher::quality {

// Times are in seconds. Who leaves early waits until then, and is late if that is past the target.
struct Figures {
  double inquiries = 0;
  double breaches = 0;
  std::array<double, kKinds> breaches_of{};
  double lateness_mean = 0;  // of those late
  double wait_mean = 0;
  double wait_p50 = 0;
  double wait_p95 = 0;
  double wait_p99 = 0;
  double wait_max = 0;
  double left = 0;    // share of all whose customer left unanswered
  double spread = 0;  // most less least worked among equals, over the mean; mean over groups
  double offers = 0;  // an inquiry
  double commands = 0;
};

Figures FiguresOf(const std::vector<Inquiry>& day, const std::vector<AgentSpec>& staff,
                  const Result& result);

// The mean of one figure over plays.
simulate::Estimate MeanOf(const std::vector<Figures>& plays, double Figures::*figure);

// The same of the differences play by play.
//
// Requires: as many of either, of the same days in the same order.
simulate::Estimate DifferenceOf(const std::vector<Figures>& plays,
                                const std::vector<Figures>& others, double Figures::*figure);

}  // namespace usher::quality
