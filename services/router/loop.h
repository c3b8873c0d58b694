// Loop: reads the commands of all partitions given to this router and steps each of them.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <unordered_map>
#include <vector>

#include "absl/status/statusor.h"
#include "journal/command_log.h"
#include "log/log.h"
#include "router/gauges.h"
#include "router/partition.h"
#include "router/progress.h"
#include "router/router.h"
#include "rpc/server.h"
#include "support/stepper.h"

namespace usher::router {

class Loop : public Stepper {
 public:
  // Borrows all references.
  static absl::StatusOr<std::unique_ptr<Loop>> Open(const Options& options,
                                                    const journal::CommandLog& commands,
                                                    log::Log& log, Gauges& gauges,
                                                    rpc::Health& health, Progress& progress);

  absl::Status Step(Instant now, Duration wait) override;

 private:
  Loop(const Options& options, const journal::CommandLog& commands, log::Log& log, Gauges& gauges,
       rpc::Health& health, Progress& progress, std::unique_ptr<log::Appender> appender,
       std::unique_ptr<log::Appender> command_appender, std::unique_ptr<log::Reader> reader);

  absl::Status TakeAcks();
  absl::Status Read(Instant now, Duration wait);
  absl::Status Take(const log::Assigned& assigned, Instant now);
  void Take(const log::Revoked& revoked);
  absl::Status Recover(Instant now);
  absl::Status Probe(Instant now);
  void Commit(Instant now);
  void Publish(Instant now);
  bool backlog() const;
  Duration WaitFor(Instant now, Duration wait) const;

  const Options& options_;
  log::Log& log_;
  Gauges& gauges_;
  rpc::Health& health_;
  Progress& progress_;
  std::unique_ptr<log::Appender> appender_;
  journal::CommandWriter writer_;
  std::unique_ptr<log::Reader> reader_;
  Shared shared_;

  std::map<std::int32_t, std::unique_ptr<Partition>> partitions_;
  std::unordered_map<std::uint32_t, Partition*> by_epoch_;
  std::uint32_t next_epoch_ = 1;

  std::vector<log::ReaderEvent> events_;
  std::vector<log::Ack> acks_;
  bool stepped_ = false;
  bool joined_ = false;  // something was assigned or taken away
  bool serving_ = false;
  bool idle_ = false;  // the last read gave nothing
  Instant first_step_;
  Instant last_probe_;
  Instant last_commit_;
};

}  // namespace usher::router
