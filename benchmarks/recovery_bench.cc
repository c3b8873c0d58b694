// How fast a router recovers, and how long a snapshot holds it up. Prints figures, each beside a
// baseline of the same run; it is no test. README.md has the method.
//
//   build/release/bin/recovery_bench [--inquiries=1000000] [--commands=300000] [--restore]
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "busy_shop.h"
#include "core/check.h"
#include "core/hash.h"
#include "engine/engine.h"
#include "journal/command_log.h"
#include "journal/topics.h"
#include "log/sim/sim_log.h"
#include "model/state_copy.h"
#include "router/partition.h"
#include "router/snapshots.h"
#include "telemetry/metrics.h"
#include "wire/records.h"

namespace usher::router {
namespace {

using bench::BusyShop;

constexpr std::size_t kBatch = 256;  // commands a step, as in the router

// Time of this one thread on its core: neighbours on the machine do not count.
double CpuSeconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

// A partition over a log in memory, as the router's loop holds it.
struct Process {
  explicit Process(const std::vector<log::Record>& commands, bool decided)
      : log({.clock = [this] { return now; }}) {
    for (const log::TopicSpec& spec : journal::Topics(1)) USHER_CHECK(log.CreateTopic(spec).ok());
    command_log = *journal::OpenCommandLog(log);
    appender = *log.OpenAppender();
    writer = std::make_unique<journal::CommandWriter>(command_log, *log.OpenAppender());
    now = commands.back().at;
    if (decided) Decide(commands);
    shared =
        std::make_unique<Shared>(Shared{options, command_log, log, gauges, *appender, *writer});
  }

  // The log holds the commands, and a decision on the last of them: all that is applied is replay.
  void Decide(const std::vector<log::Record>& commands) {
    auto filler = *log.OpenAppender();
    for (std::size_t i = 0; i < commands.size(); ++i) {
      USHER_CHECK(filler->Append({{journal::kCommands, 0}, "shop", "-", {}}, i + 1).ok());
      if (i % 10'000 == 0) filler->Poll(acks);
    }
    wire::DecisionRecord decision;
    decision.stamp = {command_log.log_ids[0], 0, commands.back().offset, 0};
    decision.desk = DeskName::Of("shop");
    decision.command_at = commands.back().at;
    decision.decision.body = ClockCapped{};
    USHER_CHECK(
        filler->Append({{journal::kDecisions, 0}, "shop", wire::EncodeDecision(decision), {}}, 0)
            .ok());
    USHER_CHECK(filler->Flush(1s).ok());
  }

  std::unique_ptr<Partition> Recovered(std::int64_t end) {
    auto partition = std::make_unique<Partition>(
        *shared, 1, log::Assigned{{journal::kCommands, 0}, -1, 0, end}, now);
    while (!*partition->Recover()) {
    }
    return partition;
  }

  // What the router's loop does around the commands of a step.
  void Acks(Partition& partition) {
    acks.clear();
    appender->Poll(acks);
    for (const log::Ack& ack : acks) USHER_CHECK(partition.outbox().Take(ack).ok());
    USHER_CHECK(writer->Poll().ok());
  }

  Instant now;
  log::SimLog log;
  journal::CommandLog command_log;
  Options options;
  telemetry::Metrics metrics;
  Gauges gauges{metrics};
  std::unique_ptr<log::Appender> appender;
  std::unique_ptr<journal::CommandWriter> writer;
  std::unique_ptr<Shared> shared;
  std::vector<log::Ack> acks;
};

void PrintRestore(BusyShop& shop) {
  std::string copy;
  const double before = CpuSeconds();
  shop.engine().BeginCopy(copy);
  while (shop.engine().CopySome(1'000, copy) > 0) {
  }
  shop.engine().EndCopy(copy);
  const double copied = CpuSeconds();
  const std::uint64_t hash = HashBytes(copy);
  const double hashed = CpuSeconds();
  DeskRef ref;
  ref.bytes = copy.size();
  ref.hash = shop.engine().StateHash();
  const double start = CpuSeconds();
  const auto engine = RestoreEngine(ref, copy, Limits());
  const double took = CpuSeconds() - start;
  USHER_CHECK(engine.ok());
  std::printf(
      "restore       %8.0f inquiries in %.2f s (%.0f MB; hashing these bytes once: %.2f s,"
      " copying all rows: %.2f s; check %x)\n",
      static_cast<double>(engine->inquiries()), took, static_cast<double>(copy.size()) / 1e6,
      hashed - copied, copied - before, static_cast<unsigned>(hash & 0xff));
}

void PrintReplay(std::size_t waiting, std::size_t commands) {
  BusyShop shop;
  shop.Fill(waiting);
  for (std::size_t i = 0; i < commands; ++i) shop.Turn();
  const std::vector<log::Record> records = shop.TakeRecords();
  const std::size_t first = records.size() - commands;

  Process process(records, true);
  const auto partition = process.Recovered(static_cast<std::int64_t>(records.size()) + 1);
  for (std::size_t i = 0; i < first; ++i) USHER_CHECK(partition->Apply(records[i], {}).ok());
  double start = CpuSeconds();
  for (std::size_t i = first; i < records.size(); ++i) {
    USHER_CHECK(partition->Apply(records[i], {}).ok());
  }
  const double router = CpuSeconds() - start;

  engine::Engine engine((Limits()));
  std::vector<Command> decoded;
  start = CpuSeconds();
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (i == first) start = CpuSeconds();
    auto record = wire::DecodeCommand(records[i].value);
    decoded.push_back(std::move(std::get<wire::CommandRecord>(*record).command));
    decoded.back().at = records[i].at;
  }
  const double decode = CpuSeconds() - start;
  DecisionList decisions;
  for (std::size_t i = 0; i < decoded.size(); ++i) {
    if (i == first) start = CpuSeconds();
    decisions.clear();
    engine.Apply(decoded[i], decisions);
  }
  const double bare = CpuSeconds() - start;
  const auto rate = [&](double seconds) { return static_cast<double>(commands) / seconds / 1e3; };
  std::printf(
      "replay        %8.0f thousand commands/s, %zu waiting (decoding alone %.0f, the engine"
      " alone, without lookahead, %.0f)\n",
      rate(router), waiting, rate(decode), rate(bare));
}

// The longest step of a partition, with and without a snapshot under way.
void PrintSteps(std::size_t waiting, std::size_t commands) {
  BusyShop shop;
  shop.Fill(waiting);
  PrintRestore(shop);
  for (std::size_t i = 0; i < commands; ++i) shop.Turn();
  const std::vector<log::Record> records = shop.TakeRecords();
  Process process({records.front()}, false);
  process.now = records.back().at;
  process.options.checkpoint_every = std::chrono::hours(10'000);
  process.options.checkpoint_commands = INT64_MAX;
  const auto partition = process.Recovered(1);
  std::int64_t offset = 0;
  std::size_t next = 0;
  std::vector<double> steps;
  const auto step = [&](std::size_t batch) {
    const double start = CpuSeconds();
    process.Acks(*partition);
    USHER_CHECK(partition->outbox().Pump().ok());
    for (; batch > 0 && next < records.size(); --batch, ++next) {
      log::Record record = records[next];
      record.offset = ++offset;
      USHER_CHECK(partition->Apply(record, process.now).ok());
    }
    partition->CheckLive(process.now, true);
    USHER_CHECK(partition->Tend(process.now).ok());
    steps.push_back(CpuSeconds() - start);
  };
  const auto print = [&](const char* what) {
    std::sort(steps.begin(), steps.end());
    std::printf(
        "step          %8.2f ms the longest, %.2f ms at 99%%, %.2f ms in the median of %zu:"
        " %s\n",
        steps.back() * 1e3, steps[steps.size() * 99 / 100] * 1e3, steps[steps.size() / 2] * 1e3,
        steps.size(), what);
    steps.clear();
  };
  const std::size_t live_from = records.size() - commands;
  while (next < live_from) step(kBatch);
  steps.clear();
  while (next < live_from + commands / 2) step(kBatch);
  print("256 commands each, no snapshot");

  process.options.checkpoint_commands = 1;
  std::int64_t seen = *process.log.EndOffset({journal::kCommands, 0});
  while (!partition->snapshot_at()) {
    step(next < records.size() ? kBatch : 0);
    process.options.checkpoint_commands = INT64_MAX;
    // The Checkpoint comes back as a command like all others.
    const auto added = process.log.ReadRange({journal::kCommands, 0}, seen, 10);
    USHER_CHECK(added.ok());
    for (const log::Record& record : *added) {
      log::Record again = record;
      seen = record.offset + 1;
      again.offset = ++offset;
      again.at = process.now;
      const double start = CpuSeconds();
      USHER_CHECK(partition->Apply(again, process.now).ok());
      steps.push_back(CpuSeconds() - start);
    }
  }
  print("the same while a snapshot is taken and written");
}

int Main(int argc, char** argv) {
  std::size_t inquiries = 1'000'000;
  std::size_t commands = 300'000;
  bool restore_alone = false;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument.rfind("--inquiries=", 0) == 0) inquiries = std::stoull(argument.substr(12));
    if (argument.rfind("--commands=", 0) == 0) commands = std::stoull(argument.substr(11));
    if (argument == "--restore") restore_alone = true;
  }
  if (restore_alone) {
    BusyShop shop;
    shop.Fill(inquiries);
    shop.TakeRecords();
    PrintRestore(shop);
    return 0;
  }
  PrintReplay(std::min<std::size_t>(inquiries, 100'000), commands);
  PrintSteps(inquiries, commands);
  return 0;
}

}  // namespace
}  // namespace usher::router

int main(int argc, char** argv) { return usher::router::Main(argc, argv); }
