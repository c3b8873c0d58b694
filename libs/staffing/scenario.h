// A day of a week as a scenario of the simulator.
#pragma once

#include "absl/status/statusor.h"
#include "model/policy.h"
#include "simulate/scenario.h"
#include "staffing/forecast.h"

namespace usher::staffing {

struct ShopDay {
  simulate::Scenario scenario;  // but for its seed and replications
  double arrivals = 0;          // mean number in the day
  double left_out = 0;          // mean number of channels that the policy does not have
};

// A fraction of an agent is rounded to whole ones, hour by hour.
//
// Errors: kInvalidArgument: nothing comes that day, or nobody is there.
absl::StatusOr<ShopDay> ToScenario(const Week& week, const Policy& policy, int weekday);

}  // namespace usher::staffing
