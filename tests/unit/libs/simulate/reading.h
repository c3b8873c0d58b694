// Scenarios from text, for tests.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <string_view>

#include "simulate/scenario_reader.h"
#include "simulate/simulate.h"

namespace usher::simulate {

using Files = std::map<std::string, std::string>;

inline FileText FilesOf(const Files& files) {
  return [&files](const std::string& path) -> absl::StatusOr<std::string> {
    const auto found = files.find(path);
    if (found == files.end()) return absl::InvalidArgumentError(path + ": cannot be read");
    return found->second;
  };
}

// All problems, a line each.
inline std::string ProblemsIn(std::string_view yaml, const Files& files = {}) {
  std::string lines;
  for (const policy::Problem& problem : ReadScenario(yaml, FilesOf(files)).problems) {
    lines += policy::ToString(problem) + "\n";
  }
  return lines;
}

inline Scenario Read(std::string_view yaml, const Files& files = {}) {
  ReadResult result = ReadScenario(yaml, FilesOf(files));
  EXPECT_TRUE(result.scenario) << ProblemsIn(yaml, files);
  return result.scenario.value_or(Scenario());
}

inline Report Play(const Scenario& scenario, const Options& options = {}) {
  const absl::StatusOr<Report> report = Simulate(scenario, options);
  EXPECT_TRUE(report.ok()) << report.status();
  return report.ok() ? *report : Report();
}

inline Report Play(std::string_view yaml, const Files& files = {}) {
  const Scenario scenario = Read(yaml, files);
  return scenario.classes.empty() ? Report() : Play(scenario);
}

}  // namespace usher::simulate
