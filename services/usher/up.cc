// usher up: all four services in one process, on the embedded log and store.
#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <string>

#include "agents/agents.h"
#include "insights/insights.h"
#include "intake/intake.h"
#include "journal/topics.h"
#include "log/embedded/embedded_log.h"
#include "router/router.h"
#include "store/embedded/embedded_store.h"
#include "support/status.h"
#include "understanding/understand.h"
#include "usher/commands.h"
#include "usher/host.h"
#include "usher/policy_client.h"
#include "usher/policy_file.h"
#include "usher/wallboard_flags.h"

namespace usher {
namespace {

struct UpOptions {
  HostOptions host;
  WallboardFlags wallboard;
  std::string data_dir;
  std::string policy;
  std::string desk;
  std::string models;
  std::int32_t partitions = 1;
  bool no_sync = false;
  std::uint64_t keep_free_mib = 256;
};

// What the services stand on: the log and the store in `data_dir`, with all topics, and the models.
struct Ground {
  std::unique_ptr<understanding::Understanding> understanding;
  std::unique_ptr<log::Log> log;
  std::unique_ptr<store::Stores> stores;
};

absl::StatusOr<Ground> OpenGround(const UpOptions& options) {
  std::error_code error;
  std::filesystem::create_directories(options.data_dir, error);
  if (error) return absl::UnavailableError(options.data_dir + ": " + error.message());
  Ground ground;
  USHER_TRY(ground.understanding, understanding::Understanding::Load(options.models));
  log::EmbeddedOptions log;
  log.dir = options.data_dir + "/log";
  log.sync = !options.no_sync;
  log.keep_free_bytes = options.keep_free_mib << 20;
  USHER_TRY(ground.log, log::OpenEmbeddedLog(log));
  store::EmbeddedStoreOptions store;
  store.dir = options.data_dir + "/store";
  USHER_TRY(ground.stores, store::OpenEmbeddedStores(store));
  for (const log::TopicSpec& spec : journal::Topics(options.partitions)) {
    USHER_RETURN_IF_ERROR(ground.log->CreateTopic(spec));
  }
  return ground;
}

absl::Status BindAll(const UpOptions& options, Ground& ground, std::shared_ptr<Asked> asked,
                     Host& host) {
  log::Log& log = *ground.log;
  telemetry::Metrics& metrics = host.metrics();
  rpc::Health& health = host.health();
  USHER_TRY(const journal::CommandLog commands, journal::OpenCommandLog(log));
  router::Options deciding;
  deciding.strikes_file = options.data_dir + "/strikes";
  USHER_TRY(auto router, router::Router::Bind(deciding, commands, log, metrics, health));
  host.Add("router", std::move(router));
  USHER_TRY(auto intake, intake::Intake::Bind({}, commands, log, *ground.stores,
                                              *ground.understanding, metrics, health));
  host.Add("intake", std::move(intake));
  USHER_TRY(auto agents, agents::Agents::Bind({}, commands, log, metrics, health));
  host.Add("agents", std::move(agents));
  insights::Options views;
  views.wallboard = WallboardOf(options.wallboard, std::move(asked));
  USHER_TRY(auto insights,
            insights::Insights::Bind(views, commands, log, *ground.stores, metrics, health));
  if (insights->wallboard_port() != 0) host.Tell("wallboard_port", insights->wallboard_port());
  host.Add("insights", std::move(insights));
  host.Watch(log);
  return absl::OkStatus();
}

// A bad file is said at once, not after everything has started.
absl::Status CheckPolicy(const std::string& file) {
  if (file.empty()) return absl::OkStatus();
  return ReadPolicyFile(file).status();
}

int Up(const UpOptions& options) {
  Host host(options.host);
  if (const absl::Status policy = CheckPolicy(options.policy); !policy.ok()) {
    Failed("policy.refused", policy);
    return kBadUsage;
  }
  absl::StatusOr<Ground> ground = OpenGround(options);
  if (!ground.ok()) return Failed("server.failed", ground.status());
  const auto asked = std::make_shared<Asked>();  // shared with the wallboard
  if (const absl::Status bound = BindAll(options, *ground, asked, host); !bound.ok()) {
    return Failed("server.failed", bound);
  }
  return host.Run([&](const std::string& address) -> absl::Status {
    asked->At(address);
    if (options.policy.empty()) return absl::OkStatus();
    return EnsurePolicy(address, options.desk, options.policy);
  });
}

}  // namespace

void AddUp(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<UpOptions>();
  CLI::App* up = app.add_subcommand("up", "Runs all services in this process, on a folder");
  AddHostFlags(*up, options->host);
  AddWallboardFlags(*up, options->wallboard);
  up->add_option("--data-dir", options->data_dir, "Where the log and the store are kept")
      ->required();
  CLI::Option* policy = up->add_option(
      "--policy", options->policy, "Applied at the start if --desk has none, or another version");
  CLI::Option* desk = up->add_option("--desk", options->desk, "Whose --policy it is");
  policy->needs(desk);
  desk->needs(policy);
  up->add_option("--models", options->models, "Folder of the models of understanding");
  up->add_option("--partitions", options->partitions,
                 "Of a new log; one that is there keeps its own")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  up->add_flag("--no-sync", options->no_sync,
               "Do not wait for the disk: a loss of power may cost the last seconds");
  up->add_option("--keep-free-mib", options->keep_free_mib,
                 "Of the disk: with less room nothing more is taken, until there is room again")
      ->check(CLI::Range(0, 1 << 30))
      ->capture_default_str();
  up->callback([options, &exit_code] { exit_code = Up(*options); });
}

}  // namespace usher
