#include <algorithm>
#include <chrono>
#include <utility>

#include "insights/insights.h"
#include "insights/lag.h"
#include "insights/loop.h"
#include "insights/observer.h"
#include "insights/positions.h"
#include "insights/queries.h"
#include "insights/service.h"
#include "journal/topics.h"
#include "support/status.h"

namespace usher::insights {

struct Insights::Parts {
  // Shared with the scrapes of the metrics, which may outlive this service.
  std::shared_ptr<Observer> observer;
  Positions positions;
  Pause pause;  // of steppers that have nothing to do
  std::unique_ptr<Queries> queries;
  std::unique_ptr<Queries> reports;       // that take a second or two
  std::unique_ptr<Queries> slow_queries;  // that take many
  std::unique_ptr<Zones> zones;
  std::unique_ptr<Service> service;
  std::unique_ptr<Loop> loop;
  std::unique_ptr<LagWatch> lag;
  std::vector<std::unique_ptr<QueryStepper>> query_steppers;
  std::unique_ptr<Wallboard> wallboard;  // null: none was asked for
};

absl::StatusOr<std::unique_ptr<Insights>> Insights::Bind(const Options& options,
                                                         const journal::CommandLog& commands,
                                                         log::Log& log, store::Stores& stores,
                                                         telemetry::Metrics& metrics,
                                                         rpc::Health& health) {
  Targets targets(log);
  USHER_RETURN_IF_ERROR(targets.Refresh());

  auto parts = std::make_unique<Parts>();
  parts->observer = std::make_shared<Observer>(metrics, std::move(targets), commands.partitions);
  metrics.AddSource(
      [observer = parts->observer, clock = options.clock] { return observer->Collect(clock()); });
  parts->queries = std::make_unique<Queries>(options.queries_waiting_max);
  parts->zones = std::make_unique<Zones>(log);
  parts->slow_queries = std::make_unique<Queries>(options.slow_queries_waiting_max);
  parts->reports = std::make_unique<Queries>(options.reports_waiting_max);
  parts->service = std::make_unique<Service>(*parts->queries, *parts->reports, *parts->slow_queries,
                                             *parts->zones, log, commands.partitions);
  for (std::size_t i = 0; i < options.query_steppers; ++i) {
    USHER_TRY(std::unique_ptr<store::Store> store, stores.Open());
    parts->query_steppers.push_back(
        std::make_unique<QueryStepper>(*parts->queries, std::move(store)));
  }
  for (Queries* const slow : {parts->reports.get(), parts->slow_queries.get()}) {
    USHER_TRY(std::unique_ptr<store::Store> store, stores.Open());
    parts->query_steppers.push_back(std::make_unique<QueryStepper>(*slow, std::move(store)));
  }
  parts->lag = std::make_unique<LagWatch>(log, parts->positions, metrics, parts->pause);

  health.Declare(kServiceName);
  LoopOptions loop;
  loop.batch_decisions_max = options.batch_decisions_max;
  loop.ended_ttl = options.ended_ttl;
  loop.facts_keep = options.facts_keep;
  USHER_TRY(std::unique_ptr<store::Store> store, stores.Open());
  USHER_TRY(std::unique_ptr<log::Reader> reader,
            log.OpenReader({{journal::kDecisions}, options.group, options.member_id}));
  parts->loop = std::make_unique<Loop>(loop, log, std::move(reader), std::move(store),
                                       *parts->observer, parts->positions, health, parts->pause);
  if (!options.wallboard.address.empty()) {
    USHER_TRY(std::unique_ptr<store::Store> looked_at, stores.Open());
    USHER_TRY(parts->wallboard,
              Wallboard::Start(
                  options.wallboard, std::move(looked_at), *parts->queries, *parts->zones,
                  commands.partitions, [&health] { return health.serving(kServiceName); },
                  options.clock));
  }
  return std::unique_ptr<Insights>(new Insights(std::move(parts)));
}

Insights::Insights(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Insights::~Insights() = default;

std::vector<Stepper*> Insights::steppers() {
  std::vector<Stepper*> steppers = {parts_->loop.get(), parts_->lag.get()};
  for (const auto& stepper : parts_->query_steppers) steppers.push_back(stepper.get());
  if (parts_->wallboard) steppers.push_back(&parts_->wallboard->stepper());
  return steppers;
}

int Insights::wallboard_port() const { return parts_->wallboard ? parts_->wallboard->port() : 0; }

grpc::Service& Insights::grpc_service() { return *parts_->service; }

absl::Status Insights::Drain(Duration wait) {
  parts_->pause.Cut();
  if (parts_->wallboard) parts_->wallboard->Stop();
  const absl::Status slow = parts_->slow_queries->Close(Duration::zero());
  const auto until = std::chrono::steady_clock::now() + wait;
  absl::Status drained = parts_->queries->Close(wait);
  const auto left = std::chrono::duration_cast<Duration>(until - std::chrono::steady_clock::now());
  drained.Update(parts_->reports->Close(std::max(left, Duration(0))));
  drained.Update(slow);
  return drained;
}

}  // namespace usher::insights
