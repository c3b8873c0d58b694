// Agents: the agents' side of usher. Serves AgentService: the directory, presence, and the Work
// streams; and QuestionService, since it is here that answers of the log are read as they come.
//
// It holds no truth: the directory is read from the decisions, what agents ask for goes into the
// log of commands.
//
// Threads: Bind() and the end one; the steppers one thread each, all of them running until Drain()
// has returned.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/time.h"
#include "journal/command_log.h"
#include "log/log.h"
#include "rpc/server.h"
#include "support/stepper.h"
#include "telemetry/metrics.h"

namespace grpc {
class Service;
}

namespace usher::agents {

struct FrontDoor;

inline constexpr char kServiceName[] = "usher.v1.AgentService";

struct Options {
  std::string member_id = "agents";  // names the process in notes of the log
  std::size_t queue_max =
      10'000;  // commands that wait for the log, before callers are told to try again
  std::size_t outbox_max = 1'024;  // news that wait for one stream, before it is ended as too slow
};

class Agents {
 public:
  // Opens reader and appender; may block. All arguments are borrowed and outlive the Agents. The
  // service is healthy once all decisions that stood in the log are read. Errors: what the log
  // says.
  static absl::StatusOr<std::unique_ptr<Agents>> Bind(const Options& options,
                                                      const journal::CommandLog& commands,
                                                      log::Log& log, telemetry::Metrics& metrics,
                                                      rpc::Health& health);

  ~Agents();  // after the server has stopped and the steppers are joined

  std::vector<Stepper*> steppers();
  grpc::Service& grpc_service();      // AgentService
  grpc::Service& question_service();  // QuestionService

  // What the gRPC handlers hand over to; lets a caller in this process do the same without gRPC.
  const FrontDoor& front_door() const;

  // Ends the streams (UNAVAILABLE), takes nothing new, and waits until what was taken is in the
  // log. Call it while the steppers run. Errors: kDeadlineExceeded: not all was, after `wait`.
  absl::Status Drain(Duration wait);

 private:
  class Impl;
  explicit Agents(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace usher::agents
