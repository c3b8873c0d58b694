// usher simulate SCENARIO.yaml
#include "usher/simulate.h"

#include <google/protobuf/util/json_util.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "core/check.h"
#include "simulate/scenario_reader.h"
#include "simulate/simulate.h"
#include "usher/commands.h"
#include "wire/decisions.h"

namespace usher {
namespace {

// One decision as one line of JSON.
void WriteDecision(std::uint32_t replication, const Decision& decision, std::ostream& out) {
  v1::Decision record;
  wire::ToProto(decision.body, record);
  std::string json;
  USHER_CHECK(google::protobuf::util::MessageToJsonString(record, &json).ok());
  out << "{\"replication\":" << replication << ",\"at_us\":" << ToMicros(decision.at) << ','
      << std::string_view(json).substr(1) << '\n';
}

// A line on a terminal that overwrites itself.
void ShowProgress(std::uint32_t done, std::uint32_t of) {
  std::cerr << "\rreplication " << done << " of " << of << (done == of ? "\r\033[K" : "")
            << std::flush;
}

}  // namespace

int Simulate(const SimulateOptions& options) {
  absl::StatusOr<simulate::Scenario> scenario = simulate::LoadScenario(options.file);
  if (!scenario.ok()) {
    std::cerr << scenario.status().message() << "\n";
    return kBadUsage;
  }
  scenario->seed = options.seed.value_or(scenario->seed);
  scenario->replications = options.replications.value_or(scenario->replications);

  simulate::Options how;
  how.threads = options.threads;
  std::ofstream decisions;
  if (!options.decisions.empty()) {
    decisions.open(options.decisions, std::ios::binary | std::ios::trunc);
    if (!decisions) {
      std::cerr << options.decisions << ": cannot be written\n";
      return kBadUsage;
    }
    how.decisions = [&](std::uint32_t replication, const Decision& decision) {
      WriteDecision(replication, decision, decisions);
    };
  }
  if (isatty(STDERR_FILENO) != 0) how.progress = ShowProgress;

  const auto start = std::chrono::steady_clock::now();
  const absl::StatusOr<simulate::Report> report = simulate::Simulate(*scenario, how);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  if (!report.ok()) {
    std::cerr << options.file << ": " << report.status().message() << "\n";
    return absl::IsInvalidArgument(report.status()) ? kBadUsage : kFailed;
  }
  if (decisions.is_open() && !decisions.flush()) {
    std::cerr << options.decisions << ": cannot be written\n";
    return kFailed;
  }
  std::cout << (options.json ? ToJson(*report) : ToTable(*report)) << std::flush;
  std::fprintf(stderr, "%llu commands in %.2f s: %.0f commands/s\n",
               static_cast<unsigned long long>(report->commands), took.count(),
               static_cast<double>(report->commands) / took.count());
  return kFine;
}

void AddSimulate(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<SimulateOptions>();
  options->threads = std::max(1u, std::thread::hardware_concurrency());
  CLI::App* command =
      app.add_subcommand("simulate", "Plays a scenario on the engine, in simulated time");
  command->add_option("FILE", options->file, "The YAML")->required();
  command->add_flag("--json", options->json, "One JSON object instead of a table");
  command->add_option("--decisions", options->decisions, "Writes every decision, one JSON a line");
  command->add_option("--seed", options->seed, "Instead of the file's")
      ->check([](const std::string& text) {  // "-1" would be taken for 2^64 - 1
        return text.starts_with('-') ? "it must be a whole number, at least 0" : "";
      });
  command->add_option("--replications", options->replications, "Instead of the file's")
      ->check(CLI::Range(1u, 10'000u));
  command->add_option("--threads", options->threads, "To play replications side by side")
      ->check(CLI::Range(1u, 1'024u))
      ->capture_default_str();
  command->callback([options, &exit_code] { exit_code = Simulate(*options); });
}

}  // namespace usher
