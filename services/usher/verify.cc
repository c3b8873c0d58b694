// usher verify: replays the command log and compares what it decides with the decision log.
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "journal/command_log.h"
#include "journal/topics.h"
#include "router/verifier.h"
#include "support/note.h"
#include "support/pause.h"
#include "support/status.h"
#include "usher/commands.h"
#include "usher/complain.h"
#include "usher/host.h"
#include "usher/log_flags.h"
#include "usher/verify_follow.h"
#include "usher/verify_text.h"

namespace usher {
namespace {

using Progress = router::Verifier::Progress;

constexpr int kTriesMax = 60;          // while the log says "try again" and nothing moves
constexpr Duration kTryPause = 500ms;  // between them

struct VerifyOptions {
  LogFlags log;
  FollowOptions follow;
  std::vector<std::int32_t> partitions;
  router::VerifyRange range;
  bool bounded = false;  // --to was given
  bool from_snapshot = false;
  bool follows = false;
};

// Bad usage or a bad place is InvalidArgument.
absl::Status CheckOptions(VerifyOptions& options, std::int32_t partitions) {
  if (options.partitions.empty()) {
    for (std::int32_t p = 0; p < partitions; ++p) options.partitions.push_back(p);
  }
  for (const std::int32_t partition : options.partitions) {
    if (partition < partitions) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("--partition: ", partition, ", and the log has ", partitions));
  }
  if ((options.bounded || options.range.from > 0) && options.partitions.size() > 1) {
    return absl::InvalidArgumentError("--from and --to are offsets of one --partition");
  }
  if (options.range.from > options.range.to) {
    return absl::InvalidArgumentError("--from is after --to");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<router::Verifier>> OpenVerifier(const VerifyOptions& options,
                                                               const router::Options& engine,
                                                               const journal::CommandLog& commands,
                                                               log::Log& log,
                                                               std::int32_t partition) {
  auto verifier =
      std::make_unique<router::Verifier>(engine, commands, log, partition, options.range);
  if (options.from_snapshot) {
    telemetry::Metrics unseen;  // recovery counts for routers
    router::Gauges gauges(unseen);
    USHER_RETURN_IF_ERROR(verifier->BeginAtSnapshot(gauges));
  }
  return verifier;
}

// To the end of what is decided, or of the range, or to the first difference.
absl::StatusOr<bool> Run(router::Verifier& verifier) {
  Pause pause;
  std::int64_t moved_to = -1;
  for (int tries = 0; verifier.verified().differences == 0;) {
    const absl::StatusOr<Progress> progress = verifier.Step();
    if (progress.ok()) {
      if (*progress != Progress::kMore) return *progress == Progress::kDone;
      tries = 0;
      continue;
    }
    if (!absl::IsUnavailable(progress.status())) return progress.status();
    tries = verifier.next_command() == moved_to ? tries + 1 : 0;
    moved_to = verifier.next_command();
    if (tries == kTriesMax) return progress.status();
    pause.For(kTryPause);
  }
  return false;
}

// True: nothing differs.
absl::StatusOr<bool> VerifyOne(const VerifyOptions& options, router::Verifier& verifier,
                               log::Log& log) {
  const std::int32_t partition = verifier.partition();
  USHER_TRY(const bool done, Run(verifier));
  std::cout << VerifiedText(partition, verifier.verified());
  const std::vector<router::Difference> differences = verifier.TakeDifferences();
  if (!differences.empty()) {
    std::cout << DifferenceText(partition, differences.front());
    return false;
  }
  if (done || (options.bounded && verifier.reached(options.range.to))) return true;
  if (options.bounded) {
    std::cout << "partition " << partition << ": the decision log does not reach command "
              << options.range.to << "\n";
    return false;
  }
  USHER_TRY(const std::int64_t end, log.EndOffset({journal::kCommands, partition}));
  if (end > verifier.next_command()) {
    std::cout << "partition " << partition << ": " << end - verifier.next_command()
              << " commands from " << verifier.next_command() << " on are not decided yet\n";
  }
  return true;
}

absl::StatusOr<bool> Verify(VerifyOptions& options) {
  std::optional<StopSignal> stop;  // before the threads of the log
  if (options.follows) stop.emplace(kStopWithin);
  USHER_TRY(const std::unique_ptr<log::Log> log, OpenLogToRead(options.log, "usher-verify"));
  USHER_TRY(const journal::CommandLog commands, journal::ReadCommandLog(*log));
  USHER_RETURN_IF_ERROR(CheckOptions(options, commands.partitions));
  const router::Options engine;
  if (options.follows) {
    std::vector<std::unique_ptr<router::Verifier>> verifiers;
    for (const std::int32_t partition : options.partitions) {
      USHER_TRY(auto verifier, OpenVerifier(options, engine, commands, *log, partition));
      verifiers.push_back(std::move(verifier));
    }
    USHER_RETURN_IF_ERROR(Follow(options.follow, *stop, *log, verifiers));
    return true;
  }
  bool equal = true;
  for (const std::int32_t partition : options.partitions) {  // one at a time: memory for one
    USHER_TRY(const auto verifier, OpenVerifier(options, engine, commands, *log, partition));
    USHER_TRY(const bool one, VerifyOne(options, *verifier, *log));
    equal = equal && one;
  }
  return equal;
}

int Run(VerifyOptions options) {
  // Notes of recovery, should there be any, are for those who follow.
  note::Configure(note::Format::kLogfmt, options.follows ? note::Level::kInfo : note::Level::kWarn);
  const absl::StatusOr<bool> equal = Verify(options);
  if (!equal.ok()) return Complain(equal.status());
  return *equal ? kFine : kFailed;
}

}  // namespace

void AddVerify(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<VerifyOptions>();
  CLI::App* verify = app.add_subcommand(
      "verify", "Replays the commands and compares all that they decide with the decision log");
  AddLogFlags(*verify, options->log);
  verify->add_option("--partition", options->partitions, "Which; repeat for more; all if not given")
      ->check(CLI::NonNegativeNumber);
  verify->add_option("--from", options->range.from, "The first command that is compared: an offset")
      ->check(CLI::NonNegativeNumber);
  CLI::Option* const to =
      verify->add_option("--to", options->range.to, "The last command that is compared")
          ->check(CLI::NonNegativeNumber);
  verify->add_flag("--from-snapshot", options->from_snapshot,
                   "Begin at the newest snapshot, and believe it, instead of at the beginning");
  CLI::Option* const follow = verify->add_flag(
      "--follow", options->follows, "Go on as the logs grow, and tell by notes and metrics");
  follow->excludes(to);
  AddFollowFlags(*verify, options->follow);
  verify->callback([options, to, &exit_code] {
    options->bounded = to->count() > 0;
    exit_code = Run(*options);
  });
}

}  // namespace usher
