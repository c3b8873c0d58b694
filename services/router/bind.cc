#include <chrono>
#include <utility>

#include "journal/submitter.h"
#include "router/loop.h"
#include "router/quarantines.h"
#include "router/renewals.h"
#include "router/router.h"
#include "router/service.h"
#include "router/shelf.h"
#include "support/status.h"

namespace usher::router {

// Who owns whom, in the order of making; each borrows from those before it.
struct Router::Parts {
  Parts(Options o, journal::CommandLog c, telemetry::Metrics& metrics)
      : options(std::move(o)), commands(std::move(c)), gauges(metrics) {}

  const Options options;
  const journal::CommandLog commands;
  Gauges gauges;
  Progress progress;
  std::unique_ptr<Loop> loop;
  std::unique_ptr<Shelf> shelf;
  std::unique_ptr<Renewals> renewals;
  std::unique_ptr<RoutingService> service;
  std::unique_ptr<journal::Submitter> submitter;  // goes first: its last answers need the service
};

absl::StatusOr<std::unique_ptr<Router>> Router::Bind(const Options& options,
                                                     const journal::CommandLog& commands,
                                                     log::Log& log, telemetry::Metrics& metrics,
                                                     rpc::Health& health) {
  health.Declare(kServiceName);
  if (!options.strikes_file.empty()) {
    USHER_RETURN_IF_ERROR(ReportStrikes(log, options.strikes_file));
    USHER_RETURN_IF_ERROR(WatchCrashes(options.strikes_file));
  }
  auto parts = std::make_unique<Parts>(options, commands, metrics);
  USHER_TRY(parts->loop, Loop::Open(parts->options, parts->commands, log, parts->gauges, health,
                                    parts->progress));
  USHER_TRY(parts->shelf, Shelf::Open(parts->options, log, parts->gauges, parts->progress));
  USHER_TRY(auto renewals_appender, log.OpenAppender());
  parts->renewals =
      std::make_unique<Renewals>(parts->options, parts->commands, parts->gauges, parts->progress,
                                 *parts->shelf, std::move(renewals_appender));
  USHER_TRY(auto appender, log.OpenAppender());
  parts->submitter = std::make_unique<journal::Submitter>(parts->commands, std::move(appender));
  parts->service = std::make_unique<RoutingService>(*parts->submitter, *parts->shelf);
  return std::unique_ptr<Router>(new Router(std::move(parts)));
}

Router::Router(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Router::~Router() = default;

std::vector<Stepper*> Router::steppers() {
  return {parts_->loop.get(), parts_->submitter.get(), parts_->shelf.get(), parts_->renewals.get()};
}

grpc::Service& Router::grpc_service() { return *parts_->service; }

absl::Status Router::Drain(Duration wait) {
  const auto began = std::chrono::steady_clock::now();
  const bool answered = parts_->service->Drain(wait);
  parts_->progress.AskToDrain();
  const auto took = std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - began);
  if (answered && parts_->progress.WaitDrained(std::max(Duration::zero(), wait - took))) {
    return absl::OkStatus();
  }
  return absl::DeadlineExceededError("decisions or policies were still on their way to the log");
}

}  // namespace usher::router
