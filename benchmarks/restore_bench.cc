// How long does a router take from a partition's assignment until its desk stands again, with the
// snapshots in a real Kafka?
//
// Measured around router::Recovery, by the wall clock; beside it, in the same run, plain librdkafka
// that reads the same topic once from its beginning, and the restore alone from bytes in memory.
// benchmarks/run_restore starts the broker.
//
//   build/release/bin/restore_bench --kafka=HOST:PORT [--inquiries=1000000] [--rounds=2] [--runs=5]
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "busy_shop.h"
#include "core/check.h"
#include "engine/engine.h"
#include "journal/command_log.h"
#include "journal/topics.h"
#include "log/kafka/kafka_log.h"
#include "raw_kafka.h"
#include "router/recovery.h"
#include "router/snapshots.h"
#include "telemetry/metrics.h"
#include "wire/records.h"

namespace usher::router {
namespace {

constexpr std::size_t kPieceBytes = 512 * 1024;  // as routers cut
constexpr int kReadWaitMs = 30'000;

double Now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double CpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

std::unique_ptr<log::Log> Open(const std::string& bootstrap) {
  log::KafkaOptions options;
  options.bootstrap = bootstrap;
  options.replication = 1;
  options.min_insync_replicas = 1;
  auto log = log::OpenKafkaLog(options);
  if (!log.ok()) bench::Die(std::string(log.status().message()));
  return std::move(*log);
}

// Appends, one after another.
class Writer {
 public:
  explicit Writer(log::Log& log) : appender_(*log.OpenAppender()) {}

  void Append(log::Entry entry) {
    while (true) {
      const absl::Status status = appender_->Append(entry, 1);
      if (status.ok()) return;
      USHER_CHECK(absl::IsResourceExhausted(status));
      Settle();
    }
  }
  void Settle() {
    USHER_CHECK(appender_->Flush(std::chrono::minutes(2)).ok());
    std::vector<log::Ack> acks;
    appender_->Poll(acks);
    for (const log::Ack& ack : acks) USHER_CHECK(ack.status.ok());
  }

 private:
  const std::unique_ptr<log::Appender> appender_;
};

struct Copied {
  std::string bytes;
  DeskRef ref;
};

Copied CopyOf(std::size_t inquiries) {
  bench::BusyShop shop;
  shop.Fill(inquiries);
  Copied copy;
  shop.engine().BeginCopy(copy.bytes);
  while (shop.engine().CopySome(1'000, copy.bytes) > 0) {
  }
  shop.engine().EndCopy(copy.bytes);
  copy.ref.offset = 1;
  copy.ref.bytes = copy.bytes.size();
  copy.ref.hash = shop.engine().StateHash();
  copy.ref.chunks = static_cast<std::uint32_t>((copy.bytes.size() + kPieceBytes - 1) / kPieceBytes);
  return copy;
}

// One command, the decision on it, and so many snapshots that say the same, each in its slot.
void Fill(log::Log& log, const journal::CommandLog& commands, Copied& copy, std::uint32_t rounds) {
  Writer writer(log);
  const DeskName desk = DeskName::Of("shop");
  wire::CommandRecord command;
  command.desk = desk;
  command.command.body = Tick{};
  writer.Append({{journal::kCommands, 0}, "shop", wire::EncodeCommand(command), {}});
  writer.Settle();
  const auto landed = log.ReadRange({journal::kCommands, 0}, 1, 1);
  USHER_CHECK(landed.ok() && landed->size() == 1);
  wire::DecisionRecord decision;
  decision.stamp = {commands.log_ids[0], 0, 1, 0};
  decision.desk = desk;
  decision.command_at = landed->front().at;
  decision.decision.body = ClockCapped{};
  writer.Append({{journal::kDecisions, 0}, "shop", wire::EncodeDecision(decision), {}});
  for (std::uint32_t number = 1; number <= rounds; ++number) {
    copy.ref.slot = number % 2;
    // As a router knows it from the ack of its first piece.
    const auto place = log.EndOffset({journal::kSnapshots, 0});
    USHER_CHECK(place.ok());
    copy.ref.place = *place;
    copy.ref.copy = 1'000 + number;
    for (std::uint32_t i = 0; i < copy.ref.chunks; ++i) {
      writer.Append(EncodeChunk({journal::kSnapshots, 0}, copy.ref.slot,
                                {desk, copy.ref.offset, i, copy.ref.copy,
                                 copy.bytes.substr(i * kPieceBytes, kPieceBytes)}));
    }
    Snapshot snapshot;
    snapshot.number = number;
    snapshot.draw = copy.ref.copy;
    snapshot.log = commands.log_ids[0];
    snapshot.offset = 1;
    snapshot.last = decision.stamp;
    snapshot.decisions_offset = 0;
    snapshot.desks = {{desk, copy.ref}};
    for (log::Entry& page : EncodeManifest({journal::kSnapshots, 0}, snapshot, kPieceBytes)) {
      writer.Append(std::move(page));
    }
    writer.Settle();
  }
}

struct Read {
  double seconds = 0;
  double bytes = 0;
};

// The settings are those of usher's own reads; what comes is looked at and dropped.
Read RawRead(const std::string& bootstrap, std::int64_t end) {
  rd_kafka_t* const handle =
      bench::NewHandle(RD_KAFKA_CONSUMER, {{"bootstrap.servers", bootstrap},
                                           {"isolation.level", "read_uncommitted"},
                                           {"check.crcs", "true"},
                                           {"queued.min.messages", "1000000"},
                                           {"queued.max.messages.kbytes", "32768"},
                                           {"fetch.wait.max.ms", "5"},
                                           {"fetch.error.backoff.ms", "20"},
                                           {"socket.nagle.disable", "true"}});
  rd_kafka_topic_t* const topic = rd_kafka_topic_new(handle, journal::kSnapshots, nullptr);
  Read read;
  const double start = Now();
  if (rd_kafka_consume_start(topic, 0, 0) != 0) bench::Die("cannot read");
  for (std::int64_t next = 0; next < end;) {
    rd_kafka_message_t* const message = rd_kafka_consume(topic, 0, kReadWaitMs);
    if (message == nullptr) bench::Die("nothing to read any more");
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
      next = message->offset + 1;
      read.bytes += static_cast<double>(message->len);
    }
    rd_kafka_message_destroy(message);
  }
  read.seconds = Now() - start;
  rd_kafka_consume_stop(topic, 0);
  rd_kafka_topic_destroy(topic);
  rd_kafka_destroy(handle);
  return read;
}

double RestoreAlone(const Copied& copy) {
  const double start = Now();
  const auto engine = RestoreEngine(copy.ref, copy.bytes, Limits());
  const double took = Now() - start;
  USHER_CHECK(engine.ok());
  return took;
}

struct Run {
  double raw = 0;
  double alone = 0;
  double took = 0;
  double longest = 0;  // of its steps but the one that restores
  double cpu = 0;
};

Run Measure(const std::string& bootstrap, const Copied& copy) {
  Run run;
  const auto log = Open(bootstrap);
  const auto commands = journal::OpenCommandLog(*log);
  USHER_CHECK(commands.ok());
  const auto end = log->EndOffset({journal::kSnapshots, 0});
  USHER_CHECK(end.ok());
  const Read raw = RawRead(bootstrap, *end);
  run.raw = raw.seconds;
  run.alone = RestoreAlone(copy);
  const Options options;
  telemetry::Metrics metrics;
  Gauges gauges(metrics);
  std::vector<double> steps;
  const double cpu = CpuSeconds();
  const double start = Now();
  Recovery recovery(options, *commands, *log, gauges, 0, 0);
  while (true) {
    const double step = Now();
    const auto done = recovery.Advance();
    steps.push_back(Now() - step);
    if (!done.ok()) bench::Die(std::string(done.status().message()));
    if (*done) break;
  }
  run.took = Now() - start;
  run.cpu = CpuSeconds() - cpu;
  const Recovered recovered = recovery.Take();
  USHER_CHECK(recovered.from_snapshot && recovered.desks.size() == 1);
  std::sort(steps.begin(), steps.end());
  run.longest = steps[steps.size() - 2];
  std::printf(
      "restore       %.0f inquiries in %.2f s (%.2f s of processor time), longest step but the"
      " last %.0f ms; librdkafka alone reads the %.0f MB in %.2f s, the engine alone restores in"
      " %.2f s\n",
      static_cast<double>(recovered.desks[0].engine.inquiries()), run.took, run.cpu,
      run.longest * 1e3, raw.bytes / 1e6, run.raw, run.alone);
  std::fflush(stdout);
  return run;
}

double Median(const std::vector<Run>& runs, double Run::*of) {
  std::vector<double> all;
  for (const Run& run : runs) all.push_back(run.*of);
  std::sort(all.begin(), all.end());
  return all[all.size() / 2];
}

int Main(int argc, char** argv) {
  std::string bootstrap;
  std::size_t inquiries = 1'000'000;
  std::uint32_t rounds = 2;
  int count = 5;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument.rfind("--kafka=", 0) == 0) bootstrap = argument.substr(8);
    if (argument.rfind("--inquiries=", 0) == 0) inquiries = std::stoull(argument.substr(12));
    if (argument.rfind("--rounds=", 0) == 0) {
      rounds = static_cast<std::uint32_t>(std::stoul(argument.substr(9)));
    }
    if (argument.rfind("--runs=", 0) == 0) count = std::stoi(argument.substr(7));
  }
  if (bootstrap.empty()) bench::Die("--kafka=HOST:PORT is missing; benchmarks/run_restore has it");
  Copied copy = CopyOf(inquiries);
  {
    const auto log = Open(bootstrap);
    for (const log::TopicSpec& spec : journal::Topics(1)) {
      const absl::Status status = log->CreateTopic(spec);
      if (!status.ok()) bench::Die(std::string(status.message()));
    }
    const auto commands = journal::OpenCommandLog(*log);
    if (!commands.ok()) bench::Die(std::string(commands.status().message()));
    Fill(*log, *commands, copy, rounds);
  }
  std::vector<Run> runs;
  for (int i = 0; i < count; ++i) runs.push_back(Measure(bootstrap, copy));
  std::printf(
      "medians       %.2f s, %u rounds in the topic; librdkafka alone %.2f s, the engine alone"
      " %.2f s, the two after one another %.2f s\n",
      Median(runs, &Run::took), rounds, Median(runs, &Run::raw), Median(runs, &Run::alone),
      Median(runs, &Run::raw) + Median(runs, &Run::alone));
  return 0;
}

}  // namespace
}  // namespace usher::router

int main(int argc, char** argv) { return usher::router::Main(argc, argv); }
