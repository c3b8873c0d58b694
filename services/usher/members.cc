// usher intake | router | agents | insights: one service of a cluster, on Kafka and Redis.
#include <CLI/CLI.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "agents/agents.h"
#include "insights/insights.h"
#include "intake/intake.h"
#include "journal/command_log.h"
#include "router/router.h"
#include "support/status.h"
#include "understanding/understand.h"
#include "usher/cluster.h"
#include "usher/commands.h"
#include "usher/host.h"
#include "usher/patience.h"
#include "usher/wallboard_flags.h"

namespace usher {
namespace {

struct MemberOptions {
  HostOptions host;
  KafkaFlags kafka;
  RedisFlags redis;  // unused by router and agents
  std::string member_id;
  double start_patience_s = 120;
  std::string models;
  std::string desk;
  std::string state_dir;
  WallboardFlags wallboard;  // of insights
  std::string questions;     // likewise
};

// What the service stands on. `stores` and `understanding` only for those that need them.
struct Ground {
  std::unique_ptr<understanding::Understanding> understanding;
  std::unique_ptr<log::Log> log;
  std::unique_ptr<store::Stores> stores;
  journal::CommandLog commands;
};

using BindService = std::function<absl::Status(const MemberOptions&, Ground&, Host&)>;

absl::Status BindIntake(const MemberOptions& options, Ground& ground, Host& host) {
  USHER_TRY(ground.understanding, understanding::Understanding::Load(options.models));
  USHER_TRY(ground.stores, OpenStores(options.redis));
  intake::Options intake;
  intake.member_id = options.member_id;
  const auto desk = DeskName::Parse(options.desk);
  if (!desk) return absl::InvalidArgumentError("--desk: not the name of a desk");
  intake.desk = *desk;
  USHER_TRY(auto bound, intake::Intake::Bind(intake, ground.commands, *ground.log, *ground.stores,
                                             *ground.understanding, host.metrics(), host.health()));
  host.Add("intake", std::move(bound));
  return absl::OkStatus();
}

absl::Status BindRouter(const MemberOptions& options, Ground& ground, Host& host) {
  router::Options router;
  router.member_id = options.member_id;
  if (!options.state_dir.empty()) router.strikes_file = options.state_dir + "/strikes";
  USHER_TRY(auto bound, router::Router::Bind(router, ground.commands, *ground.log, host.metrics(),
                                             host.health()));
  host.Add("router", std::move(bound));
  return absl::OkStatus();
}

absl::Status BindAgents(const MemberOptions& options, Ground& ground, Host& host) {
  agents::Options agents;
  agents.member_id = options.member_id;
  USHER_TRY(auto bound, agents::Agents::Bind(agents, ground.commands, *ground.log, host.metrics(),
                                             host.health()));
  host.Add("agents", std::move(bound));
  return absl::OkStatus();
}

absl::Status BindInsights(const MemberOptions& options, Ground& ground, Host& host) {
  USHER_TRY(ground.stores, OpenStores(options.redis));
  insights::Options insights;
  insights.member_id = options.member_id;
  std::shared_ptr<Asked> asked;  // shared with the wallboard
  if (!options.questions.empty()) {
    asked = std::make_shared<Asked>();
    asked->At(options.questions);
  }
  insights.wallboard = WallboardOf(options.wallboard, std::move(asked));
  USHER_TRY(auto bound, insights::Insights::Bind(insights, ground.commands, *ground.log,
                                                 *ground.stores, host.metrics(), host.health()));
  if (bound->wallboard_port() != 0) host.Tell("wallboard_port", bound->wallboard_port());
  host.Add("insights", std::move(bound));
  return absl::OkStatus();
}

int Serve(MemberOptions options, const BindService& bind) {
  Host host(options.host);
  if (options.member_id.empty()) options.member_id = OwnName();
  Ground ground;
  const auto find_logs = [&]() -> absl::Status {
    ground.log.reset();
    USHER_TRY(ground.log, OpenLog(options.kafka, options.member_id));
    USHER_TRY(ground.commands, journal::OpenCommandLog(*ground.log));
    return absl::OkStatus();
  };
  const auto open = [&]() -> absl::Status {
    const PatienceOptions patience{.address = options.host.grpc,
                                   .total = std::chrono::duration_cast<Duration>(
                                       std::chrono::duration<double>(options.start_patience_s))};
    USHER_RETURN_IF_ERROR(Patience(patience, host.health()).Try(find_logs));
    USHER_RETURN_IF_ERROR(bind(options, ground, host));
    host.Watch(*ground.log);
    return absl::OkStatus();
  };
  if (const absl::Status opened = open(); !opened.ok()) return Failed("server.failed", opened);
  return host.Run();
}

CLI::App* AddMember(CLI::App& app, const char* name, const char* what,
                    const std::shared_ptr<MemberOptions>& options, BindService bind,
                    int& exit_code) {
  CLI::App* command = app.add_subcommand(name, what);
  AddHostFlags(*command, options->host);
  AddKafkaFlags(*command, options->kafka);
  command->add_option("--member-id", options->member_id,
                      "Names this process in its group; by default host and process");
  command
      ->add_option("--start-patience", options->start_patience_s,
                   "Seconds to wait at the start for brokers that say \"not yet\"; health says "
                   "NOT_SERVING meanwhile. What is wrong is refused at once")
      ->check(CLI::Range(0.0, 3600.0))
      ->capture_default_str();
  command->callback(
      [options, bind = std::move(bind), &exit_code] { exit_code = Serve(*options, bind); });
  return command;
}

}  // namespace

void AddMembers(CLI::App& app, int& exit_code) {
  const auto intake = std::make_shared<MemberOptions>();
  CLI::App* command = AddMember(app, "intake", "Takes events in: topics and IntakeService", intake,
                                BindIntake, exit_code);
  AddRedisFlags(*command, intake->redis);
  command->add_option("--models", intake->models, "Folder of the models of understanding");
  command->add_option("--desk", intake->desk,
                      "The desk of records that name none; left out: they must");

  const auto router = std::make_shared<MemberOptions>();
  command = AddMember(app, "router", "Decides: reads the commands, writes the decisions", router,
                      BindRouter, exit_code);
  command->add_option("--state-dir", router->state_dir,
                      "A folder that outlives a restart: which command crashed is kept there");
  AddMember(app, "agents", "Serves agent desktops: AgentService", std::make_shared<MemberOptions>(),
            BindAgents, exit_code);

  const auto insights = std::make_shared<MemberOptions>();
  command = AddMember(app, "insights", "Keeps the views: InsightsService and metrics", insights,
                      BindInsights, exit_code);
  AddRedisFlags(*command, insights->redis);
  AddWallboardFlags(*command, insights->wallboard);
  command->add_option("--questions", insights->questions,
                      "HOST:PORT of the agents service, which the wallboard asks why one waits");
}

}  // namespace usher
