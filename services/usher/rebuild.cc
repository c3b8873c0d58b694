// usher rebuild context: what the store is to know of orders, read again from the topic; usher
// rebuild views: what insights shows, built again from the decisions.
#include "intake/rebuild.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <string>

#include "insights/rebuild.h"
#include "intake/intake.h"
#include "store/embedded/embedded_store.h"
#include "support/pause.h"
#include "support/status.h"
#include "support/stepper.h"
#include "usher/cluster.h"
#include "usher/commands.h"
#include "usher/complain.h"
#include "usher/log_flags.h"

namespace usher {
namespace {

constexpr Duration kTryPause = 500ms;
constexpr std::int64_t kToldEvery = 10'000;  // records

struct RebuildFlags {
  LogFlags log;
  RedisFlags redis;
  std::string desk;
  bool cut = false;
};

std::ostream& operator<<(std::ostream& out, const intake::RebuildProgress& progress) {
  return out << "records=" << progress.records << " changed=" << progress.changed
             << " unchanged=" << progress.unchanged << " refused=" << progress.refused
             << " ignored=" << progress.ignored;
}

absl::StatusOr<std::unique_ptr<store::Stores>> OpenStoresOf(const RebuildFlags& flags) {
  if (flags.log.data_dir.empty()) {
    if (!flags.redis.redis.empty()) return OpenStores(flags.redis);
    return absl::InvalidArgumentError("say which store: --redis, beside --kafka");
  }
  store::EmbeddedStoreOptions options;
  options.dir = flags.log.data_dir + "/store";
  return store::OpenEmbeddedStores(options);
}

absl::Status Run(const RebuildFlags& flags) {
  const auto desk = DeskName::Parse(flags.desk);
  if (!desk) return absl::InvalidArgumentError("--desk: not a name");
  // The log first: it refuses a folder that is not there or in use.
  USHER_TRY(const auto log, OpenLogToWrite(flags.log, "usher-rebuild"));
  USHER_TRY(const auto stores, OpenStoresOf(flags));
  std::int64_t told_at = 0;
  Pause pause;
  const auto tell = [&told_at](const intake::RebuildProgress& progress) {
    if (progress.records - told_at < kToldEvery) return;
    told_at = progress.records;
    std::cerr << progress << " ahead=" << progress.ahead << "\n";
  };
  USHER_TRY(
      const intake::RebuildProgress done,
      intake::RebuildContext(*log, *stores, {intake::Options().context_keep, *desk, WallNow()},
                             tell, [&pause] { pause.For(kTryPause); }));
  std::cout << done << "\n";
  return absl::OkStatus();
}

absl::Status RunViews(const RebuildFlags& flags) {
  USHER_TRY(const auto log, OpenLogToWrite(flags.log, "usher-rebuild"));
  USHER_TRY(const auto stores, OpenStoresOf(flags));
  USHER_TRY(const auto store, stores->Open());
  USHER_RETURN_IF_ERROR(insights::ForgetViews(*log, *store, flags.cut));
  std::cout << "insights builds the views again from the first decision: at once where it runs, "
               "else when it starts\n";
  return absl::OkStatus();
}

void AddStoreFlags(CLI::App& command, RebuildFlags& flags) {
  AddLogFlags(command, flags.log);
  AddRedisFlags(command, flags.redis);
  command.get_option("--redis")->required(false)->excludes(command.get_option("--data-dir"));
}

}  // namespace

void AddRebuild(CLI::App& app, int& exit_code) {
  auto flags = std::make_shared<RebuildFlags>();
  CLI::App* rebuild = app.add_subcommand("rebuild", "What the store lost, from the topics");
  rebuild->require_subcommand(1);
  CLI::App* context = rebuild->add_subcommand(
      "context",
      "Reads usher.orders from its beginning and puts the context of orders into the "
      "store; services may run");
  AddStoreFlags(*context, *flags);
  context->add_option("--desk", flags->desk,
                      "The desk of records that name none, as the intakes have it");
  context->callback([flags, &exit_code] {
    const absl::Status status = Run(*flags);
    exit_code = status.ok() ? kFine : Complain(status);
  });

  CLI::App* views = rebuild->add_subcommand(
      "views",
      "Has insights build its views and reports again from the decisions; services may run");
  AddStoreFlags(*views, *flags);
  views->add_flag("--cut", flags->cut,
                  "Even if the log no longer has the first decisions: what they added is lost");
  views->callback([flags, &exit_code] {
    const absl::Status status = RunViews(*flags);
    exit_code = status.ok() ? kFine : Complain(status);
  });
}

}  // namespace usher
