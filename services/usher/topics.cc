// usher topics plan | apply: what Kafka's topics must be, what they are, and making them.
#include "journal/topics.h"

#include <CLI/CLI.hpp>
#include <chrono>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "support/pause.h"
#include "support/status.h"
#include "usher/cluster.h"
#include "usher/commands.h"
#include "usher/patience.h"

namespace usher {
namespace {

constexpr Duration kPatience = 60s;  // of apply, with brokers that are not ready
constexpr Duration kBetweenTries = 1s;

struct TopicsOptions {
  KafkaFlags kafka;
  std::int32_t partitions = 3;
};

// Prints a line for each difference. Returns how many there are.
absl::StatusOr<int> PrintDifferences(log::Log& log, std::int32_t partitions) {
  int differences = 0;
  for (const log::TopicSpec& spec : journal::Topics(partitions)) {
    USHER_TRY(const std::vector<std::string> lines, log.CheckTopic(spec));
    for (const std::string& line : lines) std::cout << line << "\n";
    differences += static_cast<int>(lines.size());
    if (lines.empty()) std::cout << spec.name << ": fine\n";
  }
  return differences;
}

absl::StatusOr<int> Plan(const TopicsOptions& options) {
  USHER_TRY(const std::unique_ptr<log::Log> log, OpenLog(options.kafka, "usher-topics"));
  return PrintDifferences(*log, options.partitions);
}

absl::StatusOr<int> MakeMissing(const TopicsOptions& options) {
  USHER_TRY(const std::unique_ptr<log::Log> log, OpenLog(options.kafka, "usher-topics"));
  for (const log::TopicSpec& spec : journal::Topics(options.partitions)) {
    USHER_RETURN_IF_ERROR(log->CreateTopic(spec));
  }
  return PrintDifferences(*log, options.partitions);
}

// Brokers that start, or that elect a controller, are waited for: what was made is made.
absl::StatusOr<int> Apply(const TopicsOptions& options) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point until = Clock::now() + kPatience;
  Pause pause;
  while (true) {
    absl::StatusOr<int> differences = MakeMissing(options);
    if (!IsNotYet(differences.status()) || Clock::now() >= until) return differences;
    std::cerr << differences.status().message() << "; trying again\n";
    pause.For(kBetweenTries);
  }
}

int Report(const absl::StatusOr<int>& differences) {
  if (!differences.ok()) {
    std::cerr << differences.status().message() << "\n";
    return absl::IsInvalidArgument(differences.status()) ? kBadUsage : kFailed;
  }
  return *differences == 0 ? kFine : kFailed;
}

}  // namespace

void AddTopics(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<TopicsOptions>();
  CLI::App* topics = app.add_subcommand("topics", "What Kafka's topics must be");
  topics->require_subcommand(1);
  CLI::App* plan = topics->add_subcommand(
      "plan", "Says what differs and changes nothing; exit status 1: something does");
  CLI::App* apply = topics->add_subcommand(
      "apply", "Makes the topics that are missing, then says what still differs");
  for (CLI::App* command : {plan, apply}) {
    AddKafkaFlags(*command, options->kafka);
    command
        ->add_option("--partitions", options->partitions,
                     "Of commands, decisions, snapshots, messages and orders; fixed for ever")
        ->check(CLI::Range(1, 10'000))
        ->capture_default_str();
  }
  plan->callback([options, &exit_code] { exit_code = Report(Plan(*options)); });
  apply->callback([options, &exit_code] { exit_code = Report(Apply(*options)); });
}

}  // namespace usher
