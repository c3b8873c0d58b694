// ReadScenario: the YAML of a scenario becomes a Scenario, or a full list of what is wrong with it.
// libs/simulate/README.md explains the file, key by key.
//
// Threads: any.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "policy/compile.h"
#include "simulate/scenario.h"
#include "simulate/values.h"

namespace usher::simulate {

struct ReadResult {
  std::optional<Scenario> scenario;       // there if and only if there are no problems
  std::vector<policy::Problem> problems;  // by place in the file
};

// `files` gives the texts of the policy and the traces that the scenario names.
//
// Ensures: any bytes at all give a result.
ReadResult ReadScenario(std::string_view yaml, const FileText& files);

// The scenario in the file at `path`; paths in it are relative to its folder.
//
// Errors: kInvalidArgument (also for a file that cannot be read): one line a problem,
// "path:line:column: what is wrong".
absl::StatusOr<Scenario> LoadScenario(const std::string& path);

}  // namespace usher::simulate
