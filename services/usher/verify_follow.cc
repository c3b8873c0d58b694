#include "usher/verify_follow.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "journal/topics.h"
#include "support/note.h"
#include "support/status.h"
#include "telemetry/metrics.h"
#include "usher/files.h"
#include "usher/verify_text.h"

namespace usher {
namespace {

using Progress = router::Verifier::Progress;

constexpr Duration kPollEvery = 500ms;  // when all is compared

struct Meters {
  explicit Meters(telemetry::Metrics& m)
      : decisions(m.GetCounter("usher_verify_decisions_total",
                               "Decisions that a replay made as the log has them.")),
        checkpoints(m.GetCounter("usher_verify_checkpoints_total",
                                 "Of these, hashes of a desk's whole state.")),
        copies(m.GetCounter("usher_verify_copies_total",
                            "Copies in the decision log that were compared and are equal.")),
        differences(m.GetCounter("usher_verify_differences_total",
                                 "Places at which log and replay differ. Never but 0.")),
        lag(m.GetGauge("usher_verify_lag_records",
                       "Commands in the log and not yet verified, the partition with the most.")) {}

  telemetry::Counter& decisions;
  telemetry::Counter& checkpoints;
  telemetry::Counter& copies;
  telemetry::Counter& differences;
  telemetry::Gauge& lag;
};

// One verifier, with what was already told of it.
struct Followed {
  router::Verifier& verifier;
  telemetry::Gauge& offset;
  router::Verified told;
  bool caught_up = false;
  std::string problem;  // of the log, as last told
};

void Tell(Followed& followed, Meters& meters) {
  const router::Verified& now = followed.verifier.verified();
  router::Verified& told = followed.told;
  meters.decisions.Add(static_cast<double>(now.decisions - told.decisions));
  meters.checkpoints.Add(static_cast<double>(now.checkpoints - told.checkpoints));
  meters.copies.Add(static_cast<double>(now.copies - told.copies));
  meters.differences.Add(static_cast<double>(now.differences - told.differences));
  followed.offset.Set(static_cast<double>(now.last));
  told = now;
  for (const router::Difference& each : followed.verifier.TakeDifferences()) {
    note::Error("verify.difference", {{"partition", followed.verifier.partition()},
                                      {"kind", KindText(each.kind)},
                                      {"command", each.stamp.offset},
                                      {"decision", each.stamp.index},
                                      {"place", each.place}});
  }
}

// True: there is more at once.
absl::StatusOr<bool> StepOne(Followed& followed, Meters& meters) {
  const absl::StatusOr<Progress> progress = followed.verifier.Step();
  if (absl::IsUnavailable(progress.status())) {
    const std::string problem(progress.status().message());
    if (problem != std::exchange(followed.problem, problem)) {
      note::Warn("verify.waiting",
                 {{"partition", followed.verifier.partition()}, {"reason", problem}});
    }
    return false;
  }
  if (!progress.ok()) return progress.status();
  followed.problem.clear();
  Tell(followed, meters);
  if (*progress == Progress::kMore) return true;
  if (!std::exchange(followed.caught_up, true)) {
    note::Info("verify.caught_up", {{"partition", followed.verifier.partition()},
                                    {"command", followed.verifier.verified().last},
                                    {"decisions", followed.verifier.verified().decisions}});
  }
  return false;
}

void MeasureLag(log::Log& log, const std::vector<Followed>& all, Meters& meters) {
  std::int64_t most = 0;
  for (const Followed& each : all) {
    const auto end = log.EndOffset({journal::kCommands, each.verifier.partition()});
    if (end.ok()) most = std::max(most, *end - each.verifier.next_command());
  }
  meters.lag.Set(static_cast<double>(most));
}

}  // namespace

void AddFollowFlags(CLI::App& command, FollowOptions& options) {
  command
      .add_option("--metrics", options.metrics,
                  "With --follow: where to serve /metrics; port 0: a free one")
      ->capture_default_str();
  command.add_option("--ports-file", options.ports_file,
                     "With --follow: written, whole, once /metrics is served: metrics_port=N");
}

absl::Status Follow(const FollowOptions& options, StopSignal& stop, log::Log& log,
                    const std::vector<std::unique_ptr<router::Verifier>>& verifiers) {
  telemetry::Metrics metrics;
  Meters meters(metrics);
  USHER_TRY(const auto exposer, telemetry::Exposer::Start(options.metrics, metrics));
  stop.Arm();
  std::vector<Followed> all;
  for (const auto& verifier : verifiers) {
    telemetry::Gauge& offset =
        metrics.GetGauge("usher_verify_offset", "The last command verified.",
                         {{"partition", absl::StrCat(verifier->partition())}});
    all.push_back({*verifier, offset, {}, false, {}});
  }
  note::Info("verify.started", {{"metrics_port", exposer->port()}, {"partitions", all.size()}});
  if (!options.ports_file.empty()) {
    USHER_RETURN_IF_ERROR(
        WriteWholeFile(options.ports_file, absl::StrCat("metrics_port=", exposer->port(), "\n")));
  }
  while (true) {
    bool more = false;
    for (Followed& each : all) {
      USHER_TRY(const bool one, StepOne(each, meters));
      more = more || one;
    }
    MeasureLag(log, all, meters);
    if (stop.Wait(more ? Duration::zero() : kPollEvery)) return absl::OkStatus();
  }
}

}  // namespace usher
