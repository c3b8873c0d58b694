// Is a simulated mean what theory says?
#pragma once

#include <gtest/gtest.h>

#include <string_view>

#include "simulate/estimate.h"
#include "simulate/report.h"
#include "simulate/scenario_reader.h"
#include "simulate/simulate.h"

namespace usher::theory {

// Half-widths of the 95% interval that a true mean may be off: with ten replications that happens
// once in 50,000 intervals. Seeds are fixed, so a test that holds holds for ever.
constexpr double kHalfWidths = 3.5;

// `precise` bounds the half-width as a share of the exact value: a loose interval would prove
// nothing.
inline void ExpectNear(const simulate::Estimate& estimate, double exact, double precise,
                       std::string_view what) {
  ASSERT_TRUE(estimate.ci95) << what;
  EXPECT_LE(*estimate.ci95, precise * exact) << what << ": too loose to tell";
  EXPECT_NEAR(estimate.mean, exact, kHalfWidths * *estimate.ci95) << what;
}

inline simulate::Report Play(std::string_view yaml) {
  const simulate::ReadResult read =
      simulate::ReadScenario(yaml, [](const std::string& path) -> absl::StatusOr<std::string> {
        return absl::InvalidArgumentError(path);
      });
  for (const policy::Problem& problem : read.problems) ADD_FAILURE() << policy::ToString(problem);
  if (!read.scenario) return simulate::Report();
  const absl::StatusOr<simulate::Report> report = simulate::Simulate(*read.scenario);
  EXPECT_TRUE(report.ok()) << report.status();
  return report.ok() ? *report : simulate::Report();
}

}  // namespace usher::theory
