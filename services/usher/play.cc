#include "usher/play.h"

#include <CLI/CLI.hpp>
#include <atomic>
#include <csignal>
#include <memory>

#include "usher/play_day.h"
#include "usher/play_plan.h"

namespace usher::play {
namespace {

std::atomic<bool> stop_asked{false};
static_assert(std::atomic<bool>::is_always_lock_free);

void AskStop(int) { stop_asked.store(true); }

int Play(DayOptions options, const std::string& server) {
  for (auto* addresses : {&options.addresses.intake, &options.addresses.router,
                          &options.addresses.agents, &options.addresses.insights}) {
    if (addresses->empty()) addresses->push_back(server);
  }
  struct sigaction action {};
  action.sa_handler = AskStop;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  return PlayDay(options, stop_asked);
}

}  // namespace

void AddPlay(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<DayOptions>();
  auto server = std::make_shared<std::string>("127.0.0.1:7400");
  CLI::App* play = app.add_subcommand("play", "Plays a shop's day against a running usher");
  play->add_option("--server", *server, "Where usher is: HOST:PORT")->capture_default_str();
  play->add_option("--intake", options->addresses.intake,
                   "Where intake is, if elsewhere; repeat for more");
  play->add_option("--router", options->addresses.router, "Where the router is, if elsewhere");
  play->add_option("--agents", options->addresses.agents, "Where agents is, if elsewhere");
  play->add_option("--insights", options->addresses.insights, "Where insights is, if elsewhere");
  play->add_option("--metrics", options->metrics, "The URL of the metrics, to name at the end");
  play->add_option("--desk", options->desks, "Whose day; repeat for more")->capture_default_str();
  play->add_option("--policy", options->policy_file,
                   "The desk's policy [deploy/policies/shop.yaml]");
  play->add_option("--messages", options->messages_dir, "Folder of the messages to play, *.tsv");
  play->add_option("--speed", options->speed, "How many seconds of the shop are one of ours")
      ->check(CLI::Range(std::int64_t{1}, kSpeedMax))
      ->capture_default_str();
  play->add_option("--inquiries", options->inquiries, "How many customers come with a question")
      ->check(CLI::Range(std::uint32_t{1}, kInquiriesMax))
      ->capture_default_str();
  play->add_option("--hours", options->hours,
                   "Close the shop, which opens at 8, after so many hours")
      ->check(CLI::Range(std::uint32_t{1}, kHours))
      ->capture_default_str();
  play->add_option("--seed", options->seed, "Another seed is another day")->capture_default_str();
  play->add_option("--report", options->report_file, "Write what happened to this file, as JSON");
  play->add_flag("--exit", options->exit, "End with the day; else the agents stay until Ctrl-C");
  play->add_flag("--plain", options->plain, "Lines instead of a panel, even on a terminal");
  play->callback([options, server, &exit_code] { exit_code = Play(*options, *server); });
}

}  // namespace usher::play
