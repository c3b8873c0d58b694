// A cluster of routers over the simulated log, stepped by hand on a clock of its own; and the
// judge: what one engine a desk decides on the commands that are in the log is what the decision
// log must hold, each once, in order.
//
// Threads: one.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "journal/command_log.h"
#include "log/sim/sim_log.h"
#include "router/router.h"
#include "rpc/server.h"
#include "telemetry/metrics.h"
#include "wire/records.h"

namespace usher::router {

// What a process holds; thrown away as a whole by a crash.
struct Process {
  telemetry::Metrics metrics;
  rpc::Health health;
  std::unique_ptr<Router> router;
};

class Rig {
 public:
  explicit Rig(std::uint64_t seed = 1, std::int32_t partitions = 1);
  ~Rig();

  Options options;  // of routers started from now on
  log::SimLog& log() { return *log_; }
  Instant now() const { return now_; }
  void Pass(Duration time) { now_ += time; }

  void Start(const std::string& name);
  void Kill(const std::string& name) { processes_.erase(name); }
  bool Runs(const std::string& name) const { return processes_.count(name) > 0; }
  Process& process(const std::string& name) { return *processes_.at(name); }
  double Metric(const std::string& name, const std::string& metric);

  // One step of every stepper. Errors: of the first that failed.
  absl::Status Step(const std::string& name);
  void StepAll();  // of all processes, none may fail

  // Steps all, with time passing, until nothing is decided any more.
  void Settle();

  // Appends a command, as the other services do.
  void Put(const std::string& desk, CommandBody body);
  void PutPolicy(const std::string& desk, const std::string& yaml);  // compiled as of now()
  void PutRecord(const wire::CommandRecord& record);
  void PutBytes(std::int32_t partition, std::string bytes);
  void PutControl(std::int32_t partition, const wire::Control& control) {
    PutBytes(partition, wire::EncodeControl(control));
  }
  void PutSnapshotBytes(std::int32_t partition, std::string key, std::string bytes);

  const journal::CommandLog& commands() const { return commands_; }
  std::vector<log::Record> All(const std::string& topic, std::int32_t partition = 0);

  // What the decision log of all partitions must hold, from the commands that are in the log.
  std::vector<wire::DecisionRecord> Expected();
  // What it holds, without copies. Fails the test on a gap, an alien stamp, or a copy that differs.
  std::vector<wire::DecisionRecord> Decided();

  // Fails the test unless they are the same.
  void Judge();

  std::uint64_t copies() const { return copies_; }  // that the last Decided() met

 private:
  Instant now_ = FromMicros(1'700'000'000'000'000);
  std::unique_ptr<log::SimLog> log_;
  journal::CommandLog commands_;
  std::unique_ptr<journal::CommandWriter> writer_;
  std::map<std::string, std::unique_ptr<Process>> processes_;
  std::uint64_t copies_ = 0;
};

// A shop's policy with a queue that asks agents, one that does not, and a clock.
Policy ShopPolicy();

// Random work of a desk: agents come and go, customers ask, offers are answered.
class History {
 public:
  explicit History(std::uint64_t seed) : state_(seed) {}
  // The next command; the first few set the desk up.
  CommandBody Next();
  std::uint64_t Below(std::uint64_t bound);

 private:
  InquiryId AnInquiry() { return InquiryId::FromNumber(1 + Below(40)); }
  AgentName AnAgent();

  std::uint64_t state_;
  int made_ = 0;
};

}  // namespace usher::router
