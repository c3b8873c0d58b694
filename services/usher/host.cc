#include "usher/host.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <sstream>

#include "support/pause.h"
#include "support/status.h"
#include "usher/files.h"

namespace usher {
namespace {

constexpr Duration kStepWait = 100ms;  // a step with nothing to do returns after it
constexpr Duration kLookWait = 10ms;   // how soon a change of health is seen
constexpr Duration kDrainWait = 5s;    // of each service
// For connections to end. Calls were answered by the drains; a client that is idle may look at its
// connection only every few seconds.
constexpr Duration kCallsGrace = 500ms;

note::Level LevelOf(const std::string& name) {
  if (name == "debug") return note::Level::kDebug;
  if (name == "warn") return note::Level::kWarn;
  if (name == "error") return note::Level::kError;
  return note::Level::kInfo;
}

std::string WithPort(const std::string& address, int port) {
  return address.substr(0, address.rfind(':') + 1) + std::to_string(port);
}

std::string Checked(const std::string& address) {
  const std::size_t colon = address.rfind(':');
  const bool digits = colon != std::string::npos && colon + 1 < address.size() &&
                      address.find_first_not_of("0123456789", colon + 1) == std::string::npos;
  if (!digits || address.size() - colon > 6) return address + " is not HOST:PORT";
  return "";
}

}  // namespace

void AddHostFlags(CLI::App& command, HostOptions& options) {
  const CLI::Validator address(Checked, "HOST:PORT");
  command.add_option("--grpc", options.grpc, "Where to serve gRPC; port 0: a free one")
      ->check(address)
      ->capture_default_str();
  command.add_option("--metrics", options.metrics, "Where to serve /metrics; port 0: a free one")
      ->check(address)
      ->capture_default_str();
  command.add_option("--ports-file", options.ports_file,
                     "Written, whole, once all services serve: grpc_port=N and metrics_port=N");
  command.add_option("--log-format", options.note_format, "How notes are written")
      ->check(CLI::IsMember({"logfmt", "json"}))
      ->capture_default_str();
  command.add_option("--log-level", options.note_level, "The least of the notes that are written")
      ->check(CLI::IsMember({"debug", "info", "warn", "error"}))
      ->capture_default_str();
  command
      .add_option("--drain-delay", options.drain_delay_s,
                  "At a stop: seconds between saying NOT_SERVING and refusing calls, for balancers "
                  "to notice")
      ->check(CLI::Range(0.0, 15.0))
      ->capture_default_str();
  command.add_flag("--reflection", options.reflection, "Serve gRPC reflection");
}

Host::Host(const HostOptions& options)
    : options_(options), stop_(kStopWithin), watched_(WatchedLog::Show(metrics_)) {
  note::Configure(options.note_format == "json" ? note::Format::kJson : note::Format::kLogfmt,
                  LevelOf(options.note_level));
  metrics_
      .GetGauge("usher_build_info", "1; the labels say what was built.",
                {{"version", USHER_VERSION}, {"compiler", __VERSION__}})
      .Set(1);
}

Host::~Host() = default;

void Host::Watch(const log::Log& log) { watched_->Set(&log); }

int Host::Run(const std::function<absl::Status(const std::string&)>& once_serving) {
  stop_.Arm();
  absl::Status status = Open();
  if (status.ok()) {
    StartSteppers();
    status = UntilServing(once_serving);
  }
  if (!status.ok()) std::_Exit(Failed("server.failed", status));
  while (!stop_.Wait(1s)) {
  }
  Stop();
  return 0;
}

absl::Status Host::Open() {
  USHER_TRY(exposer_, telemetry::Exposer::Start(options_.metrics, metrics_));
  rpc::ServerOptions server;
  server.address = options_.grpc;
  server.reflection = options_.reflection;
  server.on_call_end = [this](const std::string& method, int code, Duration took) {
    rpc_metrics_.Ended(method, code, took);
  };
  std::vector<grpc::Service*> services = {&health_.grpc_service()};
  for (const Hosted& hosted : hosted_) {
    services.insert(services.end(), hosted.grpc.begin(), hosted.grpc.end());
  }
  USHER_TRY(server_, rpc::Server::Start(server, services));
  note::Info("server.started",
             {{"grpc_port", server_->port()}, {"metrics_port", exposer_->port()}});
  for (const auto& [name, port] : ports_)
    note::Info("port.served", {{"name", name}, {"port", port}});
  return absl::OkStatus();
}

void Host::StartSteppers() {
  for (const Hosted& hosted : hosted_) {
    for (std::size_t i = 0; i < hosted.steppers.size(); ++i) {
      const auto failed = [name = hosted.name](const absl::Status& status) {
        // What is in the logs is whole at every instant; nothing here is worth saving.
        note::Error("service.failed",
                    {{"service", name}, {"reason", std::string(status.ToString())}});
        std::_Exit(1);
      };
      threads_.push_back(std::make_unique<StepThread>(hosted.name + "-" + std::to_string(i),
                                                      *hosted.steppers[i], kStepWait, failed));
    }
  }
}

absl::Status Host::UntilServing(
    const std::function<absl::Status(const std::string&)>& once_serving) {
  while (!health_.serving("")) {
    if (stop_.Wait(kLookWait)) return absl::OkStatus();
  }
  if (once_serving) {
    USHER_RETURN_IF_ERROR(once_serving(WithPort(options_.grpc, server_->port())));
  }
  note::Info("server.serving",
             {{"grpc_port", server_->port()}, {"metrics_port", exposer_->port()}});
  if (options_.ports_file.empty()) return absl::OkStatus();
  std::string lines = "grpc_port=" + std::to_string(server_->port()) +
                      "\nmetrics_port=" + std::to_string(exposer_->port()) + "\n";
  for (const auto& [name, port] : ports_) lines += name + "=" + std::to_string(port) + "\n";
  return WriteWholeFile(options_.ports_file, lines);
}

void Host::Stop() {
  health_.StopAll();
  if (options_.drain_delay_s > 0) {
    Pause().For(std::chrono::duration_cast<Duration>(
        std::chrono::duration<double>(options_.drain_delay_s)));
  }
  for (const Hosted& hosted : hosted_) {
    if (const absl::Status drained = hosted.drain(kDrainWait); !drained.ok()) {
      note::Warn("service.undrained",
                 {{"service", hosted.name}, {"reason", std::string(drained.message())}});
    }
    note::Debug("service.drained", {{"service", hosted.name}});
  }
  server_->Stop(kCallsGrace);
  note::Debug("calls.ended", {});
  for (const auto& thread : threads_) thread->Ask();
  threads_.clear();
  note::Debug("steppers.stopped", {});
  hosted_.clear();
  server_.reset();
  if (!options_.ports_file.empty()) std::remove(options_.ports_file.c_str());
  watched_->Set(nullptr);
  note::Info("server.stopped", {});
}

int Failed(const char* what, const absl::Status& status) {
  std::istringstream lines{std::string(status.message())};
  bool any = false;
  for (std::string line; std::getline(lines, line); any = true) {
    note::Error(what, {{"reason", line}});
  }
  if (!any) note::Error(what, {{"reason", std::string(status.ToString())}});
  return 1;
}

}  // namespace usher
