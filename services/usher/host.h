// Host: one process that runs services to their end: metrics, health, the gRPC port, a thread for
// each stepper, and the order in which all that stops.
//
// Threads: one.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "core/time.h"
#include "log/log.h"
#include "rpc/server.h"
#include "support/note.h"
#include "support/stepper.h"
#include "telemetry/metrics.h"
#include "usher/log_metrics.h"
#include "usher/rpc_metrics.h"
#include "usher/stop_signal.h"

namespace CLI {
class App;
}

namespace usher {

constexpr Duration kStopWithin = 25s;  // Kubernetes waits 30

struct HostOptions {
  std::string grpc = "127.0.0.1:7400";  // port 0: a free one
  std::string metrics = "127.0.0.1:7480";
  std::string ports_file;  // empty: none
  std::string note_format = "logfmt";
  std::string note_level = "info";
  double drain_delay_s = 0;  // between NOT_SERVING and refusing calls
  bool reflection = false;
};

// The flags of every command that serves.
void AddHostFlags(CLI::App& command, HostOptions& options);

class Host {
 public:
  // Sets up the notes, and takes the stop signals: make it before any thread.
  explicit Host(const HostOptions& options);
  ~Host();

  telemetry::Metrics& metrics() { return metrics_; }
  rpc::Health& health() { return health_; }

  // Hands a bound service over: any class with steppers(), grpc_service(), maybe
  // question_service(), and Drain(Duration).
  template <class Service>
  void Add(const std::string& name, std::unique_ptr<Service> service) {
    Hosted hosted;
    hosted.name = name;
    hosted.steppers = service->steppers();
    hosted.grpc.push_back(&service->grpc_service());
    if constexpr (requires { service->question_service(); }) {
      hosted.grpc.push_back(&service->question_service());
    }
    hosted.drain = [raw = service.get()](Duration wait) { return raw->Drain(wait); };
    hosted.owner = std::move(service);
    hosted_.push_back(std::move(hosted));
  }

  // A further port that is served already: named in the notes and in the ports file.
  void Tell(const std::string& name, int port) { ports_.emplace_back(name, port); }

  // Shows what the adapter says of itself in the metrics, until Run() ends.
  void Watch(const log::Log& log);

  // Serves until asked to stop, and stops all but the metrics. `once_serving` is called when all
  // services serve, before the ports file is written; it gets the address of the gRPC port.
  // Returns the exit code. A stepper that fails ends the process at once.
  int Run(const std::function<absl::Status(const std::string& address)>& once_serving = {});

 private:
  struct Hosted {
    std::string name;
    std::vector<Stepper*> steppers;
    std::vector<grpc::Service*> grpc;
    std::function<absl::Status(Duration)> drain;
    std::shared_ptr<void> owner;  // shared_ptr only for its typed deleter
  };
  absl::Status Open();
  void StartSteppers();
  absl::Status UntilServing(
      const std::function<absl::Status(const std::string& address)>& once_serving);
  void Stop();

  const HostOptions options_;
  StopSignal stop_;
  telemetry::Metrics metrics_;
  RpcMetrics rpc_metrics_{metrics_};
  rpc::Health health_;
  std::shared_ptr<WatchedLog> watched_;          // shared with the scrapes
  std::unique_ptr<telemetry::Exposer> exposer_;  // first to start, last to stop
  std::vector<std::pair<std::string, int>> ports_;
  std::vector<Hosted> hosted_;
  std::vector<std::unique_ptr<StepThread>> threads_;
  std::unique_ptr<rpc::Server> server_;
};

// Says why a command failed: one note a line of the status. Returns the exit code.
int Failed(const char* what, const absl::Status& status);

}  // namespace usher
