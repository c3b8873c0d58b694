// Router: reads the commands of its partitions, lets each desk's engine decide, and appends the
// decisions. bind.cc shows who owns whom; README.md tells a partition's life.
//
// Threads: one (bind, drain, destroy); each stepper is stepped by one thread of its own; the gRPC
// service is called from any.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/time.h"
#include "journal/command_log.h"
#include "log/log.h"
#include "model/limits.h"
#include "router/logic.h"
#include "rpc/server.h"
#include "support/stepper.h"
#include "telemetry/metrics.h"

namespace grpc {
class Service;
}

namespace usher::router {

inline constexpr char kServiceName[] = "usher.v1.RoutingService";

struct Options {
  std::string group = "usher.router";
  std::string member_id = "router";
  Limits limits;
  Logic logic;

  // A file of this process and its next lives, for crashes; empty: they are forgotten.
  std::string strikes_file;

  // A partition is snapshot after so many commands, or after this time if anything changed.
  std::int64_t checkpoint_commands = 500'000;
  Duration checkpoint_every = 60s;

  Duration join_grace = 15s;    // a router that was given no partition until then is ready without
  Duration tick_timeout = 5s;   // a Tick that was not read back so long is sent again
  Duration tick_pause = 100ms;  // between Ticks that moved nothing: the log's clock is behind ours
  Duration lag_every = 5s;      // how often the ends of the logs are asked for

  // Calendars are written out anew when less than `renew_left` of their two years remains, within
  // the first `renew_patience` only while they are closed.
  Duration renew_every =
      600s;  // how often it is looked for, besides when a policy or partition comes
  Duration renew_left = std::chrono::hours(24 * 365);
  Duration renew_patience = std::chrono::hours(24 * 14);

  std::size_t batch_max = 256;           // events a step
  std::uint32_t desks_max = 100'000;     // in one partition
  std::size_t chunk_bytes = 512 * 1024;  // of a snapshot's piece
  std::size_t snapshot_window = 64;      // offsets of a first look back for a manifest
  std::size_t copy_rows = 1'000;         // agents and inquiries that a step copies for a snapshot
};

class Router {
 public:
  // Borrows `log`, `metrics` and `health` for its whole life. Declares kServiceName on `health`;
  // it serves when all partitions given to this router have caught up.
  // Errors: what the log says when readers and appenders are opened.
  static absl::StatusOr<std::unique_ptr<Router>> Bind(const Options& options,
                                                      const journal::CommandLog& commands,
                                                      log::Log& log, telemetry::Metrics& metrics,
                                                      rpc::Health& health);
  ~Router();

  std::vector<Stepper*> steppers();
  grpc::Service& grpc_service();

  // Refuses calls that change something, reads no more commands, and waits at most `wait` until
  // what was taken and decided is in the log. The steppers do that work: they must be stepped until
  // then.
  // Errors: kDeadlineExceeded; nothing is lost by it, the next router decides the same.
  absl::Status Drain(Duration wait);

 private:
  struct Parts;
  explicit Router(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace usher::router
