// Insights: the service that follows the decisions and answers where an inquiry stands and why, how
// the queues are, what a desk did; and the metrics that operators watch.
//
// Its truth is the log: the views in the store may vanish at any time and are built again.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/time.h"
#include "insights/facts.h"
#include "insights/wallboard/wallboard.h"
#include "journal/command_log.h"
#include "log/log.h"
#include "rpc/server.h"
#include "store/store.h"
#include "support/stepper.h"
#include "telemetry/metrics.h"

namespace grpc {
class Service;
}

namespace usher::insights {

struct Options {
  std::string group = "usher.insights";
  std::string member_id = "insights";  // unique in the group
  std::size_t batch_decisions_max = 1'000;
  Duration ended_ttl = std::chrono::hours(24 * 30);  // how long ended inquiries can be asked for
  Duration facts_keep = kFactsKeep;                  // how long reports reach back
  std::size_t query_steppers = 2;
  std::size_t queries_waiting_max = 1'000;
  std::size_t reports_waiting_max = 100;     // each takes up to seconds
  std::size_t slow_queries_waiting_max = 8;  // each takes many
  std::function<Instant()> clock = WallNow;  // for the ages at a scrape
  WallboardOptions wallboard;                // without an address there is none
};

// Threads: one binds, drains and destroys; each stepper has one of its own; the gRPC service is
// called from any.
class Insights {
 public:
  // Reads the policies' targets and joins the group; may block. Borrows all but `commands`;
  // `metrics` may be scraped for as long as it lives. Errors: what log and stores say.
  static absl::StatusOr<std::unique_ptr<Insights>> Bind(const Options& options,
                                                        const journal::CommandLog& commands,
                                                        log::Log& log, store::Stores& stores,
                                                        telemetry::Metrics& metrics,
                                                        rpc::Health& health);
  ~Insights();

  // Each to be stepped by one thread, until after Drain().
  std::vector<Stepper*> steppers();

  grpc::Service& grpc_service();

  // Where the wallboard is served; 0: nowhere.
  int wallboard_port() const;

  // Takes no more queries and answers those that wait, at most for `wait`.
  absl::Status Drain(Duration wait);

 private:
  struct Parts;
  explicit Insights(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace usher::insights
