// Intake: events from the shop become commands. Reads `usher.messages` and `usher.orders`, serves
// IntakeService.
//
// Threads: Bind() and the end one; the steppers one thread each, all of them running until Drain()
// has returned.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/time.h"
#include "intake/placer.h"
#include "journal/command_log.h"
#include "log/log.h"
#include "model/names.h"
#include "rpc/server.h"
#include "store/store.h"
#include "support/stepper.h"
#include "telemetry/metrics.h"
#include "understanding/understand.h"

namespace grpc {
class Service;
}

namespace usher::intake {

struct FrontDoor;

inline constexpr char kServiceName[] = "usher.v1.IntakeService";

struct Options {
  bool read_topics = true;             // false: events come by gRPC only
  std::string group = "usher.intake";  // of the readers; each topic has its own, named after it
  DeskName desk;                       // of records that name none; empty: they must
  std::string member_id = "intake";    // unique in the group
  Duration commit_every = 500ms;  // of input offsets; what a restart reads twice is dropped later
  Duration context_keep = std::chrono::hours(24 * 180);  // of orders and customers in the store
  Duration look_every = 5s;  // for promises that pass while nobody says a word of their orders
  std::size_t queue_max =
      10'000;  // events of gRPC callers that wait, before they are told to try again
};

class Intake {
 public:
  // Opens readers, appenders and stores; may block. All arguments are borrowed and outlive the
  // Intake. The service is healthy once the policies are read and the groups have given their
  // partitions. Errors: what log and store say.
  static absl::StatusOr<std::unique_ptr<Intake>> Bind(
      const Options& options, const journal::CommandLog& commands, log::Log& log,
      store::Stores& stores, const understanding::Understanding& understanding,
      telemetry::Metrics& metrics, rpc::Health& health);

  // The same with another reader of texts.
  static absl::StatusOr<std::unique_ptr<Intake>> Bind(const Options& options,
                                                      const journal::CommandLog& commands,
                                                      log::Log& log, store::Stores& stores,
                                                      ReadText read, telemetry::Metrics& metrics,
                                                      rpc::Health& health);

  ~Intake();  // after the server has stopped and the steppers are joined

  std::vector<Stepper*> steppers();
  grpc::Service& grpc_service();

  // What the gRPC handlers hand over to; lets a caller in this process do the same without gRPC.
  const FrontDoor& front_door() const;

  // Takes nothing new (calls get UNAVAILABLE) and waits until what was taken is in the log and its
  // offsets are committed. Call it while the steppers run. Errors: kDeadlineExceeded: not all was,
  // after `wait`; nothing is lost, a restart takes it again.
  absl::Status Drain(Duration wait);

 private:
  class Impl;
  explicit Intake(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace usher::intake
